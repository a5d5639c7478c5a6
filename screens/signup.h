/* The sign-up: what its files share. One screen with steps, so that what a person types is in one place and is wiped with it. */
#ifndef SCREENS_SIGNUP_H
#define SCREENS_SIGNUP_H

#include "kiosk/base/error.h"
#include "kiosk/form/buttons.h"
#include "kiosk/form/form.h"
#include "kiosk/store/content.h"
#include "kiosk/store/ledger.h"

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

struct signup {
    char occurrence[CONTENT_ID];
    enum signup_step step;
    enum signup_stuck stuck;
    struct row row;
    struct content event; /* owned; the form's texts point into it */
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
/* Fills the form from the event, in the language of now; answers stay. */
void signup_ask(struct signup *s);
/* Records it. On ERR_NONE out is the ticket. */
enum err signup_record(struct ui *ui, const struct signup *s, struct ticket *out, struct error *e) MUST_CHECK;

/* Title and time of the event at the top; returns the lines used. */
int signup_draw_event(const struct ui *ui, const struct signup *s, struct canvas body);
/* Everything that was answered, from line `line` of c on (may be negative); returns the lines it takes. */
int signup_draw_answers(const struct signup *s, struct canvas c, int line);
int signup_answers_lines(const struct signup *s, int cols);
/* "This event has been called off." and what to do. */
const char *signup_stuck_title(enum signup_stuck why);
const char *signup_stuck_text(enum signup_stuck why);

#endif
