/* Two passes: unfold the bytes and find the character set (a fold may stand inside a character, so in this order), then
 * walk the lines with a small state: outside, in an event, in a zone, or inside a component that is left out. */
#include "sync/hub/events/ical_split.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/buf.h"
#include "sync/hub/charset.h"

struct ical_splitter {
    struct ical_file *out;
    struct buf text;  /* unfolded, UTF-8, lines ended by LF */
    char **lines;     /* into text, each ended by NUL */
    int *numbers;     /* of each line in the file */
    int count;        /* of them */
    struct buf block; /* the component being collected */
    struct buf line;  /* the present line when it had to be rewritten */
    bool in_event, in_zone;
    char left_out[64]; /* name of the component being skipped, "" none */
    int left_out_depth;
    int block_line, block_lines;
    int open_calendars;
    bool any_calendar;
};

static const char *const ical_event_properties[] = {
    "UID",        "DTSTART",   "DTEND",         "DURATION",       "RRULE",
    "RDATE",      "EXDATE",    "EXRULE",        "SUMMARY",        "DESCRIPTION",
    "LOCATION",   "URL",       "RECURRENCE-ID", "STATUS",         "SEQUENCE",
    "CATEGORIES", "ORGANIZER", "CLASS",         "X-SOSEDI-SEATS", "X-SOSEDI-REGISTRATION",
};
static const char *const ical_zone_properties[] = {"TZID",         "DTSTART",    "RRULE", "RDATE",
                                                   "TZOFFSETFROM", "TZOFFSETTO", "TZNAME"};

/* ---- unfolding */

static const char *ical_line_end(const char *s, const char *end, const char **next)
{
    const char *p = s;
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    *next = p;
    if (p < end)
        *next = p + 1 < end && p[0] == '\r' && p[1] == '\n' ? p + 2 : p + 1;
    return p;
}

/* Bytes of s (n of them) that fit in room, not ending inside a UTF-8 character: half of one would make the file
 * windows-1251. */
static size_t ical_fitting(const char *s, size_t n, size_t room)
{
    if (n <= room)
        return n;
    for (int i = 0; i < 3 && room > 0 && ((unsigned char)s[room] & 0xC0) == 0x80; i++)
        room--;
    return room;
}

static void ical_unfold(struct ical_splitter *s, struct buf *raw, const char *bytes, size_t n)
{
    const char *end = bytes + n, *next;
    int number = 0;
    size_t begin = 0;
    for (const char *p = bytes; p < end; p = next) {
        const char *stop = ical_line_end(p, end, &next);
        number++;
        bool folded = s->count > 0 && stop > p && (*p == ' ' || *p == '\t');
        if (!folded) {
            if (s->count == ICAL_LINES_MAX) {
                s->out->cut = true;
                break;
            }
            if (s->count > 0)
                buf_add_char(raw, '\n');
            begin = raw->len;
            s->numbers[s->count++] = number;
        }
        p += folded ? 1 : 0;
        size_t room = raw->len - begin < ICAL_LINE_BYTES ? ICAL_LINE_BYTES - (raw->len - begin) : 0;
        buf_add(raw, p, ical_fitting(p, (size_t)(stop - p), room));
    }
}

static int ical_count_lines(const char *bytes, size_t n)
{
    const char *end = bytes + n, *next;
    int lines = 0;
    for (const char *p = bytes; p < end && lines < ICAL_LINES_MAX; p = next, lines++)
        ical_line_end(p, end, &next);
    return lines;
}

/* ---- one line: its name and value */

static size_t ical_name_length(const char *line) { return strcspn(line, ":;"); }

static bool ical_name_is(const char *line, const char *name)
{
    size_t n = strlen(name);
    return ical_name_length(line) == n && strncasecmp(line, name, n) == 0;
}

/* The value behind the first colon outside quotes; "" when there is none. */
static const char *ical_line_value(const char *line)
{
    bool quoted = false;
    for (; *line != '\0'; line++) {
        if (*line == '"')
            quoted = !quoted;
        else if (*line == ':' && !quoted)
            return line + 1;
    }
    return line;
}

