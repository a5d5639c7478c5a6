/* JSON values: cJSON's tree, behind readers that never fail and a writer that is exact. */
#include "kiosk/base/json.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/json_check.h"
#include "kiosk/base/text.h"

/* struct json is never defined: it is the outside's name for a cJSON. */
static const cJSON *json_in(const struct json *j) { return (const cJSON *)j; }
static cJSON *json_in_mutable(struct json *j) { return (cJSON *)j; }
static struct json *json_out(cJSON *c) { return (struct json *)c; }
static const struct json *json_out_const(const cJSON *c) { return (const struct json *)c; }

enum { JSON_SMALL_OBJECT = 16 };

/* ---- duplicate names */

static int json_compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Large objects by sorting, so that a hostile one costs n log n. */
static const char *json_duplicate_large(const cJSON *object, size_t count)
{
    const char **names = mem_new(count, sizeof *names);
    const char *found = NULL;
    size_t n = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        names[n++] = c->string;
    qsort(names, n, sizeof *names, json_compare_names);
    for (size_t i = 1; i < n && !found; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            found = names[i];
    free(names);
    return found;
}

static const char *json_duplicate_here(const cJSON *object)
{
    size_t count = 0;
    for (const cJSON *c = object->child; c; c = c->next)
        count++;
    if (count > JSON_SMALL_OBJECT)
        return json_duplicate_large(object, count);
    for (const cJSON *a = object->child; a; a = a->next)
        for (const cJSON *b = a->next; b; b = b->next)
            if (strcmp(a->string, b->string) == 0)
                return a->string;
    return NULL;
}

/* A name that occurs twice in one object anywhere below; the depth is bounded by json_check. */
static const char *json_duplicate(const cJSON *value)
{
    const char *found = cJSON_IsObject(value) ? json_duplicate_here(value) : NULL;
    for (const cJSON *c = value->child; c && !found; c = c->next)
        found = json_duplicate(c);
    return found;
}

/* ---- parsing */

enum err json_parse(struct json **out, const char *bytes, size_t n, size_t max, struct error *e)
{
    *out = NULL;
    if (n > max)
        return error_set(e, ERR_TOO_BIG, "JSON of %zu bytes, at most %zu are taken", n, max);
    enum err code = json_check(bytes, n, e);
    if (code)
        return code;
    cJSON *root = cJSON_ParseWithLength(bytes, n);
    if (!root)
        return error_set(e, ERR_MEMORY, "no memory for JSON of %zu bytes", n);
    const char *twice = json_duplicate(root);
    if (twice) {
        /* The name comes from outside: its bytes stay out of the message. */
        code = error_set(e, ERR_INVALID, "JSON: a name of %zu bytes occurs twice in one object", strlen(twice));
        cJSON_Delete(root);
        return code;
    }
    *out = json_out(root);
    return ERR_NONE;
}

void json_free(struct json *j) { cJSON_Delete(json_in_mutable(j)); }

/* ---- readers */

const struct json *json_get(const struct json *j, const char *name)
{
    return json_is_object(j) ? json_out_const(cJSON_GetObjectItemCaseSensitive(json_in(j), name)) : NULL;
}

const char *json_value_str(const struct json *j, const char *def)
{
    return cJSON_IsString(json_in(j)) ? json_in(j)->valuestring : def;
}

static bool json_is_exact(double d) { return fabs(d) <= (double)JSON_INT_MAX && d == floor(d); }

int64_t json_value_int(const struct json *j, int64_t def)
{
    const cJSON *c = json_in(j);
    return cJSON_IsNumber(c) && json_is_exact(c->valuedouble) ? (int64_t)c->valuedouble : def;
}

const char *json_str(const struct json *j, const char *name, const char *def)
{
    return json_value_str(json_get(j, name), def);
}

int64_t json_int(const struct json *j, const char *name, int64_t def) { return json_value_int(json_get(j, name), def); }

bool json_bool(const struct json *j, const char *name, bool def)
{
    const cJSON *c = json_in(json_get(j, name));
    return cJSON_IsBool(c) ? cJSON_IsTrue(c) : def;
}

bool json_is_object(const struct json *j) { return cJSON_IsObject(json_in(j)); }
bool json_is_array(const struct json *j) { return cJSON_IsArray(json_in(j)); }
bool json_is_null(const struct json *j) { return cJSON_IsNull(json_in(j)); }

size_t json_count(const struct json *j)
{
    size_t n = 0;
    for (const struct json *c = json_first(j); c; c = json_next(c))
        n++;
    return n;
}

const struct json *json_at(const struct json *j, size_t i)
{
    const struct json *c = json_first(j);
    while (c && i-- > 0)
        c = json_next(c);
    return c;
}

const struct json *json_first(const struct json *j) { return j ? json_out_const(json_in(j)->child) : NULL; }
const struct json *json_next(const struct json *j) { return j ? json_out_const(json_in(j)->next) : NULL; }
const char *json_name(const struct json *j) { return j ? json_in(j)->string : NULL; }

/* ---- builders */

static cJSON *json_made(cJSON *c)
{
    if (!c)
        die("out of memory for JSON");
    return c;
}

struct json *json_new_object(void) { return json_out(json_made(cJSON_CreateObject())); }
struct json *json_new_array(void) { return json_out(json_made(cJSON_CreateArray())); }

void json_put(struct json *j, const char *name, struct json *child)
{
    cJSON *parent = json_in_mutable(j);
    bool done;
    if (name && !cJSON_IsObject(parent))
        die("JSON: a member \"%s\" for what is no object", name);
    if (!name && !cJSON_IsArray(parent))
        die("JSON: an element for what is no array");
    if (name) {
        /* A name occurs once: the last one put counts. */
        cJSON_DeleteItemFromObjectCaseSensitive(parent, name);
        done = cJSON_AddItemToObject(parent, name, json_in_mutable(child));
    } else {
        done = cJSON_AddItemToArray(parent, json_in_mutable(child));
    }
    if (!done)
        die("out of memory for JSON");
}

void json_put_str(struct json *j, const char *name, const char *value)
{
    if (value)
        json_put(j, name, json_out(json_made(cJSON_CreateString(value))));
}

void json_put_int(struct json *j, const char *name, int64_t value)
{
    char digits[24];
    cJSON *c;
    if (value >= -JSON_INT_MAX && value <= JSON_INT_MAX) {
        c = cJSON_CreateNumber((double)value);
    } else {
        /* A double would change it; the digits go out as they are. */
        snprintf(digits, sizeof digits, "%" PRId64, value);
        c = cJSON_CreateRaw(digits);
    }
    json_put(j, name, json_out(json_made(c)));
}

void json_put_bool(struct json *j, const char *name, bool value)
{
    json_put(j, name, json_out(json_made(cJSON_CreateBool(value))));
}

void json_put_null(struct json *j, const char *name) { json_put(j, name, json_out(json_made(cJSON_CreateNull()))); }

struct json *json_dup(const struct json *j)
{
    if (!j)
        return NULL;
    cJSON *copy = json_made(cJSON_Duplicate(json_in(j), 1));
    cJSON_free(copy->string); /* no longer a member of anything */
    copy->string = NULL;
    return json_out(copy);
}

/* ---- writing */

static void json_write_char(struct buf *out, uint8_t c)
{
    static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
    for (const char *p = shorts; *p; p += 2) {
        if (*p == (char)c) {
            buf_add_char(out, '\\');
            buf_add_char(out, p[1]);
            return;
        }
    }
    buf_addf(out, "\\u%04x", c);
}

static void json_write_string(const char *s, struct buf *out)
{
    size_t left = strlen(s);
    buf_add_char(out, '"');
    while (left > 0) {
        size_t plain = json_plain(s, left);
        buf_add(out, s, plain);
        s += plain;
        left -= plain;
        if (left == 0)
            break;
        size_t used = 1;
        if ((uint8_t)*s < 0x80) {
            json_write_char(out, (uint8_t)*s);
        } else {
            uint32_t cp;
            char utf8[4];
            used = text_decode(s, left, &cp);
            buf_add(out, utf8, text_encode(cp, utf8)); /* a bad byte becomes U+FFFD */
        }
        s += used;
        left -= used;
    }
    buf_add_char(out, '"');
}

/* Integers without exponent, others with the fewest digits that read back as the same double. */
static void json_write_number(double d, struct buf *out)
{
    char text[40];
    if (json_is_exact(d)) {
        buf_addf(out, "%" PRId64, (int64_t)d);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, d);
        if (strtod(text, NULL) == d)
            break;
    }
    buf_add_str(out, text);
}

