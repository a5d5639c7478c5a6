/* Print jobs: made with a sign-up, asked for again by its holder, worked by kiosk-print. */
#ifndef KIOSK_STORE_LEDGER_JOBS_H
#define KIOSK_STORE_LEDGER_JOBS_H

#include "kiosk/store/ledger.h"

enum job_state { JOB_QUEUED, JOB_PRINTING, JOB_PRINTED, JOB_UNSURE, JOB_CANCELLED };
enum job_fault { JOB_FINE, JOB_PAPER, JOB_COVER, JOB_OFFLINE, JOB_STALLED, JOB_ERROR };

struct job {
    int64_t id;
    bool is_test; /* a test page, no ticket */
    char signup[CONTENT_ID];
    enum job_state state;
    enum job_fault fault; /* why it waits */
    char lang[8];
    int tries;
};

/* Print (again): same code, same token. Adds a job unless one is open already. signup NULL: a test page. */
enum err ledger_job_add(struct ledger *l, const char *signup, const char *lang, int64_t *id,
                        struct error *e) MUST_CHECK;
/* The newest job of a sign-up (for the ticket screen); ERR_NOT_FOUND. */
enum err ledger_job_of(struct ledger *l, const char *signup, struct job *out, struct error *e) MUST_CHECK;
/* The oldest job that may be printed now. ERR_NOT_FOUND: none; *wait_ms then is the time until one may be, -1: none
 * waits. */
enum err ledger_job_next(struct ledger *l, struct job *out, int64_t *wait_ms, struct error *e) MUST_CHECK;
enum err ledger_job_set(struct ledger *l, int64_t id, enum job_state state, enum job_fault fault,
                        struct error *e) MUST_CHECK;
/* After a crash: jobs left 'printing' become 'unsure' (they may be on paper; the person can print again). */
enum err ledger_jobs_recover(struct ledger *l, struct error *e) MUST_CHECK;
enum err ledger_set_printer(struct ledger *l, const char *state, struct error *e) MUST_CHECK;

#endif
