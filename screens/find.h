/* What the screens that find things share: from when on to look, marks in words, names of topics, why a list is empty. */
#ifndef SCREENS_FIND_H
#define SCREENS_FIND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/store/content.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/keys.h"

struct ui;

enum { FIND_WIDE = 116, FIND_COUNT_MAX = 1000 };

/* The centre's name: the setting, else the one given at enrolment, else the product's. Borrowed. */
const char *find_centre(const struct ui *ui);
/* The town it stands in, "" when nobody set it. Borrowed. */
const char *find_city(const struct ui *ui);
/* The moment from which things still lie ahead: now, or the last word from the hub while the clock is not known. */
int64_t find_from(const struct ui *ui);
/* The first second of a day (days since 1970) in the centre's zone. */
int64_t find_day_start(const struct ui *ui, int32_t day);
/* "no places left, 3 in the queue · 20:00 for the organiser · of the town · free", "" when there is nothing to say. out is returned. */
struct when;
char *find_marks(char *out, size_t size, const struct row *row, const struct when *w);
/* "3 in the queue": "" for nobody. out is returned. */
char *find_queue(char *out, size_t size, int waiting);
/* "18:00–20:00" of what is on today, "tomorrow, 18:00" of the rest. out is returned. */
char *find_when(char *out, size_t size, const struct ui *ui, const struct row *row);
/* What comes next, a line each (two lines and a blank one when roomy): when, title, marks; the titles stand below one another. */
struct find_next {
    const struct row *row;
    int count;
    bool roomy;
};
void find_draw_next(struct canvas c, const struct ui *ui, const struct find_next *next);
/* Is this a list's preview worth drawing beside it? body: columns of the screen's body. */
bool find_is_wide(int cols);
/* "3 of 5", "3 of 1000+". out is returned. */
char *find_position(char *out, size_t size, int index, int count);
/* Why a kiosk without content has nothing to show, or NULL when it has content. Translated. */
const char *find_why_empty(const struct ui *ui);
/* "Русский" for "ru": a language by its own name, the code when it is not known here. */
const char *find_language(const char *code);

/* Two lines of a list: a name, and below it what is beside the matter. A name too long for its line goes on in the second one, before
 * the rest, whether it has the focus or not: a step changes nothing of it. */
enum { FIND_TWO_LEAST = 12 }; /* columns of a second line that are worth it */
struct find_two {
    const char *name;
    int name_cols; /* of the first line */
    int keep;      /* columns of the second line the name leaves free at the right */
};
/* Draws the name; the columns it takes of the second line, 0 when it fits into the first. */
int find_draw_two(struct canvas c, const struct find_two *two);

/* What a mark says (marks.h): "on Tuesdays", "Татарча"; of several bits the first; "" for none. Translated, but for names of languages. */
const char *find_mark_word(uint64_t marks);

/* ---- typing searches: letters go into the search line, whatever has the focus. */
enum find_typed { FIND_NOT_TYPED, FIND_TYPED };
/* Letters, Backspace, and digits once something is typed; Esc empties a search that is not empty. '?' and a first space are left
 * to others. */
enum find_typed find_search_key(struct input *in, const struct key *k);

/* The search line over the width of c: what can be done while it is empty, else "Search: " and the letters. */
void find_search_draw(struct canvas c, const struct input *in);

/* ---- topics, by name */
enum { FIND_TOPICS = 32 };
struct find_topics {
    int count;
    struct find_topic {
        char id[24], name[64];
    } topic[FIND_TOPICS];
};
void find_topics_load(struct ui *ui, struct find_topics *out);
const char *find_topic_name(const struct find_topics *t, const char *id); /* "" when it is none */

#endif
