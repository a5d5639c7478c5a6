/* A walk over the text with no notion of nesting: what is not understood is left out, nothing is ever interpreted. */
#include "sync/hub/plain.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/text.h"

static bool plain_is_tag(const char *s, const char *name)
{
    s += *s == '/';
    size_t n = strlen(name);
    return strncasecmp(s, name, n) == 0 && strchr(" />\t\n", s[n]) != NULL && s[n] != '\0';
}

static bool plain_looks_like_html(const char *s)
{
    static const char *const tags[] = {"br", "p",  "a",    "b",      "i",  "u",  "div", "span", "ul",
                                       "ol", "li", "html", "strong", "em", "h1", "h2",  "h3"};
    for (; (s = strchr(s, '<')) != NULL; s++) {
        for (size_t i = 0; i < sizeof tags / sizeof tags[0]; i++) {
            if (plain_is_tag(s + 1, tags[i]))
                return true;
        }
    }
    return false;
}

static void plain_line(struct buf *out)
{
    if (out->len > 0 && out->data[out->len - 1] != '\n')
        buf_add_char(out, '\n');
}

/* The address of <a href="..."> at tag, n bytes at most; 0 when there is none. */
static size_t plain_href(const char *tag, size_t n, const char **start)
{
    for (size_t i = 0; i + 7 < n; i++) {
        if (strncasecmp(tag + i, "href=", 5) == 0 && (tag[i + 5] == '"' || tag[i + 5] == '\'')) {
            *start = tag + i + 6;
            const char *end = memchr(*start, tag[i + 5], n - i - 6);
            return end == NULL ? 0 : (size_t)(end - *start);
        }
    }
    return 0;
}

struct plain_link {
    const char *href; /* of the link that is open */
    size_t size;
    size_t text; /* where its text begins in the output */
};

static void plain_link_end(struct buf *out, struct plain_link *link)
{
    if (link->size == 0)
        return;
    bool same = out->len - link->text == link->size && memcmp(out->data + link->text, link->href, link->size) == 0;
    if (!same && strncasecmp(link->href, "http", 4) == 0) {
        buf_add_str(out, " (");
        buf_add(out, link->href, link->size);
        buf_add_char(out, ')');
    }
    link->size = 0;
}

static void plain_tag(struct buf *out, const char *tag, size_t n, struct plain_link *link)
{
    static const char *const lines[] = {"p", "div", "ul", "ol", "tr", "h1", "h2", "h3", "blockquote"};
    bool closing = *tag == '/';
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (plain_is_tag(tag, lines[i]))
            plain_line(out);
    }
    if (plain_is_tag(tag, "br"))
        buf_add_char(out, '\n');
    if (plain_is_tag(tag, "li")) {
        plain_line(out);
        if (!closing)
            buf_add_str(out, "- ");
    }
    if (plain_is_tag(tag, "a") && closing) {
        plain_link_end(out, link);
    } else if (plain_is_tag(tag, "a")) {
        link->size = plain_href(tag, n, &link->href);
        link->text = out->len;
    }
}

/* "&amp;" or "&#1078;" at s: its bytes, with its text added; 0 when it is none. */
static size_t plain_entity(struct buf *out, const char *s)
{
    static const struct {
        const char *name, *text;
    } known[] = {{"&amp;", "&"},   {"&lt;", "<"},    {"&gt;", ">"},    {"&quot;", "\""},
                 {"&apos;", "'"},  {"&nbsp;", " "},  {"&mdash;", "—"}, {"&ndash;", "–"},
                 {"&laquo;", "«"}, {"&raquo;", "»"}, {"&hellip;", "…"}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strncmp(s, known[i].name, strlen(known[i].name)) == 0) {
            buf_add_str(out, known[i].text);
            return strlen(known[i].name);
        }
    }
    bool hex = strncasecmp(s, "&#x", 3) == 0;
    char *end = NULL, bytes[4];
    unsigned long cp = s[1] == '#' ? strtoul(s + (hex ? 3 : 2), &end, hex ? 16 : 10) : 0;
    if (cp == 0 || cp > 0x10FFFF || *end != ';' || end - s > 10)
        return 0;
    buf_add(out, bytes, text_encode((uint32_t)cp, bytes));
    return (size_t)(end + 1 - s);
}

char *plain_from_html(const char *s)
{
    if (!plain_looks_like_html(s))
        return mem_dup_str(s);
    struct buf out;
    struct plain_link link = {0};
    buf_init(&out, 2 * strlen(s));
    while (*s != '\0') {
        const char *close = *s == '<' ? strchr(s, '>') : NULL;
        size_t used = *s == '&' ? plain_entity(&out, s) : 0;
        if (close != NULL) {
            plain_tag(&out, s + 1, (size_t)(close - s), &link);
            s = close + 1;
        } else if (used > 0) {
            s += used;
        } else {
            buf_add_char(&out, *s++);
        }
    }
    char *plain = buf_take(&out);
    buf_done(&out);
    return plain;
}
