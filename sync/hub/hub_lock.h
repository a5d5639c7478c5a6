/* What only one hub may do at a time when several work on one database. With SQLite there is one writer anyway, and all
 * of these succeed at once. */
#ifndef SYNC_HUB_HUB_LOCK_H
#define SYNC_HUB_HUB_LOCK_H

#include "kiosk/base/sql.h"

enum hub_lock { HUB_LOCK_NUMBERS = 2, HUB_LOCK_PAGES, HUB_LOCK_IMPORT, HUB_LOCK_DUTY };

/* Until the end of the transaction. wait: ERR_BUSY after 5 s. */
enum err hub_lock_wait(struct sql *db, enum hub_lock which, struct error *e) MUST_CHECK;
bool hub_lock_try(struct sql *db, enum hub_lock which);
/* Whether this process is the one that does the daily work: asked for again and again, and kept until the connection
 * ends, whereupon another gets it. Outside transactions. */
bool hub_lock_on_duty(struct sql *db);

#endif
