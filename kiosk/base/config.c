/* INI files read by inih, checked against the list of permitted settings. */
#include "kiosk/base/config.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "kiosk/base/text.h"

enum { CONFIG_FILE_MAX = 64 * 1024, CONFIG_LINE_MAX = 198 }; /* inih's buffer: 198, LF and NUL */

struct config {
    const struct config_key *keys;
    size_t count;
    char **values; /* per key; NULL: the default */
    int *lines;    /* per key; where the file being read set it, 0: it did not */
};

/* What happens while one file is read. The first fault stands. */
struct config_reading {
    struct config *config;
    const char *path;
    const char *at, *end; /* the text not yet read */
    int line;             /* of the line handed out last, from 1 */
    enum err code;
    struct error *e;
};

/* ---- values */

static bool config_parse_int(const char *s, const struct config_key *k, int64_t *out)
{
    char *end;
    errno = 0;
    long long v = strtoll(s, &end, 10);
    *out = v;
    return end != s && !*end && !errno && (*s == '-' || (*s >= '0' && *s <= '9')) && v >= k->min && v <= k->max;
}

static bool config_fits(const struct config_key *k, const char *value)
{
    int64_t i;
    if (k->kind == 'i')
        return config_parse_int(value, k, &i);
    if (k->kind == 'b')
        return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
    return true;
}

static enum err config_say_wanted(struct config_reading *r, const struct config_key *k)
{
    if (k->kind == 'i')
        return error_set(r->e, ERR_INVALID, "%s:%d: %s wants a whole number from %lld to %lld", r->path, r->line,
                         k->name, (long long)k->min, (long long)k->max);
    return error_set(r->e, ERR_INVALID, "%s:%d: %s wants yes or no", r->path, r->line, k->name);
}

/* ---- reading */

static bool config_has_section(const struct config *c, const char *name, size_t n)
{
    for (size_t i = 0; i < c->count; i++)
        if (strlen(c->keys[i].section) == n && memcmp(c->keys[i].section, name, n) == 0)
            return true;
    return false;
}

/* inih reports settings only and goes on after a bad [section: that line is looked at here. */
static enum err config_check_section(struct config_reading *r, const char *line, size_t n)
{
    const char *close = memchr(line, ']', n);
    if (!close)
        return error_set(r->e, ERR_INVALID, "%s:%d: neither [section] nor name = value", r->path, r->line);
    if (!config_has_section(r->config, line + 1, (size_t)(close - line - 1)))
        return error_set(r->e, ERR_INVALID, "%s:%d: no section %.*s] is known", r->path, r->line, (int)(close - line),
                         line);
    return ERR_NONE;
}

static enum err config_check_line(struct config_reading *r, const char *line, size_t n)
{
    if (n > CONFIG_LINE_MAX)
        return error_set(r->e, ERR_INVALID, "%s:%d: longer than %d bytes", r->path, r->line, CONFIG_LINE_MAX);
    if (memchr(line, 0, n) || !text_is_valid(line, n))
        return error_set(r->e, ERR_INVALID, "%s:%d: not UTF-8 text", r->path, r->line);
    size_t spaces = 0;
    while (spaces < n && (line[spaces] == ' ' || line[spaces] == '\t' || line[spaces] == '\r'))
        spaces++;
    /* inih would take it for more of the value above. */
    if (spaces > 0 && spaces < n)
        return error_set(r->e, ERR_INVALID, "%s:%d: starts with a space", r->path, r->line);
    return n > 0 && *line == '[' ? config_check_section(r, line, n) : ERR_NONE;
}

/* inih's fgets: one line with its LF into str. Ends the file at the first fault. */
static char *config_read_line(char *str, int size, void *stream)
{
    struct config_reading *r = stream;
    if (r->code || r->at >= r->end)
        return NULL;
    const char *lf = memchr(r->at, '\n', (size_t)(r->end - r->at));
    size_t n = (size_t)((lf ? lf : r->end) - r->at);
    r->line++;
    r->code = config_check_line(r, r->at, n);
    if (r->code || (int)n + 2 > size)
        return NULL;
    memcpy(str, r->at, n);
    str[n] = '\n';
    str[n + 1] = 0;
    r->at += lf ? n + 1 : n;
    return str;
}

static size_t config_find(const struct config *c, const char *section, const char *name)
{
    for (size_t i = 0; i < c->count; i++)
        if (strcmp(c->keys[i].section, section) == 0 && strcmp(c->keys[i].name, name) == 0)
            return i;
    return c->count;
}

static int config_take(void *user, const char *section, const char *name, const char *value)
{
    struct config_reading *r = user;
    struct config *c = r->config;
    size_t i = config_find(c, section, name);
    if (r->code)
        return 0;
    if (i == c->count)
        r->code =
            error_set(r->e, ERR_INVALID, "%s:%d: no setting %s is known in [%s]", r->path, r->line, name, section);
    else if (c->lines[i] > 0)
        r->code =
            error_set(r->e, ERR_INVALID, "%s:%d: %s is set already in line %d", r->path, r->line, name, c->lines[i]);
    else if (!config_fits(&c->keys[i], value))
        r->code = config_say_wanted(r, &c->keys[i]);
    if (r->code)
        return 0;
    free(c->values[i]);
    c->values[i] = mem_dup_str(value);
    c->lines[i] = r->line;
    return 1;
}

