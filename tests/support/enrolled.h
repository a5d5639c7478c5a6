/* An enrolled kiosk's ledger in a folder of its own, the hub's secret keys at hand, a clock that stands still. */
#ifndef TESTS_SUPPORT_ENROLLED_H
#define TESTS_SUPPORT_ENROLLED_H

#include "kiosk/base/clock.h"
#include "kiosk/store/ledger_sync.h"
#include "kiosk/ticket/crypto.h"
#include "tests/support/folder.h"

#define ENROLLED_NOW   INT64_C(1782900000000) /* 2026-07-01T10:00:00Z in ms */
#define ENROLLED_EVENT "00000000-0000-4000-8000-00000000e001"
#define ENROLLED_OTHER "00000000-0000-4000-8000-00000000e002"

struct enrolled {
    char folder[FOLDER_PATH], path[FOLDER_FILE]; /* of ledger.db */
    struct clock clock;
    struct ledger *l;
    uint8_t sign_pk[CRYPTO_SIGN_PUBLIC], sign_sk[CRYPTO_SIGN_SECRET];
    uint8_t seal_pk[CRYPTO_SEAL_PUBLIC], seal_sk[CRYPTO_SEAL_SECRET];
    char kid[CRYPTO_KID + 1];
    struct row row;       /* of the draft: an event a day from now */
    struct content event; /* capacity -1, terms 1; texts are literals: no content_done */
    struct signup_draft draft;
};

/* Die when they cannot. enrolled_set enrols an open ledger again after a salvage or the like. */
void enrolled_new(struct enrolled *x);
void enrolled_set(struct enrolled *x);
void enrolled_done(struct enrolled *x);
void enrolled_open(struct enrolled *x, bool check); /* after ledger_close(x->l) */
void enrolled_reopen(struct enrolled *x, bool check);
/* Signs up as the draft says; dies on an error. */
struct ticket enrolled_sign_up(struct enrolled *x);
/* Gives seats first..last of ENROLLED_EVENT under a lease with these terms, as one reply. */
void enrolled_grant(struct enrolled *x, int64_t lease, int first, int last, int terms);
/* One number of the ledger by SQL. */
int64_t enrolled_count(struct enrolled *x, const char *query);

#endif
