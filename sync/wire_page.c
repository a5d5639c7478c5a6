/* Pages, tails, indexes and their names. */
#include "sync/wire_page.h"

#include <stdio.h>
#include <string.h>

#include "sync/wire_field.h"

/* ---- names */

void wire_head_path(char out[WIRE_PATH], const char *scope) { snprintf(out, WIRE_PATH, "/v1/feed/%s/head", scope); }

void wire_tail_path(char out[WIRE_PATH], const char *scope, int64_t epoch, int64_t after)
{
    snprintf(out, WIRE_PATH, "/v1/feed/%s/%lld/tail?after=%lld", scope, (long long)epoch, (long long)after);
}

void wire_file_path(char out[WIRE_PATH], const char *scope, int64_t epoch, enum wire_file what, int64_t n,
                    const char *hash)
{
    snprintf(out, WIRE_PATH, "/v1/feed/%s/%lld/%s/%lld-%.16s.zst", scope, (long long)epoch,
             what == WIRE_PAGE ? "page" : "index", (long long)n, hash);
}

void wire_snapshot_path(char out[WIRE_PATH], const char *scope, int64_t epoch, const struct wire_snapshot *s)
{
    snprintf(out, WIRE_PATH, "/v1/feed/%s/%lld/%s", scope, (long long)epoch, s->path);
}

bool wire_file_name_read(const char *name, int64_t *n, char hash16[WIRE_HASH16 + 1])
{
    size_t digits = strspn(name, "0123456789");
    if (digits == 0 || digits > 12 || (name[0] == '0' && digits > 1))
        return false;
    *n = 0;
    for (size_t i = 0; i < digits; i++)
        *n = *n * 10 + (name[i] - '0');
    name += digits;
    if (name[0] != '-' || strspn(name + 1, "0123456789abcdef") != WIRE_HASH16)
        return false;
    memcpy(hash16, name + 1, WIRE_HASH16);
    hash16[WIRE_HASH16] = '\0';
    return strcmp(name + 1 + WIRE_HASH16, ".zst") == 0;
}

/* ---- first lines */

void wire_page_write(const struct wire_page *p, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_int(j, "page", p->page);
    json_put_int(j, "first", p->first);
    json_put_int(j, "last", p->last);
    json_put_str(j, "prev", p->prev);
    wire_put_line(j, out);
}

void wire_tail_write(const struct wire_tail *t, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_int(j, "tail", t->after);
    json_put_int(j, "epoch", t->epoch);
    json_put_int(j, "last", t->last);
    wire_put_line(j, out);
}

static enum err wire_first_line(struct wire_in *in, struct json **root, const char *bytes, size_t n, size_t *pos,
                                struct error *e)
{
    struct wire_line line;
    *pos = 0;
    *root = NULL;
    if (!wire_next_line(bytes, n, pos, &line))
        return error_set(e, ERR_INVALID, "an empty page");
    enum err err = wire_in_open(in, root, line.s, line.n, WIRE_SMALL_MAX, e);
    if (!err)
        wire_in_int(in, "v", 1, 1);
    return err;
}

enum err wire_page_parse(struct wire_page *out, const char *bytes, size_t n, size_t *pos, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_page){0};
    enum err err = wire_first_line(&in, &root, bytes, n, pos, e);
    if (err)
        return err;
    out->page = wire_in_int(&in, "page", 1, JSON_INT_MAX);
    out->first = wire_in_int(&in, "first", 1, JSON_INT_MAX);
    out->last = wire_in_int(&in, "last", out->first, JSON_INT_MAX);
    wire_in_str(&in, "prev", out->prev, sizeof out->prev, wire_ok_hash);
    err = wire_in_close(&in, "page", e);
    json_free(root);
    return err;
}

enum err wire_tail_parse(struct wire_tail *out, const char *bytes, size_t n, size_t *pos, struct error *e)
{
    struct wire_in in;
    struct json *root;
    *out = (struct wire_tail){0};
    enum err err = wire_first_line(&in, &root, bytes, n, pos, e);
    if (err)
        return err;
    out->after = wire_in_int(&in, "tail", 0, JSON_INT_MAX);
    out->epoch = wire_in_int(&in, "epoch", 1, UINT32_MAX);
    out->last = wire_in_int(&in, "last", out->after, JSON_INT_MAX);
    err = wire_in_close(&in, "tail", e);
    json_free(root);
    return err;
}

/* ---- items */

void wire_item_write(struct buf *out, int64_t seq, const char *kind, const char *id, const char *d)
{
    buf_addf(out, "{\"seq\":%lld,\"k\":\"%s\",\"id\":\"%s\",\"op\":\"%s\"", (long long)seq, kind, id,
             d ? "put" : "del");
    if (d) {
        buf_add_str(out, ",\"d\":");
        buf_add_str(out, d);
    }
    buf_add_char(out, '}');
}

enum err wire_item_parse(struct wire_item *out, const char *line, size_t n, struct error *e)
{
    struct wire_in in;
    *out = (struct wire_item){0};
    enum err err = wire_in_open(&in, &out->json, line, n, WIRE_ITEM_MAX, e);
    if (err)
        return err;
    out->seq = wire_in_int(&in, "seq", 1, JSON_INT_MAX);
    wire_in_str(&in, "k", out->kind, sizeof out->kind, wire_ok_word);
    wire_in_str(&in, "id", out->id, sizeof out->id, wire_ok_word);
    const char *op = json_str(out->json, "op", "");
    out->put = strcmp(op, "put") == 0;
    if (!out->put && strcmp(op, "del") != 0 && !in.bad)
        in.bad = "op";
    out->d = json_get(out->json, "d");
    if (out->put && !json_is_object(out->d) && !in.bad)
        in.bad = "d";
    err = wire_in_close(&in, "item", e);
    if (err)
        wire_item_done(out);
    return err;
}

void wire_item_done(struct wire_item *it)
{
    json_free(it->json);
    it->json = NULL;
    it->d = NULL;
}

/* ---- indexes */

void wire_index_write(const struct wire_index *x, struct buf *out)
{
    struct json *j = json_new_object();
    json_put_int(j, "v", 1);
    json_put_int(j, "index", x->n);
    json_put_str(j, "prev", x->prev);
    wire_put_line(j, out);
    for (int i = 0; i < x->count; i++)
        buf_addf(out, "\"%s\"\n", x->hash[i]);
}

static bool wire_index_hash(char out[WIRE_HEX + 1], const struct wire_line *line)
{
    if (line->n != WIRE_HEX + 2 || line->s[0] != '"' || line->s[WIRE_HEX + 1] != '"')
        return false;
    memcpy(out, line->s + 1, WIRE_HEX);
    out[WIRE_HEX] = '\0';
    return wire_is_hash(out);
}

enum err wire_index_parse(struct wire_index *out, const char *bytes, size_t n, struct error *e)
{
    struct wire_in in;
    struct json *root;
    struct wire_line line;
    size_t pos;
    out->count = 0;
    enum err err = wire_first_line(&in, &root, bytes, n, &pos, e);
    if (err)
        return err;
    out->n = wire_in_int(&in, "index", 0, JSON_INT_MAX);
    wire_in_str(&in, "prev", out->prev, sizeof out->prev, wire_ok_hash);
    while (!in.bad && wire_next_line(bytes, n, &pos, &line))
        if (out->count == WIRE_INDEX_PAGES || !wire_index_hash(out->hash[out->count++], &line))
            in.bad = "page hash";
    if (!out->count && !in.bad)
        in.bad = "page hash";
    err = wire_in_close(&in, "index", e);
    json_free(root);
    return err;
}
