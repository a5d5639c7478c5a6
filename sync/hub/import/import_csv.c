/* One engine for all tables: the header row is matched with the table's columns, each cell is put by its column's kind,
 * and the row becomes a record. A cell that cannot be understood is told and left out; a row without what is required
 * is told and skipped. */
#include "sync/hub/import/import_csv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/sql.h"
#include "kiosk/base/text.h"

/* Other headers, and the columns they may mean: the first that the table has. */
static const struct {
    const char *header, *columns[3];
} csv_synonyms[] = {
    {"название", {"name", "title", NULL}},
    {"описание", {"description", "summary", "text"}},
    {"адрес", {"address", NULL, NULL}},
    {"город", {"city", NULL, NULL}},
    {"телефон", {"phone", NULL, NULL}},
    {"почта", {"email", NULL, NULL}},
    {"сайт", {"url", NULL, NULL}},
    {"ссылка", {"url", NULL, NULL}},
    {"дата", {"start", "deadline", "until"}},
    {"начало", {"start", NULL, NULL}},
    {"время", {"time", NULL, NULL}},
    {"конец", {"end", NULL, NULL}},
    {"темы", {"topics", NULL, NULL}},
    {"тема", {"topics", NULL, NULL}},
    {"место", {"place", NULL, NULL}},
    {"сообщество", {"community", NULL, NULL}},
    {"организатор", {"community", "organizer", NULL}},
    {"мест", {"seats", NULL, NULL}},
    {"места", {"seats", NULL, NULL}},
    {"цена", {"price", NULL, NULL}},
    {"возраст", {"age", NULL, NULL}},
    {"язык", {"language", NULL, NULL}},
    {"языки", {"languages", NULL, NULL}},
    {"статус", {"status", NULL, NULL}},
    {"срок", {"deadline", "until", NULL}},
    {"вопросы", {"questions", NULL, NULL}},
    {"текст", {"body", "text", NULL}},
    {"кратко", {"summary", NULL, NULL}},
    {"тип", {"type", NULL, NULL}},
    {"широта", {"latitude", NULL, NULL}},
    {"долгота", {"longitude", NULL, NULL}},
    {"регион", {"region", NULL, NULL}},
    {"аудитория", {"audience", NULL, NULL}},
    {"номер", {"id", NULL, NULL}},
    {"код", {"id", NULL, NULL}},
    {"телеграм", {"telegram", NULL, NULL}},
    {"вк", {"vk", NULL, NULL}},
    {"повтор", {"rrule", NULL, NULL}},
    {"дни", {"days", NULL, NULL}},
    {"правила", {"rules", "conditions", NULL}},
    {"когда", {"when", NULL, NULL}},
    {"условия", {"conditions", NULL, NULL}},
    {"встречи", {"meets", NULL, NULL}},
    {"вступить", {"joining", NULL, NULL}},
    {"подать", {"applying", NULL, NULL}},
    {"организатор", {"organizer", NULL, NULL}},
    {"похожие", {"related", NULL, NULL}},
    /* schema.org, HSDS */
    {"startDate", {"start", NULL, NULL}},
    {"endDate", {"end", NULL, NULL}},
    {"eventStatus", {"status", NULL, NULL}},
    {"maximumAttendeeCapacity", {"seats", NULL, NULL}},
    {"eventAttendanceMode", {"online", NULL, NULL}},
    {"location", {"place", "address", NULL}},
    {"location.name", {"place", NULL, NULL}},
    {"location.address.addressLocality", {"city", NULL, NULL}},
    {"address.streetAddress", {"address", NULL, NULL}},
    {"address.addressLocality", {"city", NULL, NULL}},
    {"addressLocality", {"city", NULL, NULL}},
    {"addressRegion", {"region", NULL, NULL}},
    {"organizerName", {"organizer", "community", NULL}},
    {"provider", {"community", NULL, NULL}},
    {"organizer", {"community", NULL, NULL}},
    {"telephone", {"phone", NULL, NULL}},
    {"website", {"url", NULL, NULL}},
    {"sameAs", {"url", NULL, NULL}},
    {"typicalAgeRange", {"age", NULL, NULL}},
    {"availableLanguage", {"languages", NULL, NULL}},
    {"inLanguage", {"language", NULL, NULL}},
    {"about", {"topics", NULL, NULL}},
    {"validThrough", {"deadline", "until", NULL}},
    {"articleBody", {"body", NULL, NULL}},
    {"callType", {"type", NULL, NULL}},
    {"resourceType", {"type", NULL, NULL}},
    {"headline", {"title", NULL, NULL}},
    {"name", {"title", NULL, NULL}},
    {"description", {"summary", "text", NULL}},
};