static bool ical_name_in(const char *line, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ical_name_is(line, names[i]))
            return true;
    }
    return false;
}

/* ---- quoted-printable (vCalendar 1.0) */

static bool ical_is_quoted_printable(const char *line)
{
    size_t n = (size_t)(ical_line_value(line) - line);
    for (size_t i = 0; i + 16 < n; i++) {
        if (strncasecmp(line + i, "QUOTED-PRINTABLE", 16) == 0)
            return true;
    }
    return false;
}

static void ical_add_escaped(struct buf *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '\n')
            buf_add_str(out, "\\n");
        else if (*s != '\r') {
            if (strchr("\\,;", *s) != NULL)
                buf_add_char(out, '\\');
            buf_add_char(out, *s);
        }
    }
}

static int ical_hex(char c) { return isdigit((unsigned char)c) ? c - '0' : toupper((unsigned char)c) - 'A' + 10; }

static void ical_decode_quoted_printable(struct buf *out, const char *s)
{
    for (; *s != '\0'; s++) {
        if (*s == '=' && isxdigit((unsigned char)s[1]) && isxdigit((unsigned char)s[2])) {
            buf_add_char(out, (char)(ical_hex(s[1]) << 4 | ical_hex(s[2])));
            s += 2;
        } else if (*s != '=' || s[1] != '\0') {
            buf_add_char(out, *s);
        }
    }
}

/* Rewrites line *i, joined with the lines its soft breaks run on to, as an iCalendar text property; *i is then the last
 * of them. */
static const char *ical_rewrite_quoted_printable(struct ical_splitter *s, int *i)
{
    struct buf joined, bytes, value;
    const char *line = s->lines[*i];
    buf_init(&joined, ICAL_LINE_BYTES);
    buf_init(&bytes, ICAL_LINE_BYTES);
    buf_init(&value, (size_t)4 * ICAL_LINE_BYTES);
    buf_add_str(&joined, ical_line_value(line));
    while (joined.len > 0 && joined.data[joined.len - 1] == '=' && *i + 1 < s->count) {
        joined.data[--joined.len] = '\0';
        buf_add_str(&joined, s->lines[++*i]);
    }
    ical_decode_quoted_printable(&bytes, joined.data);
    charset_to_utf8(&value, bytes.data, bytes.len);
    buf_clear(&s->line);
    buf_add(&s->line, line, ical_name_length(line));
    buf_add_char(&s->line, ':');
    ical_add_escaped(&s->line, value.data);
    buf_done(&joined);
    buf_done(&bytes);
    buf_done(&value);
    return s->line.data;
}

/* ---- collecting */

static void ical_add_line(struct buf *b, const char *line)
{
    buf_add_str(b, line);
    buf_add_str(b, "\r\n");
}

static struct ical_calendar *ical_calendar_open(struct ical_file *f)
{
    f->calendars = mem_resize(f->calendars, (size_t)f->calendar_count + 1, sizeof *f->calendars);
    f->calendars[f->calendar_count] = (struct ical_calendar){0};
    return &f->calendars[f->calendar_count++];
}

static void ical_block_begin(struct ical_splitter *s, const char *line, int number)
{
    if (s->out->calendar_count == 0)
        ical_calendar_open(s->out);
    buf_clear(&s->block);
    ical_add_line(&s->block, line);
    s->block_line = number;
    s->block_lines = 0;
}

/* The value of the first property `name` in a collected block, raw; the caller frees it. */
static char *ical_block_value(const char *block, const char *name)
{
    for (const char *line = block; line != NULL; line = strstr(line, "\r\n")) {
        line += *line == '\r' ? 2 : 0;
        if (ical_name_is(line, name)) {
            const char *value = ical_line_value(line);
            size_t n = strcspn(value, "\r\n");
            char *copy = mem_new(n + 1, 1);
            memcpy(copy, value, n);
            return copy;
        }
    }
    return mem_dup_str("");
}

