/* The reader works on the whole text in memory, one row at a time. */
#include "sync/hub/import/csv.h"

#include <string.h>

#include "kiosk/base/json.h"
#include "sync/hub/charset.h"

/* The candidate that occurs most often outside quotes in the first row; a table of one column counts as comma
 * separated. */
static char csv_find_separator(const char *s)
{
    static const char candidates[] = ",;\t";
    int seen[3] = {0, 0, 0};
    bool quoted = false;
    for (; *s != '\0' && (quoted || (*s != '\n' && *s != '\r')); s++) {
        const char *hit = strchr(candidates, *s);
        if (*s == '"')
            quoted = !quoted;
        else if (hit != NULL && !quoted)
            seen[hit - candidates]++;
    }
    int best = 0;
    for (int i = 1; i < 3; i++) {
        if (seen[i] > seen[best])
            best = i;
    }
    return candidates[best];
}

bool csv_open(struct csv *c, const char *bytes, size_t n, size_t max)
{
    *c = (struct csv){.next_line = 1};
    buf_init(&c->text, max);
    buf_init(&c->cells, (size_t)2 * 1024 * 1024);
    charset_to_utf8(&c->text, bytes, n);
    c->separator = csv_find_separator(c->text.data);
    return !c->text.overflow;
}

void csv_close(struct csv *c)
{
    buf_done(&c->text);
    buf_done(&c->cells);
    json_free(c->tree);
    c->tree = NULL;
}

/* Steps over one line end at *pos if there is one. */
static bool csv_line_end(const struct csv *c, size_t *pos)
{
    const char *s = c->text.data + *pos;
    if (*s == '\r')
        *pos += s[1] == '\n' ? 2 : 1;
    else if (*s == '\n')
        *pos += 1;
    else
        return false;
    return true;
}

/* One quoted run from the quote at *pos to behind its closing quote; false when it never closes. Line ends inside
 * become LF. */
static bool csv_read_quoted(struct csv *c, size_t *pos, int *line)
{
    for (size_t i = *pos + 1; i < c->text.len;) {
        char ch = c->text.data[i];
        if (ch == '"' && c->text.data[i + 1] == '"') {
            buf_add_char(&c->cells, '"');
            i += 2;
        } else if (ch == '"') {
            *pos = i + 1;
            return true;
        } else if (csv_line_end(c, &i)) {
            buf_add_char(&c->cells, '\n');
            ++*line;
        } else {
            buf_add_char(&c->cells, ch);
            i++;
        }
    }
    return false;
}

/* One field from *pos to its separator or line end. A quote counts only as the first character of a field; text between
 * a closing quote and the separator is kept. */
static const char *csv_read_field(struct csv *c, size_t *pos, int *line)
{
    size_t begin = c->cells.len;
    if (c->text.data[*pos] == '"' && !csv_read_quoted(c, pos, line))
        return "a quote is opened and never closed";
    while (*pos < c->text.len && c->text.data[*pos] != c->separator && c->text.data[*pos] != '\n' &&
           c->text.data[*pos] != '\r') {
        buf_add_char(&c->cells, c->text.data[*pos]);
        ++*pos;
    }
    buf_add_char(&c->cells, '\0');
    return c->cells.len - begin > CSV_FIELD || c->cells.overflow ? "a field is too long" : NULL;
}

static const char *csv_read_row(struct csv *c, size_t *pos, int *line)
{
    for (;;) {
        if (c->count == CSV_COLUMNS)
            return "too many fields";
        c->offset[c->count] = c->cells.len;
        const char *fault = csv_read_field(c, pos, line);
        if (fault != NULL)
            return fault;
        c->count++;
        if (*pos >= c->text.len)
            return NULL;
        if (csv_line_end(c, pos)) {
            ++*line;
            return NULL;
        }
        ++*pos;
    }
}

static bool csv_row_is_empty(const struct csv *c)
{
    for (int i = 0; i < c->count; i++) {
        if (*csv_field(c, i) != '\0')
            return false;
    }
    return c->fault == NULL;
}

/* After a fault: on with the line below the one where the row began. */
static void csv_skip_line(struct csv *c)
{
    while (c->pos < c->text.len && !csv_line_end(c, &c->pos))
        c->pos++;
    c->next_line++;
}

bool csv_next(struct csv *c)
{
    if (c->tree != NULL)
        return csv_json_next(c);
    while (c->pos < c->text.len) {
        size_t pos = c->pos;
        int line = c->next_line;
        c->line = line;
        c->count = 0;
        buf_clear(&c->cells);
        c->fault = csv_read_row(c, &pos, &line);
        if (c->fault != NULL) {
            c->count = 0;
            csv_skip_line(c);
            return true;
        }
        c->pos = pos;
        c->next_line = line;
        if (!csv_row_is_empty(c))
            return true;
    }
    return false;
}

const char *csv_field(const struct csv *c, int i) { return i < c->count ? c->cells.data + c->offset[i] : ""; }
