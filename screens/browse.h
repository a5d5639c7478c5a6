/* A list of records of one kind: what is typed searches, keys narrow it, the focused one is told about beside it where there is
 * room. A screen is a struct browse_kind, a table of keys and an `enter` that calls browse_enter; its other slots are the functions
 * below, its state is a struct browse or begins with one. */
#ifndef SCREENS_BROWSE_H
#define SCREENS_BROWSE_H

#include "kiosk/store/replica.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/screen.h"
#include "screens/find.h"
#include "screens/page.h"

enum { BROWSE_FILTERS = 8, BROWSE_VALUE = 96 };

/* The actions of a table of keys: BROWSE_FILTER + i asks for filter i (or turns it on and off), BROWSE_ALL shows all again. */
enum browse_action { BROWSE_ALL = 1, BROWSE_FILTER = 10, BROWSE_ANSWER = 30 };

/* Something that narrows a list. */
struct browse_filter {
    const char *name; /* what pick_open() asks for; also of enter's arg: "topic:sport" */
    bool is_switch;   /* on and off, the value is "1": nothing is asked */
    void (*apply)(struct record_filter *f, const char *value); /* NULL: the kind's base looks at the value */
    /* What is said at the top while it narrows: "Topic: sport". May ask the replica. */
    void (*words)(char *out, size_t size, struct ui *ui, const char *value);
};
extern const struct browse_filter browse_by_topic, browse_by_city;
extern const struct browse_filter browse_by_age, browse_by_language, browse_by_day; /* values: marks (marks.h) */

struct browse;
struct snippet;
struct browse_kind {
    const char *kind; /* of the records, "community" */
    int screen;       /* that shows one; its arg is the record's id */
    const struct browse_filter *const *filters; /* ends with NULL, at most BROWSE_FILTERS */
    void (*heading)(char *out, size_t size, int count); /* "120 communities" */
    void (*below)(char *out, size_t size, const struct browse *b, const struct row *row); /* the second line of an item */
    void (*mark)(char *out, size_t size, const struct ui *ui, const struct row *row); /* right of the name; NULL: nothing */
    void (*fill)(struct page *p, struct ui *ui, const struct content *c); /* about the focused one */
    void (*base)(struct ui *ui, const struct browse *b, struct record_filter *f); /* what always narrows it; NULL: nothing */
    bool notes; /* below is not asked: the second line is the place where the words typed stand, else what it is about */
    /* Where there are more filters than the footer has room for: the screen's keys, in which these have no label then, and the labels
     * (N_(), in the order of the filters) that stand above the list instead. NULL: the footer has them all. */
    const struct screen_key *keys;
    const char *const *hints;
    const char *not_found; /* N_(): nothing for the letters typed */
    const char *none_like; /* N_(): nothing for these filters */
    const char *none_yet;  /* N_(): nothing at all */
};

struct browse {
    const struct browse_kind *kind;
    char value[BROWSE_FILTERS][BROWSE_VALUE]; /* of each filter, "" for none */
    char said[300];                           /* the filters in words */
    struct input search;
    struct list list;
    struct find_topics topics;
    struct record_filter filter;
    int first, held; /* row[0] is item `first` of the list */
    struct row *row; /* owned */
    struct browse_note *note; /* of each row, made when it comes into view; owned, NULL without notes */
    bool wide;
    struct page page; /* about the focused one, when wide */
    char shown[CONTENT_ID];
};

/* b zeroed. arg: "" or "FILTER:VALUE". */
void browse_enter(struct browse *b, const struct browse_kind *kind, const char *arg);
const struct row *browse_focus(const struct browse *b); /* NULL: an empty list */
/* For the slots of the same names; state is a struct browse. */
void browse_refresh(struct ui *ui, void *state);
void browse_later(struct ui *ui, void *state);
void browse_draw(const struct ui *ui, const void *state, struct canvas body);
void browse_act(struct ui *ui, void *state, int action);
bool browse_can(const struct ui *ui, const void *state, int action);
bool browse_key(struct ui *ui, void *state, const struct key *k);
void browse_leave(struct ui *ui, void *state);

#endif
