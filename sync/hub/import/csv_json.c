/* A table out of JSON: one row for each object, one column for each member that any of them has. What lies inside an
 * object is a column "outer.inner", of translations {"en": {"name": ..}} a column "name_en"; lists are written with
 * commas between. So that whatever comes as JSON goes through the same door as what comes as a table. */
#include "sync/hub/import/csv.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/json.h"

enum { CSV_JSON_NAME = 64, CSV_JSON_DEPTH = 3 };

/* ---- rows */

/* An RPDE page wraps its items: {"state": "updated", "id": .., "data": {..}}. */
static const struct json *csv_json_inner(const struct json *item)
{
    const struct json *data = json_get(item, "data");
    return json_is_object(data) ? data : item;
}

static bool csv_json_is_deleted(const struct json *item) { return strcmp(json_str(item, "state", ""), "deleted") == 0; }

/* [..], {"items": [..]} (RPDE), {"contents": [..]} (HSDS), or one object. */
static const struct json *csv_json_list(const struct json *tree)
{
    static const char *const names[] = {"items", "contents", "@graph"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (json_is_array(json_get(tree, names[i])))
            return json_get(tree, names[i]);
    return tree;
}

/* ---- columns */

static void csv_json_add_name(struct csv *c, const char *name)
{
    for (int i = 0; i < c->names; i++)
        if (strcmp(c->cells.data + c->name[i], name) == 0)
            return;
    if (c->names == CSV_COLUMNS)
        return;
    c->name[c->names++] = c->cells.len;
    buf_add(&c->cells, name, strlen(name) + 1);
}

/* outer "" for the members of the item itself; with "translations.en" the member's name gets the language behind it. */
static bool csv_json_name(char out[CSV_JSON_NAME], const char *outer, const char *name)
{
    static const char words[] = "translations.";
    size_t n = strlen(words);
    int made;
    if (strncmp(outer, words, n) == 0)
        made = snprintf(out, CSV_JSON_NAME, "%s_%s", name, outer + n);
    else
        made = snprintf(out, CSV_JSON_NAME, "%s%s%s", outer, *outer ? "." : "", name);
    return made > 0 && made < CSV_JSON_NAME;
}

/* Members that are no objects first: should there be too many columns, these are kept. */
static void csv_json_find_names(struct csv *c, const struct json *object, const char *outer, int depth)
{
    char name[CSV_JSON_NAME];
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m))
        if (csv_json_name(name, outer, json_name(m)) && strcmp(name, "translations") != 0)
            csv_json_add_name(c, name);
    for (const struct json *m = json_first(object); m != NULL && depth < CSV_JSON_DEPTH; m = json_next(m))
        if (json_is_object(m) && csv_json_name(name, outer, json_name(m)))
            csv_json_find_names(c, m, name, depth + 1);
}

bool csv_open_json(struct csv *c, const char *bytes, size_t n, size_t max, struct error *e)
{
    *c = (struct csv){.fault = NULL};
    buf_init(&c->text, 1);
    buf_init(&c->cells, (size_t)2 * 1024 * 1024);
    if (json_parse(&c->tree, bytes, n, max, e) != ERR_NONE)
        return false;
    const struct json *list = csv_json_list(c->tree);
    c->item = json_is_array(list) ? json_first(list) : list;
    for (const struct json *i = c->item; i != NULL; i = json_is_array(list) ? json_next(i) : NULL) {
        csv_json_add_name(c, "id");
        csv_json_find_names(c, csv_json_inner(i), "", 1);
    }
    return true;
}

/* ---- cells */

static void csv_json_write(struct buf *out, const struct json *value)
{
    static const char site[] = "https://schema.org/";
    const char *text = json_value_str(value, NULL);
    if (text != NULL) {
        buf_add_str(out, strncmp(text, site, strlen(site)) == 0 ? text + strlen(site) : text);
    } else if (json_is_object(value)) {
        buf_add_str(out, json_str(value, "name", json_str(value, "prefLabel", "")));
    } else if (json_is_array(value)) {
        for (const struct json *m = json_first(value); m != NULL; m = json_next(m)) {
            buf_add_str(out, m == json_first(value) ? "" : ", ");
            if (!json_is_array(m))
                csv_json_write(out, m);
        }
    } else if (!json_is_null(value)) {
        json_write(value, out); /* a number, true, false */
    }
}

/* The cell of a column's name: the member of that name at the end of its path. */
static const struct json *csv_json_find(const struct json *object, const char *outer, const char *wanted, int depth)
{
    char name[CSV_JSON_NAME];
    for (const struct json *m = json_first(object); m != NULL; m = json_next(m)) {
        if (!csv_json_name(name, outer, json_name(m)))
            continue;
        if (strcmp(name, wanted) == 0)
            return m;
        const struct json *deeper = NULL;
        if (json_is_object(m) && depth < CSV_JSON_DEPTH)
            deeper = csv_json_find(m, name, wanted, depth + 1);
        if (deeper != NULL)
            return deeper;
    }
    return NULL;
}

static void csv_json_header(struct csv *c)
{
    c->count = c->names;
    for (int i = 0; i < c->count; i++)
        c->offset[i] = c->name[i];
    c->header_given = true;
}

static void csv_json_row(struct csv *c, const struct json *item)
{
    const struct json *inner = csv_json_inner(item);
    c->cells.len = c->name[c->names - 1] + strlen(c->cells.data + c->name[c->names - 1]) + 1;
    c->cells.overflow = false;
    for (int i = 0; i < c->names; i++) {
        const char *name = c->cells.data + c->name[i];
        const struct json *value = csv_json_find(inner, "", name, 1);
        if (value == NULL && strcmp(name, "id") == 0)
            value = json_get(item, "id");
        c->offset[i] = c->cells.len;
        if (value != NULL)
            csv_json_write(&c->cells, value);
        buf_add_char(&c->cells, '\0');
    }
    c->count = c->names;
}

bool csv_json_next(struct csv *c)
{
    if (c->names == 0)
        return false;
    if (!c->header_given) {
        csv_json_header(c);
        return true;
    }
    while (c->item != NULL) {
        const struct json *item = c->item;
        c->item = item == c->tree ? NULL : json_next(item);
        c->line++;
        c->count = 0;
        c->fault = json_is_object(item) ? NULL : "is no object";
        if (c->fault == NULL && !csv_json_is_deleted(item))
            csv_json_row(c, item);
        if (c->cells.overflow)
            c->fault = "is too long";
        if (c->fault != NULL || c->count > 0)
            return true;
    }
    return false;
}