static void json_write_value(const cJSON *c, struct buf *out);

static void json_write_list(const cJSON *list, const char *brackets, struct buf *out)
{
    buf_add_char(out, brackets[0]);
    for (const cJSON *c = list->child; c; c = c->next) {
        if (c != list->child)
            buf_add_char(out, ',');
        if (cJSON_IsObject(list)) {
            json_write_string(c->string, out);
            buf_add_char(out, ':');
        }
        json_write_value(c, out);
    }
    buf_add_char(out, brackets[1]);
}

static void json_write_value(const cJSON *c, struct buf *out)
{
    if (cJSON_IsObject(c))
        json_write_list(c, "{}", out);
    else if (cJSON_IsArray(c))
        json_write_list(c, "[]", out);
    else if (cJSON_IsString(c))
        json_write_string(c->valuestring, out);
    else if (cJSON_IsNumber(c))
        json_write_number(c->valuedouble, out);
    else if (cJSON_IsRaw(c))
        buf_add_str(out, c->valuestring);
    else if (cJSON_IsBool(c))
        buf_add_str(out, cJSON_IsTrue(c) ? "true" : "false");
    else
        buf_add_str(out, "null");
}

void json_write(const struct json *j, struct buf *out)
{
    if (j)
        json_write_value(json_in(j), out);
}