static enum err config_read(struct config_reading *r)
{
    int line = ini_parse_stream(config_read_line, r, config_take, r);
    if (r->code)
        return r->code;
    if (line > 0)
        return error_set(r->e, ERR_INVALID, "%s:%d: neither [section] nor name = value", r->path, line);
    if (line < 0)
        return error_set(r->e, ERR_MEMORY, "%s: no memory to read it", r->path);
    return r->at < r->end ? error_set(r->e, ERR_INVALID, "%s:%d: line too long", r->path, r->line) : ERR_NONE;
}

/* ---- the module */

static struct config *config_new(const struct config_key *keys)
{
    struct config *c = mem_new(1, sizeof *c);
    c->keys = keys;
    while (keys[c->count].section) {
        if (!config_fits(&keys[c->count], keys[c->count].def))
            die("configuration: the default of %s does not fit", keys[c->count].name);
        c->count++;
    }
    c->values = mem_new(c->count, sizeof *c->values);
    c->lines = mem_new(c->count, sizeof *c->lines);
    return c;
}

static enum err config_read_file(struct config *c, const char *path, struct error *e)
{
    struct buf text;
    buf_init(&text, CONFIG_FILE_MAX);
    memset(c->lines, 0, c->count * sizeof *c->lines);
    enum err code = path ? file_read(path, &text, e) : ERR_NONE;
    if (code == ERR_NOT_FOUND)
        code = ERR_NONE;
    struct config_reading r = {.config = c, .path = path, .at = text.data, .end = text.data + text.len, .e = e};
    if (!code)
        code = config_read(&r);
    buf_wipe(&text); /* it may hold a printer's or a mail server's password */
    buf_done(&text);
    return code;
}

enum err config_load(struct config **out, const char *path, const struct config_key *keys, struct error *e)
{
    struct config *c = config_new(keys);
    enum err code = config_read_file(c, path, e);
    *out = code ? NULL : c;
    if (code)
        config_free(c);
    return code;
}

enum err config_overlay(struct config *c, const char *path, struct error *e)
{
    struct config *more;
    enum err code = config_load(&more, path, c->keys, e);
    if (code)
        return code;
    for (size_t i = 0; i < c->count; i++)
        if (more->values[i]) {
            free(c->values[i]);
            c->values[i] = mem_dup_str(more->values[i]);
        }
    config_free(more);
    return ERR_NONE;
}

/* What inih gives back as it was: no line ends, no spaces around, no remark behind it. */
static bool config_is_writable(const char *name, const char *value)
{
    size_t n = strlen(value);
    return strlen(name) + 3 + n <= CONFIG_LINE_MAX && text_is_valid(value, n) && !strpbrk(value, "\r\n") && !strstr(value, " ;") &&
           !strstr(value, "\t;") && value[0] != ' ' && value[0] != ';' && (n == 0 || value[n - 1] != ' ');
}

enum err config_set(struct config *c, const char *section, const char *name, const char *value, struct error *e)
{
    size_t i = config_find(c, section, name);
    if (i == c->count)
        die("configuration: no setting %s in [%s]", name, section);
    if (!config_fits(&c->keys[i], value) || !config_is_writable(name, value))
        return error_set(e, ERR_INVALID, "[%s] %s: \"%.60s\" cannot be set", section, name, value);
    free(c->values[i]);
    c->values[i] = mem_dup_str(value);
    return ERR_NONE;
}

void config_write(const struct config *c, const char *section, const char *name, struct buf *out)
{
    size_t i = config_find(c, section, name);
    if (i < c->count && c->values[i])
        buf_addf(out, "[%s]\n%s = %s\n", section, name, c->values[i]);
}

void config_free(struct config *c)
{
    if (!c)
        return;
    for (size_t i = 0; i < c->count; i++)
        free(c->values[i]);
    free(c->values);
    free(c->lines);
    free(c);
}

/* The value's key; asking for what is not in the list, or as another kind, is a bug. */
static const struct config_key *config_key(const struct config *c, const char *section, const char *name, char kind,
                                           const char **value)
{
    size_t i = config_find(c, section, name);
    if (i == c->count || (kind != 's' && c->keys[i].kind != kind))
        die("configuration: no setting %s of this kind in [%s]", name, section);
    *value = c->values[i] ? c->values[i] : c->keys[i].def;
    return &c->keys[i];
}

const char *config_str(const struct config *c, const char *section, const char *name)
{
    const char *value;
    config_key(c, section, name, 's', &value);
    return value;
}

int64_t config_int(const struct config *c, const char *section, const char *name)
{
    const char *value;
    int64_t out;
    const struct config_key *k = config_key(c, section, name, 'i', &value);
    config_parse_int(value, k, &out); /* checked when it was set */
    return out;
}

int config_bool(const struct config *c, const char *section, const char *name)
{
    const char *value;
    config_key(c, section, name, 'b', &value);
    return strcmp(value, "yes") == 0;
}
