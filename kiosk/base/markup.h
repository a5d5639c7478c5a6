/* The text of an article (sync/PROTOCOL.md, 8): plain paragraphs with a few marks that read well as they stand. A line
 * is a paragraph; one that begins with "# " is a heading, "## " one below it, "- " (or "* ", "• ") an entry of a list,
 * "3. " or "3) " an entry of a numbered one; an empty line sets apart what follows. An address, bare or as
 * "[words](https://...)", becomes words with a number in brackets; the addresses are a list of their own. Pure: any
 * bytes are taken, text is best sanitised before (TEXT_LINES). */
#ifndef KIOSK_BASE_MARKUP_H
#define KIOSK_BASE_MARKUP_H

#include <stdbool.h>
#include <stddef.h>

enum { MARKUP_BLOCKS = 400, MARKUP_LINKS = 30, MARKUP_URL = 511 /* bytes */ };

enum markup_kind { MARKUP_PARAGRAPH, MARKUP_HEADING, MARKUP_SUBHEADING, MARKUP_ENTRY };

struct markup_block {
    enum markup_kind kind;
    int number; /* of an entry of a numbered list, 1..999; 0: of one without numbers */
    bool apart; /* an empty line stands before it */
    char *text; /* one line, never empty; owned */
};

struct markup_link {
    char *url;   /* http:// or https://; owned */
    char *words; /* what the text calls it; for a bare address the address without its scheme; owned */
};

struct markup {
    struct markup_block *block; /* count of them, MARKUP_BLOCKS at most: the last takes all the rest */
    int count;
    struct markup_link link[MARKUP_LINKS]; /* each address once; [1] in the text is link[0] */
    int links;
};

/* text NULL: an empty one. An address past MARKUP_LINKS, or too long, stays in the text as it is. */
void markup_parse(struct markup *out, const char *text);
void markup_done(struct markup *m); /* zeroed memory is fine */

#endif
