/* A kiosk ready for residents: an enrolled ledger, a key, a handful of events to sign up for. For tests of the screens. */
#ifndef TESTS_SUPPORT_DESK_H
#define TESTS_SUPPORT_DESK_H

#include <stdbool.h>

#include "kiosk/store/ledger_jobs.h"
#include "kiosk/store/ledger_sync.h"

/* The screens' clock in these tests; the events are in the hours after, one an hour from 15:00 in Moscow. */
#define DESK_CLOCK "2026-05-12T10:30:00Z"

enum desk_event {
    DESK_PLAIN = 1, /* no limit, no questions: confirmed at once */
    DESK_ASKS,      /* questions of every kind, 12 seats of which 1..8 are in stock */
    DESK_FULL,      /* 4 seats, none in stock: asked for at the hub */
    DESK_LONG,      /* long names, 12 questions */
};

struct desk {
    char folder[64];
    struct clock *clock; /* at DESK_CLOCK */
    struct zone *zone;
    struct ledger *ledger; /* another program's view of the kiosk's ledger */
    int decisions;
};

/* Dies when it cannot. conf: text of kiosk.conf, NULL none. enrolled false: no key, an empty ledger. */
void desk_new(struct desk *d, const char *conf, bool enrolled);
void desk_done(struct desk *d);
void desk_event_id(char out[CONTENT_ID], enum desk_event i); /* of the occurrence */
void desk_event_cancel(struct desk *d, enum desk_event i);   /* the hub tells it to the replica */
void desk_event_move(struct desk *d, enum desk_event i);     /* to two hours later, terms 2 */
void desk_event_remove(struct desk *d, enum desk_event i);
/* The newest sign-up's id and code; false: none. */
bool desk_last(struct desk *d, char id[CONTENT_ID], char code[CODE_LEN + 1]);
int desk_count(struct desk *d); /* sign-ups */
/* Makes a sign-up as the kiosk would, with this code. */
void desk_sign_up(struct desk *d, enum desk_event event, int party, const char *code);
void desk_set_code(struct desk *d, const char *id, const char *code);
/* The hub's answer about a code of another kiosk: its event, or 0 for unknown. */
void desk_find_answer(struct desk *d, const char *code, enum desk_event event);
/* The hub's word on a sign-up: "confirmed", "waitlisted", ... with a seat (0 none) or a place in the line (0 none). */
void desk_decide(struct desk *d, const char *id, const char *state, int seat, int pos);
void desk_job(struct desk *d, const char *id, enum job_state state, enum job_fault fault);

#endif
