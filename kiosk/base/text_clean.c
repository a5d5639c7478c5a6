/* The door for text from outside: from any bytes to text that a terminal, a printer and a log can bear. */
#include "kiosk/base/text.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/text_tables.h"

/* One cluster is held back until the next base arrives: a mark may still compose with it. */
struct text_door {
    char *out;
    size_t room;         /* bytes that may be used, without the NUL */
    size_t len;          /* bytes written */
    size_t solid;        /* bytes up to the last character that is no white space */
    uint32_t base, mark; /* the cluster held back; 0: none */
    bool full;
};

static bool text_is_blank(uint32_t cp) { return cp == ' ' || cp == '\n'; }

static void text_door_flush(struct text_door *d)
{
    char bytes[8];
    if (!d->base || d->full)
        return;
    size_t n = text_encode(d->base, bytes);
    if (d->mark)
        n += text_encode(d->mark, bytes + n);
    if (n > d->room - d->len) {
        d->full = true;
        return;
    }
    memcpy(d->out + d->len, bytes, n);
    d->len += n;
    if (!text_is_blank(d->base))
        d->solid = d->len;
    d->base = d->mark = 0;
}

static void text_door_mark(struct text_door *d, uint32_t mark)
{
    if (!d->base || text_is_blank(d->base))
        return; /* nothing to stand on */
    uint32_t whole = d->mark ? 0 : text_compose(d->base, mark);
    if (whole)
        d->base = whole;
    else if (!d->mark)
        d->mark = mark;
}

static void text_door_put(struct text_door *d, uint32_t cp)
{
    if (text_is_mark(cp)) {
        text_door_mark(d, cp);
        return;
    }
    text_door_flush(d);
    bool leading = d->len == 0 && text_is_blank(cp);
    if (!d->full && !leading)
        d->base = cp;
}

/* What an outside character becomes: itself, a space or LF, or 0 for nothing. */
static uint32_t text_door_pass(uint32_t cp, enum text_flags flags)
{
    bool separator = cp == '\n' || cp == 0x2028 || cp == 0x2029;
    if (separator)
        return flags & TEXT_LINES ? '\n' : ' ';
    if (cp == '\t')
        return ' ';
    return text_is_unsafe(cp) ? 0 : cp;
}

/* Bytes of s, from the first on, that hold nothing but printable ASCII and letters U+0400..U+047F, whole and as they should
 * be: most of what comes. None of them is changed, and no mark among them. */
static size_t text_plain(const char *s, size_t n)
{
    size_t i = 0;
    while (i < n) {
        uint8_t c = (uint8_t)s[i];
        if (c >= 0x20 && c < 0x7F)
            i++;
        else if ((c == 0xD0 || c == 0xD1) && i + 1 < n && ((uint8_t)s[i + 1] & 0xC0) == 0x80)
            i += 2;
        else
            break;
    }
    return i;
}

/* Takes a run of such characters at once, all but the last: a mark may follow that. Returns the bytes taken. */
static size_t text_door_run(struct text_door *d, const char *s, size_t n)
{
    size_t run = text_plain(s, n);
    if (run > 0)
        run -= (uint8_t)s[run - 1] >= 0x80 ? 2 : 1;
    if (run == 0)
        return 0;
    text_door_flush(d);
    if (d->full || run > d->room - d->len || (d->len == 0 && text_is_blank((uint8_t)s[0])))
        return 0;
    memcpy(d->out + d->len, s, run);
    for (size_t solid = run; solid > 0; solid--) {
        if (s[solid - 1] != ' ') {
            d->solid = d->len + solid;
            break;
        }
    }
    d->len += run;
    return run;
}

size_t text_sanitize(char *out, size_t size, const char *s, size_t n, enum text_flags flags)
{
    if (size == 0)
        return 0;
    struct text_door d = {.out = out, .room = size - 1};
    for (size_t i = 0; i < n && !d.full;) {
        uint32_t cp;
        i += text_door_run(&d, s + i, n - i);
        if (d.full)
            break;
        i += text_decode(s + i, n - i, &cp);
        uint32_t pass = text_door_pass(cp, flags);
        if (pass)
            text_door_put(&d, pass);
    }
    text_door_flush(&d);
    out[d.solid] = 0;
    return d.solid;
}

char *text_dup_clean(const char *s, size_t n, size_t max_bytes, enum text_flags flags)
{
    /* A bad byte grows to the three of U+FFFD; nothing grows more. */
    size_t need = n > max_bytes / 3 ? max_bytes : n * 3;
    char *out = mem_new(need + 1, 1);
    text_sanitize(out, need + 1, s, n, flags);
    return out;
}
