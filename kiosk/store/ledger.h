/* The ledger: what people did here. One act is one durable transaction; when a call returns ERR_NONE the person may be
 * told. Opened by kiosk (acts), kiosk-sync (exchange: ledger_sync.h) and kiosk-print (jobs: ledger_jobs.h). */
#ifndef KIOSK_STORE_LEDGER_H
#define KIOSK_STORE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/error.h"
#include "kiosk/store/content.h"
#include "kiosk/ticket/code.h"

struct ledger;
struct sql;

enum { LEDGER_SEATS_MAX = 20, LEDGER_ASK_MS = 3000 };

/* What a ticket may be in. The words for people are the screens'. */
enum ticket_state {
    TICKET_ASKING, /* recorded; the hub is being asked (at most LEDGER_ASK_MS), then it is TICKET_WAITING by itself */
    TICKET_CONFIRMED,
    TICKET_WAITING,
    TICKET_DISPLACED,
    TICKET_EVENT_CANCELLED,
    TICKET_TERMS_CHANGED,
    TICKET_CONFLICT,
    TICKET_QUARANTINED,
    TICKET_CANCELLED
};

/* The public facts of the event as they stood when the person signed up; they are printed. */
struct ticket_facts {
    char title[208], place[128], address[208], organizer[208], tz[40];
    int64_t start, end; /* of a request start is 0, end the moment it was made */
    bool all_day;
    char request; /* 'o' asks for what the organizer shares, 'w' offers help with what it seeks; 0: a sign-up */
};

struct ticket {
    char id[CONTENT_ID], code[CODE_LEN + 1], event[CONTENT_ID];
    enum ticket_state state;
    int party;                   /* people */
    int seats[LEDGER_SEATS_MAX]; /* seat numbers, seat_count of them; none when the event has no numbered seats */
    int seat_count;
    int64_t lease;
    int pos; /* place in the waiting list, 0 unknown */
    int terms;
    struct ticket_facts facts;
    uint8_t token[99];
    bool has_token;
    char lang[8];
    bool mine;
    int64_t created_at;
};

/* Facts of the enrolment. kid[0] is 0 while the kiosk is not enrolled. */
struct ledger_identity {
    char kid[12], name[128], scope[32], host[128], hub[256], seal_id[16];
    uint8_t seal_pk[32];
    bool has_seal;
    uint32_t epoch, inc;
};

/* Opens or creates dir/ledger.db; check: quick_check too. A damaged ledger is salvaged into a new file (the old one
 * kept as ledger.db.damaged), never dropped. clock is borrowed for the ledger's life. */
enum err ledger_open(struct ledger **out, const char *dir, const struct clock *clock, bool check,
                     struct error *e) MUST_CHECK;
void ledger_close(struct ledger *l);
bool ledger_refresh(struct ledger *l);    /* true when another program committed since the last call */
struct sql *ledger_sql(struct ledger *l); /* for the other ledger_* modules only */
/* Sets clock by the hub's time when kiosk-sync has learnt it since this machine started; true: the clock changed. */
bool ledger_learn_clock(struct ledger *l, struct clock *clock);
enum err ledger_identity(struct ledger *l, struct ledger_identity *out, struct error *e) MUST_CHECK;

/* ---- a sign-up */
struct signup_answer {
    const char *id, *value; /* of a question; value as typed */
};
struct signup_draft {
    const struct row *occurrence; /* of a request NULL */
    const struct content *event;  /* or the resource that is asked for, or that help is offered with (PROTOCOL.md, 6) */
    int party;                     /* 1..20 */
    const char *name;              /* required */
    const char *telephone, *email; /* one at least, "" for none */
    const struct signup_answer *answers;
    int answer_count;
    const char *lang;
    const uint8_t *sign_sk; /* the kiosk's key, 64 bytes */
};
/* Seals, takes seats from stock when a block holds the whole party, appends the operation, makes the ticket and its
 * print job: one transaction. *out has the code. ERR_STATE: not enrolled or no seal key (then no sign-up is possible:
 * fail closed); ERR_FULL: the disk; ERR_INVALID: party, name or both ways to reach the person are missing; ERR_TOO_BIG:
 * more was typed than a box holds; ERR_GONE: the occurrence is called off. */
enum err ledger_sign_up(struct ledger *l, const struct signup_draft *d, struct ticket *out, struct error *e) MUST_CHECK;

/* By code; ERR_NOT_FOUND. Asking older than LEDGER_ASK_MS reads as waiting. */
enum err ledger_ticket_by_code(struct ledger *l, const char *code, struct ticket *out, struct error *e) MUST_CHECK;
enum err ledger_ticket_by_id(struct ledger *l, const char *id, struct ticket *out, struct error *e) MUST_CHECK;
/* Appends a cancel; state becomes TICKET_CANCELLED here at once (the seats come free at the hub). Repeating is
 * harmless. */
enum err ledger_cancel(struct ledger *l, const char *id, struct error *e) MUST_CHECK;
/* Asks the hub about a code of another kiosk. *state: 'a' asked (wait for ledger_refresh), 't' ticket is here now, 'u'
 * unknown. */
enum err ledger_find(struct ledger *l, const char *code, char *state, struct error *e) MUST_CHECK;
/* Seats in stock for an occurrence. */
int ledger_stock(struct ledger *l, const char *occurrence);
/* Tells kiosk-sync that the replica looked damaged. */
void ledger_suspect_replica(struct ledger *l);

/* ---- for the staff page */
struct ledger_status {
    int unsent, unsafe; /* operations not acknowledged; acknowledged but not yet safe */
    int jobs_open;
    int64_t contact_at, contact_try_at; /* Unix seconds, 0 never */
    char contact_fault[24];             /* "", or a word of sync/fault.h: "net", "tls", "clock", "revoked" ... */
    char line[80]; /* the way to the network: "" unknown or none, "wire eth0", "radio 60 NAME" (signal of 100) */
    char
        printer[24]; /* "", "ok", "low", "paper", "cover", "offline", "stalled", "error", "unknown" (assets/printers) */
    int64_t printer_at;
};
enum err ledger_status(struct ledger *l, struct ledger_status *out, struct error *e) MUST_CHECK;

#endif