/* ---- the header row */

static int csv_find_column(const struct csv_table *t, const char *name)
{
    for (int i = 0; t->columns[i].name != NULL; i++) {
        if (strcasecmp(t->columns[i].name, name) == 0)
            return i;
    }
    return -1;
}

static int csv_find_synonym(const struct csv_table *t, const char *name)
{
    char wanted[64], have[64];
    text_fold(wanted, sizeof wanted, name);
    for (size_t i = 0; i < sizeof csv_synonyms / sizeof csv_synonyms[0]; i++) {
        text_fold(have, sizeof have, csv_synonyms[i].header);
        for (int k = 0; k < 3 && csv_synonyms[i].columns[k] != NULL && strcmp(wanted, have) == 0; k++) {
            int at = csv_find_column(t, csv_synonyms[i].columns[k]);
            if (at >= 0)
                return at;
        }
    }
    return -1;
}

static int csv_find_header(const struct csv_table *t, const char *name)
{
    int at = csv_find_column(t, name);
    return at >= 0 ? at : csv_find_synonym(t, name);
}

/* "title_en": the column and the language behind the last underscore. */
static int csv_find_translation(const struct csv_table *t, const char *name, char lang[3])
{
    char base[64];
    const char *mark = strrchr(name, '_');
    if (mark == NULL || strlen(mark) != 3 || !isalpha((unsigned char)mark[1]) || !isalpha((unsigned char)mark[2]) ||
        (size_t)(mark - name) >= sizeof base)
        return -1;
    snprintf(base, sizeof base, "%.*s", (int)(mark - name), name);
    int at = csv_find_header(t, base);
    if (at < 0 || !t->columns[at].translated)
        return -1;
    lang[0] = (char)tolower((unsigned char)mark[1]);
    lang[1] = (char)tolower((unsigned char)mark[2]);
    lang[2] = '\0';
    return at;
}

static void csv_read_header(struct csv_import *c)
{
    for (int i = 0; i < c->csv.count; i++) {
        char name[64];
        text_sanitize(name, sizeof name, csv_field(&c->csv, i), strlen(csv_field(&c->csv, i)), TEXT_LINE);
        *c->lang[i] = '\0';
        c->column[i] = csv_find_header(c->table, name);
        if (c->column[i] < 0)
            c->column[i] = csv_find_translation(c->table, name, c->lang[i]);
        for (int k = 0; k < i && c->column[i] >= 0; k++) {
            if (c->column[k] == c->column[i] && strcmp(c->lang[k], c->lang[i]) == 0 &&
                c->table->columns[c->column[k]].kind != CSV_URL)
                c->column[i] = -1;
        }
        if (c->column[i] < 0 && *name != '\0' && name[strcspn(name, "@.")] == '\0')
            import_tell(c->im, c->csv.line, "column \"%s\" is not known and left out", name);
    }
    for (int i = c->csv.count; i < CSV_COLUMNS; i++)
        c->column[i] = -1;
}

static enum err csv_check_header(struct csv_import *c, struct error *e)
{
    for (int k = 0; c->table->columns[k].name != NULL; k++) {
        bool there = !c->table->columns[k].required;
        for (int i = 0; i < CSV_COLUMNS && !there; i++)
            there = c->column[i] == k && *c->lang[i] == '\0';
        if (!there)
            return error_set(e, ERR_INVALID, "%s: the column \"%s\" is missing", c->im->file,
                             c->table->columns[k].name);
    }
    return ERR_NONE;
}

/* ---- cells */

static const char *csv_cell_in(const struct csv_import *c, int column, const char *lang)
{
    for (int i = 0; i < CSV_COLUMNS; i++) {
        if (c->column[i] == column && strcmp(c->lang[i], lang) == 0)
            return csv_field(&c->csv, i) + strspn(csv_field(&c->csv, i), " \t\n");
    }
    return "";
}

