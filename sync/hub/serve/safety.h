/* What survives the loss of a PostgreSQL server: that which its standbys have on disk. With a setting of so many
 * standbys an operation is safe (safe_opseq) only then; a standby that is away holds safety up, not the kiosks. */
#ifndef SYNC_HUB_SERVE_SAFETY_H
#define SYNC_HUB_SERVE_SAFETY_H

#include <stdint.h>

#include "kiosk/base/sql.h"

struct safety {
    int64_t opseq; /* committed, and in the log before lsn; 0: nothing to wait for */
    char lsn[24];
};

/* The number of standbys that count, 0: safe is what is committed. Of `serve`, at its start. */
enum err safety_set(struct sql *db, int64_t standbys, struct error *e) MUST_CHECK;
/* One look: raises safe_opseq when the standbys have caught up, and begins to wait for the next. Nothing to do without
 * standbys. */
enum err safety_follow(struct safety *s, struct sql *db, struct error *e) MUST_CHECK;

#endif
