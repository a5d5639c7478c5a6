/* The hub as its modules see it: the data folder, one connection to its database, the clock and the hub's time zone.
 * Commands open one each; `serve` keeps one. DATA holds keys/ and, unless the database is PostgreSQL's, hub.db. */
#ifndef SYNC_HUB_HUB_H
#define SYNC_HUB_HUB_H

#include <stdint.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/sql.h"

#define HUB_RESTORING "restore.tmp" /* folder in DATA while a copy is put back */

struct hub {
    char dir[4096];       /* DATA */
    const char *config;   /* configuration file named on the command line, NULL: DATA/hub.conf */
    const char *database; /* of the command line or the configuration: URL, "": DATA/hub.db */
    struct sql *db;       /* migrated */
    int lock;             /* descriptor of DATA plus 1, locked together with all who have it open; 0: none */
    struct clock clock;   /* tests put their own here */
    struct zone *zone;    /* of the hub: for all-day and floating times without a zone; NULL is UTC */
};

/* Opens the database that `init` made (ERR_NOT_FOUND: run init first): DATA/hub.db, or the one of a postgres:// URL in
 * `database` (NULL or "": none); zone is meta "zone". hub_close takes zeroed memory. A PostgreSQL that was promoted or
 * restored is noticed whenever it is connected to, and treated as `restored` (PROTOCOL.md, L8). */
enum err hub_open(struct hub *h, const char *dir, const char *database, struct error *e) MUST_CHECK;
/* The same for a database that is made when missing: of `init` and of tests. */
enum err hub_create(struct hub *h, const char *dir, const char *database, struct error *e) MUST_CHECK;
void hub_close(struct hub *h);
/* DATA for nobody else: ERR_BUSY while any program has this hub open. Ends with the descriptor, which the caller
 * closes. */
enum err hub_lock_alone(const char *dir, int *fd, struct error *e) MUST_CHECK;
int64_t hub_now(const struct hub *h); /* Unix seconds */

/* The table meta: names as in assets/schema/hub.sql. A missing name is the default. */
int64_t hub_meta_int(struct sql *db, const char *name, int64_t def);
void hub_meta_str(struct sql *db, const char *name, const char *def, char *out, unsigned long size);
enum err hub_meta_set(struct sql *db, const char *name, const char *value, struct error *e) MUST_CHECK;
enum err hub_meta_set_int(struct sql *db, const char *name, int64_t value, struct error *e) MUST_CHECK;

#endif
