/* Copies of the hub's database, and when what kiosks sent counts as safe (PROTOCOL.md, 4: safe_opseq). SQLite only.
 * meta "backups" is what the operator decided: "yes", "none", or nothing so far. */
#ifndef SYNC_HUB_BACKUP_BACKUP_H
#define SYNC_HUB_BACKUP_BACKUP_H

#include "sync/hub/hub.h"

enum { BACKUP_NAME = 23, BACKUP_UNDECIDED = 30 * 86400 /* seconds */ };

/* A whole copy in a file that must not exist yet, while others go on writing. *opseq: it holds at least the operations
 * up to there. counts: from now on nothing more is safe until backup_passed says so; false: the operator's settings say
 * that there are no backups. */
enum err backup_copy(struct hub *h, const char *file, bool counts, int64_t *opseq, struct error *e) MUST_CHECK;
/* That copy was tried and is good: kiosks may forget what it holds. */
enum err backup_passed(struct hub *h, int64_t opseq, struct error *e) MUST_CHECK;

/* "hub-20261123T030000Z.db". */
void backup_name(char out[BACKUP_NAME + 1], int64_t at);
bool backup_is_name(const char *name);
/* The newest copy in the folder dir; ERR_NOT_FOUND: none. */
enum err backup_newest(const char *dir, char name[BACKUP_NAME + 1], struct error *e) MUST_CHECK;
/* Deletes the oldest copies, with the keys beside them, until `keep` are left. */
enum err backup_prune(const char *dir, int keep, struct error *e) MUST_CHECK;

/* The operator's word: "yes" or "none". "none": all is safe at once. Unknown words are ERR_USAGE. */
enum err backup_decide(struct sql *db, const char *word, struct error *e) MUST_CHECK;
/* While nobody decided, what came 30 days ago or earlier counts as safe (it may be 60): a copy that somebody made in
 * some way is rarely older, and kiosks need not keep everything for ever. To be called now and then. */
enum err backup_undecided(struct hub *h, struct error *e) MUST_CHECK;

#endif
