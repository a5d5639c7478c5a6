/* The sign-up: what its files share. One screen with steps, so that what a person types is in one place and is wiped with it. A request
 * (for what a community shares, or help with what it seeks) is the same with other questions and other words. */
#ifndef SCREENS_SIGNUP_H
#define SCREENS_SIGNUP_H

#include "kiosk/base/error.h"
#include "kiosk/form/buttons.h"
#include "kiosk/form/form.h"
#include "kiosk/store/content.h"
#include "kiosk/store/ledger.h"
#include "kiosk/ui/screen.h"

struct ui;

enum signup_step { SIGNUP_FILL, SIGNUP_REVIEW, SIGNUP_STUCK };

/* Why nobody can sign up now. */
enum signup_stuck {
    SIGNUP_GOES_ON,
    SIGNUP_CLOSED,    /* the kiosk is not enrolled, has no key or no ledger */
    SIGNUP_GONE, SIGNUP_CANCELLED, SIGNUP_BEGUN,
    SIGNUP_NO_NEED,   /* the event takes no sign-ups */
    SIGNUP_DISK_FULL, SIGNUP_FAILED, /* at the last step: nothing was recorded */
};

enum signup_action { SIGNUP_SEND = 1, SIGNUP_CHANGE, SIGNUP_AGAIN, SIGNUP_AWAY, SIGNUP_MENU, SIGNUP_BEFORE, SIGNUP_HIDE, SIGNUP_SHOW };

enum { SIGNUP_LOW = 14 }; /* rows of the body: large letters, the event is one line */

struct signup;
struct signup_trouble {
    const char *title, *text; /* N_() */
};
/* What a sign-up for an event and a request do each in their own way. */
struct signup_kind {
    const char *send, *leave;             /* N_(): the button that sends it, the question before leaving */
    const struct signup_trouble *trouble; /* by enum signup_stuck */
    /* Fills s->row and s->event (after which the caller frees the old one); false when it is no longer there. */
    bool (*fetch)(struct ui *ui, struct signup *s);
    enum signup_stuck (*judge)(const struct ui *ui, const struct signup *s);
    void (*ask)(struct signup *s); /* fills the form, in the language of now; answers stay */
    void (*below)(char *out, size_t size, const struct ui *ui, const struct signup *s); /* the line under the title */
};
extern const struct signup_kind signup_of_event, signup_of_resource;

struct signup {
    const struct signup_kind *kind;
    char id[CONTENT_ID]; /* of the occurrence, or of the resource */
    enum signup_step step;
    enum signup_stuck stuck;
    struct row row;       /* of an event */
    struct content event; /* or resource; owned; the form's texts point into it */
    bool known;           /* row and event are filled */
    int terms;            /* of the event as the person saw it */
    int64_t start;
    bool moved;           /* time or place changed meanwhile: said in the review */
    int64_t step_at;      /* ui->mono when this step began: a held Enter does not run through it */
    struct form form;
    struct buttons buttons;
    int top, lines, view; /* the review's scrolling, in lines */
    char consent[1200];
};

int signup_most_people(const struct content *event);
/* The kind's `ask` for an event. */
void signup_ask(struct signup *s);
/* Who is asked for a name and a way to be reached, who is asked to agree (s->consent): the same fields everywhere. Return the count. */
int signup_ask_who(struct field *fields);
int signup_ask_consent(const struct signup *s, struct field *fields);
/* Whether this terminal can take anything down now. */
bool signup_is_open(const struct ui *ui);
/* For the slots of the same names. */
void signup_begin(struct ui *ui, struct signup *s, const struct signup_kind *kind, const char *id);
void signup_refresh(struct ui *ui, void *state);
void signup_draw(const struct ui *ui, const void *state, struct canvas body);
void signup_act(struct ui *ui, void *state, int action);
bool signup_key(struct ui *ui, void *state, const struct key *k);
void signup_leave(struct ui *ui, void *state);
bool signup_can(const struct ui *ui, const void *state, int action);
extern const struct screen_key signup_keys[];
/* Records it. On ERR_NONE out is the ticket. */
enum err signup_record(struct ui *ui, const struct signup *s, struct ticket *out, struct error *e) MUST_CHECK;

/* Title and what stands below it; returns the lines used. */
int signup_draw_head(const struct ui *ui, const struct signup *s, struct canvas body);
/* Everything that was answered, from line `line` of c on (may be negative); returns the lines it takes. */
int signup_draw_answers(const struct signup *s, struct canvas c, int line);
int signup_answers_lines(const struct signup *s, int cols);
extern const struct signup_trouble signup_event_troubles[];

#endif
