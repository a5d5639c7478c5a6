/* Topics are read once per run; references are asked for one by one. */
#include "sync/hub/import/content.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/sql.h"

/* The words PROTOCOL.md section 8 gives topics: known before any file of topics was imported. */
static const char *const content_words[] = {"health", "education",  "inclusion", "employment", "ecology", "culture",
                                            "sport",  "neighbours", "children",  "elderly",    "it"};

struct content_topic_row {
    char id[64], name[256]; /* name folded */
};

struct content_topics {
    struct content_topic_row *rows;
    int count;
};

void content_put(struct json *d, const char *name, const char *value, size_t max, enum text_flags flags)
{
    char *clean = text_dup_clean(value, strlen(value), max, flags);
    if (*clean != '\0')
        json_put_str(d, name, clean);
    free(clean);
}

bool content_is_url(const char *value)
{
    const char *rest = strncasecmp(value, "https://", 8) == 0  ? value + 8
                       : strncasecmp(value, "http://", 7) == 0 ? value + 7
                                                               : NULL;
    if (rest == NULL || !(isalnum((unsigned char)*rest) || (unsigned char)*rest >= 0x80) ||
        strlen(value) > CONTENT_TEXT)
        return false;
    for (; *rest != '\0'; rest++) {
        if ((unsigned char)*rest <= ' ' || strchr("\"<>\\^`{|}", *rest) != NULL)
            return false;
    }
    return true;
}

bool content_put_url(struct json *d, const char *name, const char *value)
{
    char clean[CONTENT_TEXT + 1], full[CONTENT_TEXT + 16];
    text_sanitize(clean, sizeof clean, value, strlen(value), TEXT_LINE);
    if (*clean == '\0')
        return true;
    bool bare = strstr(clean, "://") == NULL && strchr(clean, '.') != NULL && strchr(clean, '@') == NULL;
    snprintf(full, sizeof full, "%s%s", bare ? "https://" : "", clean);
    if (!content_is_url(full))
        return false;
    json_put_str(d, name, full);
    return true;
}

const char *content_language(const char *text)
{
    size_t n = strlen(text);
    while (n > 0) {
        uint32_t cp;
        size_t used = text_decode(text, n, &cp);
        if (cp >= 0x0400 && cp <= 0x04FF)
            return "ru";
        text += used;
        n -= used;
    }
    return NULL;
}

/* ---- topics */

static void content_topic_add(struct content_topics *t, const char *id, const char *name)
{
    if (t->count % 32 == 0)
        t->rows = mem_resize(t->rows, (size_t)t->count + 32, sizeof *t->rows);
    struct content_topic_row *row = &t->rows[t->count++];
    snprintf(row->id, sizeof row->id, "%s", id);
    text_fold(row->name, sizeof row->name, name);
}

enum err content_topics_load(struct content_topics **out, struct records *r, struct error *e)
{
    struct content_topics *t = mem_new(1, sizeof *t);
    struct sql_stmt *st =
        sql_get(r->hub->db, "SELECT id, name, d FROM record WHERE kind = 'topic' AND live = 1 ORDER BY id");
    bool row = false;
    enum err code;
    while ((code = sql_step(st, &row, e)) == ERR_NONE && row && t->count < 1000) {
        struct json *d = NULL;
        const char *text = sql_text(st, 2);
        content_topic_add(t, sql_text(st, 0), sql_text(st, 1));
        if (json_parse(&d, text, strlen(text), (size_t)256 * 1024, NULL) == ERR_NONE) {
            for (const struct json *l = json_first(json_get(d, "translations")); l != NULL; l = json_next(l))
                content_topic_add(t, sql_text(st, 0), json_str(l, "name", ""));
        }
        json_free(d);
    }
    sql_reset(st);
    for (size_t i = 0; i < sizeof content_words / sizeof content_words[0]; i++)
        content_topic_add(t, content_words[i], content_words[i]);
    *out = t;
    if (code != ERR_NONE) {
        content_topics_free(t);
        *out = NULL;
    }
    return code;
}

void content_topics_free(struct content_topics *t)
{
    if (t == NULL)
        return;
    free(t->rows);
    free(t);
}

const char *content_topic(const struct content_topics *t, const char *name)
{
    char folded[256];
    text_fold(folded, sizeof folded, name);
    for (int i = 0; i < t->count && *folded != '\0'; i++) {
        if (strcmp(t->rows[i].name, folded) == 0 || strcasecmp(t->rows[i].id, name) == 0)
            return t->rows[i].id;
    }
    return NULL;
}

void content_add_topic(struct json *d, const char *id)
{
    const struct json *about = json_get(d, "about");
    if (about == NULL) {
        struct json *list = json_new_array();
        json_put_str(list, NULL, id);
        json_put(d, "about", list);
        return;
    }
    if (json_count(about) >= CONTENT_TOPICS)
        return;
    for (const struct json *j = json_first(about); j != NULL; j = json_next(j)) {
        if (strcmp(json_value_str(j, ""), id) == 0)
            return;
    }
    json_put_str((struct json *)about, NULL, id); /* borrowed from d, which is ours to change */
}

/* ---- references */

static enum err content_take(struct sql_stmt *st, struct content_ref *out, struct error *e)
{
    bool row = false;
    enum err code = sql_step(st, &row, e);
    if (code != ERR_NONE || !row)
        return code;
    const char *d = sql_text(st, 1);
    snprintf(out->id, sizeof out->id, "%s", sql_text(st, 0));
    code = json_parse(&out->d, d, strlen(d), (size_t)256 * 1024, e);
    sql_reset(st);
    return code;
}

enum err content_find(struct records *r, const char *kind, int64_t source, const char *uid, struct content_ref *out,
                      struct error *e)
{
    *out = (struct content_ref){0};
    struct sql_stmt *st = sql_get(r->hub->db, "SELECT id, d FROM record WHERE kind = :kind AND uid = :uid AND live = 1 "
                                              "ORDER BY source <> :source, id LIMIT 1");
    sql_bind_text(st, ":kind", kind);
    sql_bind_text(st, ":uid", uid);
    sql_bind_int(st, ":source", source);
    enum err code = content_take(st, out, e);
    if (code != ERR_NONE || *out->id != '\0')
        return code;
    st = sql_get(r->hub->db, "SELECT id, d FROM record WHERE kind = :kind AND name = :name AND live = 1 "
                             "ORDER BY source <> :source, id LIMIT 1");
    sql_bind_text(st, ":kind", kind);
    sql_bind_text(st, ":name", uid);
    sql_bind_int(st, ":source", source);
    return content_take(st, out, e);
}
