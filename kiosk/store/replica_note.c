/* What a list says of a record in its second line. */
#include <stdlib.h>

#include "kiosk/base/markup.h"
#include "kiosk/store/content_read.h"
#include "kiosk/store/replica_private.h"
#include "kiosk/store/snippet.h"

enum { NOTE_WORDS_ALL = 8 };

/* A block that has more of the words typed than what was found so far takes its place. */
static void replica_note_body(const char *body, const char *typed, int columns, struct snippet *out)
{
    struct markup m;
    struct snippet s;
    markup_parse(&m, body);
    for (int i = 0; i < m.count && out->words < NOTE_WORDS_ALL; i++) {
        snippet_make(&s, m.block[i].text, typed, columns);
        if (s.words > out->words || !out->text[0])
            *out = s;
    }
    markup_done(&m);
}

void replica_note(struct replica *r, const char *id, const char *typed, int columns, struct snippet *out)
{
    struct content c;
    *out = (struct snippet){.marks = 0};
    if (replica_get(r, id, &c, NULL))
        return;
    snippet_make(out, c.description ? c.description : "", typed, columns);
    if (c.body && (typed[0] || !out->text[0]))
        replica_note_body(c.body, typed, columns, out);
    content_done(&c);
}
