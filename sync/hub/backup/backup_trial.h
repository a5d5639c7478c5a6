/* The restore drill: a copy is worth what a hub can make of it. */
#ifndef SYNC_HUB_BACKUP_BACKUP_TRIAL_H
#define SYNC_HUB_BACKUP_BACKUP_TRIAL_H

#include "sync/hub/hub.h"

struct backup_trial {
    const char *file;    /* the copy; only read */
    const char *scratch; /* folder that is made for the trial, and emptied of an older one first */
    const char *data;    /* its keys/ are used */
    struct clock clock;
    int64_t epoch_above; /* the epoch becomes higher than this and than the copy's own */
    int64_t opseq;       /* out: the last operation it holds */
    int64_t epoch;       /* out: its new epoch */
};

/* Restores the copy in scratch/ as a hub would have it after a loss, and makes sure of it: readable from end to end,
 * sound, whole in its numbers, at this program's schema, in a new epoch with its free seats quarantined, and able to
 * sign a head that verifies. Then scratch/hub.db is that hub's database, closed and synced. ERR_CORRUPT says what is
 * wrong. */
enum err backup_try(struct backup_trial *t, struct error *e) MUST_CHECK;

#endif
