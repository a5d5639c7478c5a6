/* Print jobs: made with a sign-up, asked for again by its holder, or a slip with something to take along; worked by
 * kiosk-print. */
#ifndef KIOSK_STORE_LEDGER_JOBS_H
#define KIOSK_STORE_LEDGER_JOBS_H

#include "kiosk/store/ledger.h"

struct slip;

enum { JOB_SLIPS_AN_HOUR = 30 };
enum job_kind { JOB_TICKET, JOB_TEST, JOB_SLIP };
enum job_state { JOB_QUEUED, JOB_PRINTING, JOB_PRINTED, JOB_UNSURE, JOB_CANCELLED };
enum job_fault { JOB_FINE, JOB_PAPER, JOB_COVER, JOB_OFFLINE, JOB_STALLED, JOB_ERROR };

struct job {
    int64_t id;
    enum job_kind kind;
    char signup[CONTENT_ID]; /* of a ticket, else "" */
    enum job_state state;
    enum job_fault fault; /* why it waits */
    char lang[8];
    int tries;
};

/* Print (again): same code, same token. Adds a job unless one is open already. signup NULL: a test page. */
enum err ledger_job_add(struct ledger *l, const char *signup, const char *lang, int64_t *id,
                        struct error *e) MUST_CHECK;
/* Adds a job for a slip unless the very same one is open already. ERR_BUSY: so many were printed in the last hour that
 * somebody is playing; ERR_TOO_BIG. */
enum err ledger_slip_add(struct ledger *l, const struct slip *slip, const char *lang, int64_t *id,
                         struct error *e) MUST_CHECK;
/* What a slip's job is to print (slip_read); the caller frees *text. ERR_NOT_FOUND: no such job, or it is done. */
enum err ledger_slip_get(struct ledger *l, int64_t id, char **text, struct error *e) MUST_CHECK;
/* A job by its number; ERR_NOT_FOUND. */
enum err ledger_job_get(struct ledger *l, int64_t id, struct job *out, struct error *e) MUST_CHECK;
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