static void ical_block_end(struct ical_splitter *s, const char *line)
{
    struct ical_file *f = s->out;
    bool event = s->in_event;
    struct ical_block **list = event ? &f->events : &f->zones;
    int *count = event ? &f->event_count : &f->zone_count;
    s->in_event = s->in_zone = false;
    if (*count == (event ? ICAL_EVENTS_MAX : ICAL_ZONES_MAX) || s->block.overflow) {
        f->cut = true;
        return;
    }
    ical_add_line(&s->block, line);
    if ((*count & (*count - 1)) == 0)
        *list = mem_resize(*list, *count == 0 ? 1 : (size_t)*count * 2, sizeof **list);
    (*list)[*count] = (struct ical_block){
        .line = s->block_line,
        .calendar = f->calendar_count - 1,
        .text = mem_dup_str(s->block.data),
        .key = ical_block_value(s->block.data, event ? "UID" : "TZID"),
    };
    ical_unescape((*list)[(*count)++].key);
}

/* ---- the walk */

static void ical_upper_copy(char *out, size_t size, const char *s)
{
    size_t i = 0;
    for (; i + 1 < size && s[i] != '\0' && !isspace((unsigned char)s[i]); i++)
        out[i] = (char)toupper((unsigned char)s[i]);
    out[i] = '\0';
}

/* An event that is never closed still counts, as far as it goes. */
static void ical_close_open_event(struct ical_splitter *s)
{
    if (s->in_event) {
        ical_block_end(s, "END:VEVENT");
        s->out->cut = true;
    }
}

static void ical_on_begin(struct ical_splitter *s, const char *line, const char *what, int number)
{
    if (strcmp(what, "VEVENT") == 0) {
        ical_close_open_event(s);
        s->in_zone = false;
        s->in_event = true;
        ical_block_begin(s, "BEGIN:VEVENT", number);
    } else if (strcmp(what, "VCALENDAR") == 0) {
        ical_close_open_event(s);
        s->in_zone = false;
        ical_calendar_open(s->out);
        s->open_calendars++;
        s->any_calendar = true;
    } else if (strcmp(what, "VTIMEZONE") == 0 && !s->in_event) {
        s->in_zone = true;
        ical_block_begin(s, "BEGIN:VTIMEZONE", number);
    } else if (s->in_zone && (strcmp(what, "STANDARD") == 0 || strcmp(what, "DAYLIGHT") == 0)) {
        ical_add_line(&s->block, line);
    } else {
        ical_upper_copy(s->left_out, sizeof s->left_out, what);
        s->left_out_depth = 1;
    }
}

static void ical_on_end(struct ical_splitter *s, const char *line, const char *what)
{
    if (strcmp(what, "VEVENT") == 0 && s->in_event) {
        ical_block_end(s, "END:VEVENT");
    } else if (strcmp(what, "VTIMEZONE") == 0 && s->in_zone) {
        ical_block_end(s, "END:VTIMEZONE");
    } else if (strcmp(what, "VCALENDAR") == 0) {
        ical_close_open_event(s);
        s->in_zone = false;
        s->open_calendars--;
    } else if (s->in_zone) {
        ical_add_line(&s->block, line);
    }
}

static void ical_on_calendar_property(struct ical_calendar *c, const char *line)
{
    static const char *const names[] = {"X-WR-CALNAME", "NAME", "X-WR-TIMEZONE", "METHOD"};
    char **const into[] = {&c->name, &c->name, &c->zone, &c->method};
    for (int i = 0; i < 4; i++) {
        if (ical_name_is(line, names[i]) && *into[i] == NULL) {
            *into[i] = mem_dup_str(ical_line_value(line));
            ical_unescape(*into[i]);
        }
    }
}

static void ical_on_property(struct ical_splitter *s, const char *line)
{
    bool wanted = s->in_event ? ical_name_in(line, ical_event_properties, sizeof ical_event_properties / sizeof(char *))
                              : s->in_zone && ical_name_in(line, ical_zone_properties,
                                                           sizeof ical_zone_properties / sizeof(char *));
    if (wanted && s->block_lines++ < ICAL_BLOCK_LINES)
        ical_add_line(&s->block, line);
    else if (!s->in_event && !s->in_zone && s->out->calendar_count > 0)
        ical_on_calendar_property(&s->out->calendars[s->out->calendar_count - 1], line);
}

