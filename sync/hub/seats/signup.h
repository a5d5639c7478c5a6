/* Rows of the table signup as structs, and the decisions that follow from them. Inside the caller's transaction. */
#ifndef SYNC_HUB_SEATS_SIGNUP_H
#define SYNC_HUB_SEATS_SIGNUP_H

#include "kiosk/base/sql.h"
#include "sync/wire_batch.h"
#include "sync/wire_reply.h"

struct signup {
    int64_t arrival; /* 0: not there */
    char id[WIRE_UUID + 1], ev[WIRE_UUID + 1], code[CODE_LEN + 1], kid[CRYPTO_KID + 1];
    enum wire_state state;
    int party;
    int seat_count;
    int seats[WIRE_PARTY_MAX];
    int64_t lease, terms;
    int64_t passed; /* how often others were seated before it while it waited; counted in the database only */
};

/* ERR_NONE with arrival 0 when there is none. By code: the newest that is not cancelled before others. */
enum err signup_by_id(struct sql *db, const char *id, struct signup *out, struct error *e) MUST_CHECK;
enum err signup_by_code(struct sql *db, const char *code, struct signup *out, struct error *e) MUST_CHECK;
/* The next of an occurrence in a state, after `after` in order of arrival. arrival 0 at the end. */
enum err signup_next(struct sql *db, const char *ev, enum wire_state state, int64_t after, struct signup *out,
                     struct error *e) MUST_CHECK;
/* Takes the operation in under a state; out is the new row. at: Unix seconds. */
enum err signup_insert(struct sql *db, const struct wire_op *op, const char *kid, int64_t at, struct signup *out,
                       struct error *e) MUST_CHECK;
/* Writes state, seats and lease of s. */
enum err signup_save(struct sql *db, const struct signup *s, struct error *e) MUST_CHECK;
/* Tells the kiosk that holds the ticket: st is the sign-up's state, or WIRE_TERMS_CHANGED. */
enum err signup_tell(struct sql *db, const struct signup *s, enum wire_state st, struct error *e) MUST_CHECK;
/* The same to another kiosk, where its code was typed. */
enum err signup_tell_to(struct sql *db, const char *kid, const struct signup *s, enum wire_state st,
                        struct error *e) MUST_CHECK;
/* Tells a kiosk the state of all sign-ups made there whose events ended after `since` (Unix seconds), and of those for
 * no event that arrived after it: it, or the hub, may have forgotten what was told. */
enum err signup_tell_all(struct sql *db, const char *kid, int64_t since, struct error *e) MUST_CHECK;
/* Place in the queue from 1, 0 when it does not wait. The displaced come first. */
int64_t signup_position(struct sql *db, const struct signup *s);

#endif
