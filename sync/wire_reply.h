/* What the hub answers to a batch (PROTOCOL.md, 4): 200 with a first line, then grants and decisions; or 409 with a refusal. */
#ifndef SYNC_WIRE_REPLY_H
#define SYNC_WIRE_REPLY_H

#include "kiosk/ticket/code.h"
#include "sync/wire_proof.h"

/* States of a sign-up at the hub, as in hub.db and on the wire; the last two answer a find. */
enum wire_state {
    WIRE_CONFIRMED,
    WIRE_WAITLISTED,
    WIRE_DISPLACED,
    WIRE_EVENT_CANCELLED,
    WIRE_TERMS_CHANGED,
    WIRE_CONFLICT,
    WIRE_QUARANTINED,
    WIRE_CANCELLED,
    WIRE_TICKET,
    WIRE_UNKNOWN,
    WIRE_STATE_COUNT
};
const char *wire_state_name(enum wire_state s);         /* "event_cancelled" */
bool wire_state_read(enum wire_state *out, const char *name);

/* The first line. */
struct wire_reply {
    char nonce[WIRE_NONCE + 1];
    int64_t ack_n;             /* ingested for ever up to here */
    char ack_h[WIRE_HEX + 1];
    int64_t ack_opseq;         /* the hub's operation number after them */
    int64_t safe_opseq;
    char time[WIRE_TIME + 1];
    int64_t keys;              /* newest key document */
    bool more;                 /* more decisions wait: send again at once */
    char proof[WIRE_PROOF + 1]; /* to be kept and shown (wire_proof.h), "" none */
};

/* A lease: the kiosk may sell seats first..last of ev. */
struct wire_grant {
    char ev[WIRE_UUID + 1];
    int64_t lease;
    int first, last;           /* 1 <= first <= last < first + WIRE_PARTY_MAX */
    int64_t terms;
    char sig[WIRE_SIG + 1];
};

struct wire_decision {
    int64_t dn;
    enum wire_state st;        /* WIRE_TICKET and WIRE_UNKNOWN answer a find */
    char id[WIRE_UUID + 1];    /* the sign-up; "" for unknown */
    char code[CODE_LEN + 1];   /* ticket, unknown: what was asked for; else "" */
    char ev[WIRE_UUID + 1];    /* ticket */
    enum wire_state state;     /* ticket: the sign-up's */
    int party;                 /* ticket */
    int seat_count;
    int seats[WIRE_PARTY_MAX];
    int64_t lease;             /* 0: none */
    int64_t pos;               /* place in the queue while waitlisted, from 1; else 0 */
};

/* One line after the first. Lines of a kind not known here are WIRE_LINE_OTHER: skip them. */
enum wire_line_kind { WIRE_LINE_GRANT, WIRE_LINE_DECISION, WIRE_LINE_RECALL, WIRE_LINE_OTHER };
struct wire_reply_line {
    enum wire_line_kind kind;
    struct wire_grant grant;
    struct wire_decision decision;
    int64_t recall; /* a lease in `held` that the hub does not know: its seats are to be returned */
};

/* The writers append one line with its LF. */
void wire_reply_write(const struct wire_reply *r, struct buf *out);
void wire_grant_write(const struct wire_grant *g, struct buf *out);
void wire_decision_write(const struct wire_decision *d, struct buf *out);
void wire_recall_write(int64_t lease, struct buf *out);
enum err wire_reply_parse(struct wire_reply *out, const char *line, size_t n, struct error *e) MUST_CHECK;
enum err wire_reply_line_parse(struct wire_reply_line *out, const char *line, size_t n, struct error *e) MUST_CHECK;

/* Lease signature: over ev LF lease LF first LF last LF terms LF kid. */
void wire_grant_sign(struct wire_grant *g, const char *kid, const uint8_t sk[CRYPTO_SIGN_SECRET]);
bool wire_grant_verify(const struct wire_grant *g, const char *kid, const uint8_t pk[CRYPTO_SIGN_PUBLIC]);

/* The body of a 409, signed as a reply is. */
enum wire_refusal_type { WIRE_RESET, WIRE_EPOCH };
struct wire_refusal {
    enum wire_refusal_type type;
    char why[24];              /* reset: log-diverged, behind, clone, anchor-lost; "" for epoch */
    int64_t epoch;             /* the hub's, in both */
    int64_t newinc;
    char nonce[WIRE_NONCE + 1];
    char proof[WIRE_PROOF + 1]; /* as in a reply */
};
void wire_refusal_write(const struct wire_refusal *r, struct buf *out);
enum err wire_refusal_parse(struct wire_refusal *out, const char *bytes, size_t n, struct error *e) MUST_CHECK;

/* The body of a 400 ("malformed") or 403 ("revoked") to a readable envelope, signed as a reply is. Anything on the way can say
 * 400; by this a kiosk knows that the hub said it, and to which batch. */
void wire_verdict_write(const char *type, const char *nonce, struct buf *out);
bool wire_verdict_is(const char *bytes, size_t n, const char *type, const char *nonce);

#endif