/* Inside a component that is left out. It also ends where an event or the calendar does, so that one which is never
 * closed does not swallow the rest. True: the line was its own. */
static bool ical_on_left_out(struct ical_splitter *s, bool begin, bool end, const char *what)
{
    if (s->left_out_depth == 0)
        return false;
    bool outer = strcmp(what, "VEVENT") == 0 || strcmp(what, "VCALENDAR") == 0;
    if ((begin || end) && outer && strcmp(what, s->left_out) != 0) {
        s->left_out_depth = 0;
        return false;
    }
    if ((begin || end) && strcmp(what, s->left_out) == 0)
        s->left_out_depth += begin ? 1 : -1;
    return true;
}

static void ical_on_line(struct ical_splitter *s, int *i)
{
    const char *line = s->lines[*i];
    int number = s->numbers[*i];
    bool begin = ical_name_is(line, "BEGIN"), end = ical_name_is(line, "END");
    char what[64] = "";
    if (begin || end)
        ical_upper_copy(what, sizeof what, ical_line_value(line));
    if (ical_on_left_out(s, begin, end, what))
        return;
    if (begin)
        ical_on_begin(s, line, what, number);
    else if (end)
        ical_on_end(s, line, what);
    else
        ical_on_property(s, ical_is_quoted_printable(line) ? ical_rewrite_quoted_printable(s, i) : line);
}

/* Cuts s->text at its line ends. The character set never adds or drops a line end, so the numbers stay right. */
static void ical_cut_lines(struct ical_splitter *s)
{
    char *p = s->text.data;
    for (int i = 0; i < s->count; i++) {
        s->lines[i] = p;
        char *stop = p + strcspn(p, "\n");
        p = *stop == '\0' ? stop : stop + 1;
        *stop = '\0';
    }
}

void ical_split(struct ical_file *out, const char *bytes, size_t n)
{
    struct ical_splitter s = {.out = out};
    struct buf wide, raw;
    *out = (struct ical_file){0};
    buf_init(&wide, (size_t)2 * ICAL_FILE_MAX);
    buf_init(&raw, (size_t)2 * ICAL_FILE_MAX);
    buf_init(&s.text, (size_t)3 * ICAL_FILE_MAX);
    buf_init(&s.block, (size_t)1024 * 1024);
    buf_init(&s.line, (size_t)8 * ICAL_LINE_BYTES);
    if (n >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0)) {
        charset_to_utf8(&wide, bytes, n);
        bytes = wide.data;
        n = wide.len;
    }
    int lines = ical_count_lines(bytes, n);
    s.numbers = mem_new((size_t)lines + 1, sizeof *s.numbers);
    s.lines = mem_new((size_t)lines + 1, sizeof *s.lines);
    ical_unfold(&s, &raw, bytes, n);
    charset_to_utf8(&s.text, raw.data, raw.len);
    ical_cut_lines(&s);
    for (int i = 0; i < s.count; i++)
        ical_on_line(&s, &i);
    ical_close_open_event(&s);
    out->complete = s.any_calendar && s.open_calendars == 0 && !out->cut;
    buf_done(&wide);
    buf_done(&raw);
    buf_done(&s.text);
    buf_done(&s.block);
    buf_done(&s.line);
    free(s.numbers);
    free(s.lines);
}

static void ical_blocks_done(struct ical_block *list, int count)
{
    for (int i = 0; i < count; i++) {
        free(list[i].text);
        free(list[i].key);
    }
    free(list);
}

void ical_split_done(struct ical_file *f)
{
    for (int i = 0; i < f->calendar_count; i++) {
        free(f->calendars[i].name);
        free(f->calendars[i].zone);
        free(f->calendars[i].method);
    }
    free(f->calendars);
    ical_blocks_done(f->events, f->event_count);
    ical_blocks_done(f->zones, f->zone_count);
    *f = (struct ical_file){0};
}

void ical_unescape(char *s)
{
    char *to = s;
    for (; *s != '\0'; s++) {
        if (*s == '\\' && s[1] != '\0') {
            s++;
            *to++ = *s == 'n' || *s == 'N' ? '\n' : *s;
        } else {
            *to++ = *s;
        }
    }
    *to = '\0';
}