const char *csv_cell(const struct csv_import *c, const char *column)
{
    return csv_cell_in(c, csv_find_column(c->table, column), "");
}

/* ---- rows */

/* Texts in other languages: translations {"en": {"name": ..}}. */
static void csv_put_translations(struct csv_import *c, struct json *d)
{
    struct json *all = json_new_object();
    for (int i = 0; i < CSV_COLUMNS; i++) {
        const char *lang = c->lang[i];
        bool first = c->column[i] >= 0 && *lang != '\0';
        for (int k = 0; k < i && first; k++)
            first = strcmp(c->lang[k], lang) != 0;
        if (!first)
            continue;
        struct json *texts = json_new_object();
        for (int k = i; k < CSV_COLUMNS; k++) {
            const struct csv_column *col = c->column[k] < 0 ? NULL : &c->table->columns[c->column[k]];
            if (col != NULL && strcmp(c->lang[k], lang) == 0)
                content_put(texts, col->member, csv_field(&c->csv, k), col->max,
                            col->kind == CSV_LINES ? TEXT_LINES : TEXT_LINE);
        }
        if (json_first(texts) != NULL)
            json_put(all, lang, texts);
        else
            json_free(texts);
    }
    if (json_first(all) != NULL)
        json_put(d, "translations", all);
    else
        json_free(all);
}

static void csv_put_language(struct csv_import *c, struct json *d)
{
    const char *lang = csv_cell(c, "language");
    bool good = islower((unsigned char)lang[0]) && islower((unsigned char)lang[1]) && lang[2] == '\0';
    if (!good && *lang != '\0')
        import_tell(c->im, c->csv.line, "language: \"%s\" is no two-letter code; ru is taken", lang);
    json_put_str(d, "inLanguage", good ? lang : "ru");
}

static enum err csv_put_one(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell,
                            struct error *e)
{
    bool good = true;
    enum err code = *cell == '\0' ? ERR_NONE : csv_put_cell(c, d, col, cell, &good, e);
    if (code == ERR_NONE && !good)
        import_tell(c->im, c->csv.line, "%s: \"%.60s\" is not understood and left out", col->name, cell);
    return code;
}

/* Addresses may stand in several columns: one's own, those of other sites. */
static enum err csv_put_addresses(struct csv_import *c, struct json *d, int column, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; i < c->csv.count && code == ERR_NONE; i++)
        if (c->column[i] == column)
            code = csv_put_one(c, d, &c->table->columns[column], csv_field(&c->csv, i), e);
    return code;
}

static enum err csv_put_row(struct csv_import *c, struct json *d, struct error *e)
{
    enum err code = ERR_NONE;
    for (int i = 0; c->table->columns[i].name != NULL && code == ERR_NONE; i++) {
        const struct csv_column *col = &c->table->columns[i];
        const char *cell = csv_cell_in(c, i, "");
        if (*cell == '\0' && col->required)
            return error_set(e, ERR_INVALID, "%s is empty", col->name);
        if (col->kind == CSV_LANGUAGE)
            csv_put_language(c, d);
        code = col->kind == CSV_URL ? csv_put_addresses(c, d, i, e) : csv_put_one(c, d, col, cell, e);
    }
    if (code != ERR_NONE)
        return code;
    csv_put_translations(c, d);
    return json_get(d, "name") != NULL ? ERR_NONE : error_set(e, ERR_INVALID, "the name is empty");
}

static enum err csv_put_record(struct csv_import *c, const char *uid, struct error *e)
{
    struct json *d = json_new_object();
    char *ics = NULL;
    enum record_change change = RECORD_UNCHANGED;
    enum err code = csv_put_row(c, d, e);
    if (code == ERR_NONE && c->table->finish != NULL)
        code = c->table->finish(c, uid, d, &ics, e);
    struct record_in in = {.source = c->im->source,
                           .source_name = c->im->source_name,
                           .kind = c->table->kind,
                           .uid = uid,
                           .d = d,
                           .ics = ics};
    if (code == ERR_NONE)
        code = record_put(&c->im->records, &in, &change, e);
    if (code == ERR_NONE) {
        import_counted(c->im, change);
        c->usable++;
    }
    free(ics);
    json_free(d);
    return code;
}

