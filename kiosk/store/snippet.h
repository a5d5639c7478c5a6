/* Where in a text the words stand that somebody searches for: a piece of it for one line of a list, the words' places
 * in it. Words are those of the search (replica_search.h): case, ё and accents make no difference, beginnings count. */
#ifndef KIOSK_STORE_SNIPPET_H
#define KIOSK_STORE_SNIPPET_H

#include <stdbool.h>
#include <stddef.h>

struct replica;

enum { SNIPPET_BYTES = 640, SNIPPET_MARKS = 12, SNIPPET_COLUMNS = 150 };

struct snippet {
    char text[SNIPPET_BYTES]; /* one line; "…" where the text goes on */
    int marks;
    struct {
        unsigned short from, bytes; /* of a whole word in text */
    } mark[SNIPPET_MARKS];
    int words; /* how many of the words typed stand in it */
};

/* The piece of text, at most `columns` (10..SNIPPET_COLUMNS) wide, that has the most of the words typed, the first such;
 * its beginning when it has none, or typed is "". */
void snippet_make(struct snippet *out, const char *text, const char *typed, int columns);
/* The same of a record in the reader's language: of its description, or of the block of its article with the most
 * words. An empty one when the record is gone. */
void replica_note(struct replica *r, const char *id, const char *typed, int columns, struct snippet *out);

#endif