/* Whether the id stood in an earlier row; else it is noted. */
static enum err csv_seen_before(struct csv_import *c, const char *uid, bool *before, struct error *e)
{
    char id[64];
    struct record_in in = {.source_name = c->im->source_name, .kind = c->table->kind, .uid = uid};
    record_id(&in, id);
    struct sql_stmt *st = sql_get(c->im->records.hub->db, "SELECT 1 FROM seen WHERE id = :id");
    sql_bind_text(st, ":id", id);
    enum err code = sql_step(st, before, e);
    if (code == ERR_NONE && *before)
        sql_reset(st);
    return code == ERR_NONE && !*before ? record_keep(&c->im->records, &in, e) : code;
}

static bool csv_is_row_fault(enum err code)
{
    return code == ERR_INVALID || code == ERR_TOO_BIG || code == ERR_TIMEOUT || code == ERR_CORRUPT;
}

static enum err csv_on_row(struct csv_import *c, struct error *e)
{
    char uid[CONTENT_NAME + 1];
    bool before = false;
    struct error why = {0};
    if (c->csv.fault != NULL) {
        import_skip(c->im, c->csv.line, "%s", c->csv.fault);
        c->broken = true;
        return ERR_NONE;
    }
    const char *cell = csv_cell(c, "id");
    text_sanitize(uid, sizeof uid, cell, strlen(cell), TEXT_LINE);
    if (*uid == '\0') {
        import_skip(c->im, c->csv.line, "id is empty");
        return ERR_NONE;
    }
    enum err code = csv_seen_before(c, uid, &before, e);
    if (code == ERR_NONE && before) {
        import_skip(c->im, c->csv.line, "id \"%s\" stood in an earlier row", uid);
        return ERR_NONE;
    }
    if (code != ERR_NONE)
        return code;
    code = csv_put_record(c, uid, &why);
    if (code != ERR_NONE && !csv_is_row_fault(code)) {
        if (e != NULL)
            *e = why;
        return code;
    }
    if (code != ERR_NONE)
        import_skip(c->im, c->csv.line, "%s", why.text);
    return ERR_NONE;
}

static enum err csv_read_rows(struct csv_import *c, struct error *e)
{
    enum err code = csv_check_header(c, e);
    int rows = 0;
    while (code == ERR_NONE && csv_next(&c->csv)) {
        rows++;
        code = csv_on_row(c, e);
    }
    if (code == ERR_NONE && rows > 0 && c->usable == 0)
        code = error_set(e, ERR_INVALID, "%s: none of its %d rows can be used", c->im->file, rows);
    return code;
}

static const struct csv_table *csv_find_table(const char *what)
{
    for (const struct csv_table *t = csv_tables; t->name != NULL; t++) {
        if (strcmp(t->name, what) == 0)
            return t;
    }
    return NULL;
}

const char *import_csv_kind(const char *what)
{
    const struct csv_table *t = csv_find_table(what);
    return t == NULL ? NULL : t->kind;
}

enum err import_csv(struct import *im, const char *what, const struct buf *bytes, bool *complete, struct error *e)
{
    struct csv_import *c = mem_new(1, sizeof *c);
    *c = (struct csv_import){.im = im, .table = csv_find_table(what)};
    enum err code = ERR_NONE;
    struct error why = {0};
    if (c->table == NULL)
        code = error_set(e, ERR_USAGE, "no table \"%s\"", what);
    else if (im->json)
        code = csv_open_json(&c->csv, bytes->data, bytes->len, IMPORT_JSON_MAX, &why)
                   ? ERR_NONE
                   : error_set(e, ERR_INVALID, "%s: %s", im->file, why.text);
    else if (!csv_open(&c->csv, bytes->data, bytes->len, (size_t)2 * IMPORT_FILE_MAX))
        code = error_set(e, ERR_TOO_BIG, "%s: too long", im->file);
    if (code == ERR_NONE && (!csv_next(&c->csv) || c->csv.fault != NULL))
        code = error_set(e, ERR_INVALID, "%s: no header row", im->file);
    if (code == ERR_NONE) {
        csv_read_header(c);
        code = csv_read_rows(c, e);
    }
    *complete = !c->broken;
    if (code == ERR_NONE && c->broken)
        import_tell(im, 0, "rows could not be told apart; nothing is withdrawn");
    csv_close(&c->csv);
    free(c);
    return code;
}
