/* Leases: how many seats a kiosk gets, and sending them until it has them. */
#include "sync/hub/seats/lease.h"

#include <string.h>

#include "sync/hub/seats/demand.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/seats/seats_event.h"

static int64_t lease_count(struct sql *db, const char *text, const char *name, const char *value)
{
    struct sql_stmt *st = sql_get(db, text);
    bool row = false;
    if (name)
        sql_bind_text(st, name, value);
    int64_t n = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

/* ---- policy */

/* An equal share, until it is known what people ask for at this kiosk. */
static int64_t lease_share(const struct hub *h, const char *kid, int64_t spare)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT count(*) FROM kiosk WHERE state = 'active' AND EXISTS (SELECT 1 FROM "
                                         "kiosk WHERE kid = :kid AND made_at > :new)");
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":new", hub_now(h) - LEASE_NEW);
    int64_t kiosks = sql_step(st, &row, NULL) == ERR_NONE && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    int64_t share = kiosks > 0 ? spare / kiosks : 0;
    return share > LEASE_SHARE ? LEASE_SHARE : share;
}

/* How many seats, 0 for none. `left`: the free ones. The hub keeps a fifth, at least one, for who asks it; the kiosk
 * gets what it asked for, or what will be asked for there until it speaks again, whichever is more. */
static int lease_size(const struct hub *h, const char *kid, const char *ev, int64_t left, int want)
{
    int64_t keep = (left + 4) / 5;
    int64_t spare = left - (keep < 1 ? 1 : keep), most = left / 4;
    int64_t n = demand_forecast(h, kid, ev), share = want > 0 ? want : lease_share(h, kid, spare);
    n = share > n ? share : n;
    n = n < 1 ? 1 : n > LEASE_MOST ? LEASE_MOST : n;
    n = n > most ? most : n;
    return (int)(n > spare ? spare : n);
}

/* Two resets in a day look like two devices with one key: it gets nothing more to sell until a day has passed. */
static bool lease_is_suspended(const struct hub *h, const char *kid)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT resets >= 2 AND reset_at > :day FROM kiosk WHERE kid = :kid");
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":day", hub_now(h) - 86400);
    bool suspended = sql_step(st, &row, NULL) != ERR_NONE || !row || sql_int(st, 0) != 0;
    sql_reset(st);
    return suspended;
}

static bool lease_is_allowed(const struct hub *h, const struct seats_event *ev, const char *kid)
{
    if (!ev->known || ev->cancelled || ev->capacity < 1 || ev->start_at <= hub_now(h))
        return false;
    if (ev->capacity < LEASE_CAPACITY_MIN && !demand_is_home(h, kid, ev->id))
        return false;
    if (lease_count(h->db,
                    "SELECT EXISTS (SELECT 1 FROM signup WHERE ev = :ev AND state IN ('waitlisted', 'displaced'))",
                    ":ev", ev->id))
        return false;
    if (lease_is_suspended(h, kid))
        return false;
    return lease_count(
               h->db,
               "SELECT count(*) FROM lease l WHERE l.kid = :kid AND EXISTS (SELECT 1 FROM seat s WHERE s.ev = l.ev "
               "AND s.state = 'held' AND s.lease = l.lease)",
               ":kid", kid) < WIRE_HELD;
}

/* The first run of `want` free seats, or the longest run there is. Returns its length. */
static int lease_find_run(struct sql *db, const char *ev, int want, int *first)
{
    struct sql_stmt *st = sql_get(db, "SELECT seat FROM seat WHERE ev = :ev AND state = 'free' ORDER BY seat");
    bool row = true;
    int start = 0, before = -1, best = 0;
    sql_bind_text(st, ":ev", ev);
    while (best < want && sql_step(st, &row, NULL) == ERR_NONE && row) {
        int seat = (int)sql_int(st, 0);
        if (seat != before + 1)
            start = seat;
        before = seat;
        if (seat - start + 1 > best) {
            best = seat - start + 1;
            *first = start;
        }
    }
    sql_reset(st);
    return best;
}

/* ---- granting */

/* The next fence's number. A sequence, where several grant at once: numbers may be passed over, never used twice. */
static enum err lease_next(struct sql *db, int64_t *counter, struct error *e)
{
    if (!sql_is_shared(db)) {
        *counter = hub_meta_int(db, "lease_counter", 0) + 1;
        return hub_meta_set_int(db, "lease_counter", *counter, e);
    }
    struct sql_stmt *st = sql_get(db, "SELECT nextval('lease_counter')");
    bool row = false;
    enum err err = sql_step(st, &row, e);
    *counter = !err && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return err;
}

static enum err lease_insert(struct hub *h, const struct keys *k, const char *kid, struct wire_grant *g,
                             struct error *e)
{
    int64_t counter = 0;
    enum err err = lease_next(h->db, &counter, e);
    if (err)
        return err;
    g->lease = hub_meta_int(h->db, "epoch", 1) << 32 | counter;
    wire_grant_sign(g, kid, k->lease);
    struct sql_stmt *st = sql_get(h->db, "INSERT INTO lease (lease, ev, kid, first, last, terms, sig, taken) "
                                         "VALUES (:lease, :ev, :kid, :first, :last, :terms, :sig, 0)");
    sql_bind_int(st, ":lease", g->lease);
    sql_bind_text(st, ":ev", g->ev);
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":first", g->first);
    sql_bind_int(st, ":last", g->last);
    sql_bind_int(st, ":terms", g->terms);
    sql_bind_text(st, ":sig", g->sig);
    return sql_run(st, e);
}

static enum err lease_hold(struct sql *db, const struct wire_grant *g, struct error *e)
{
    struct sql_stmt *st =
        sql_get(db, "UPDATE seat SET state = 'held', lease = :lease WHERE ev = :ev AND state = 'free' "
                    "AND seat BETWEEN :first AND :last");
    sql_bind_int(st, ":lease", g->lease);
    sql_bind_text(st, ":ev", g->ev);
    sql_bind_int(st, ":first", g->first);
    sql_bind_int(st, ":last", g->last);
    enum err err = sql_run(st, e);
    if (!err && sql_changes(db) != g->last - g->first + 1)
        err = error_set(e, ERR_STATE, "seats of %s changed hands while they were leased", g->ev);
    return err;
}

enum err lease_grant(struct hub *h, const struct keys *k, const char *kid, const char *ev_id, int want, struct error *e)
{
    struct seats_event ev;
    enum err err = seats_event_get(h->db, ev_id, &ev, e);
    if (err || !lease_is_allowed(h, &ev, kid))
        return err;
    err = seats_event_fit(h->db, &ev, e);
    if (err)
        return err;
    int64_t left = lease_count(h->db, "SELECT count(*) FROM seat WHERE ev = :ev AND state = 'free'", ":ev", ev_id);
    struct wire_grant g = {.terms = ev.terms};
    int n = lease_size(h, kid, ev_id, left, want);
    if (n < 1 || (n = lease_find_run(h->db, ev_id, n, &g.first)) < 1)
        return ERR_NONE;
    g.last = g.first + n - 1;
    memcpy(g.ev, ev.id, sizeof g.ev);
    err = lease_insert(h, k, kid, &g, e);
    return err ? err : lease_hold(h->db, &g, e);
}

/* Those it never had a block of, or sold every block of; what it gave back it has to ask for again.
 * An occurrence that somebody else is working on is left for the next time: nobody waits for what was not asked for. */
enum err lease_grant_coming(struct hub *h, const struct keys *k, const char *kid, struct error *e)
{
    enum err err = demand_read_places(h, e);
    if (err)
        return err;
    struct sql_stmt *st = sql_get(
        h->db,
        "SELECT o.id FROM occurrence o WHERE o.start_at > :now AND o.start_at < :until AND o.cancelled = 0 AND "
        "(o.capacity >= :least OR (o.capacity > 3 AND EXISTS (SELECT 1 FROM record r, kiosk me WHERE r.id = o.record "
        "AND me.kid = :kid AND " DEMAND_HOME "))) AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.ev = o.id AND l.kid = "
        ":kid AND l.last - l.first + 1 > (SELECT count(*) FROM seat s WHERE s.ev = l.ev AND s.seat BETWEEN l.first AND "
        "l.last AND s.lease = l.lease AND s.state = 'sold')) AND (o.seated = 0 OR "
        "EXISTS (SELECT 1 FROM seat s WHERE s.ev = o.id AND s.state = 'free')) ORDER BY o.start_at LIMIT :most "
        "/*pg FOR NO KEY UPDATE OF o SKIP LOCKED */");
    char ids[LEASE_AT_ONCE][WIRE_UUID + 1];
    int count = 0;
    bool row = true;
    sql_bind_int(st, ":now", hub_now(h));
    sql_bind_int(st, ":until", hub_now(h) + LEASE_AHEAD);
    sql_bind_int(st, ":least", LEASE_CAPACITY_MIN);
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":most", LEASE_AT_ONCE);
    while (!(err = sql_step(st, &row, e)) && row && count < LEASE_AT_ONCE) {
        memcpy(ids[count], sql_text(st, 0), WIRE_UUID);
        ids[count++][WIRE_UUID] = '\0';
    }
    sql_reset(st);
    for (int i = 0; !err && i < count; i++)
        err = lease_grant(h, k, kid, ids[i], 0, e);
    return err;
}

/* ---- sending */

enum err lease_taken(struct sql *db, const char *kid, int64_t lease, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE lease SET taken = 1 WHERE lease = :lease AND kid = :kid AND taken = 0");
    sql_bind_int(st, ":lease", lease);
    sql_bind_text(st, ":kid", kid);
    return sql_run(st, e);
}

enum err lease_held(struct sql *db, const char *kid, const int64_t *held, int count, int64_t *unknown,
                    int *unknown_count, struct error *e)
{
    enum err err = ERR_NONE;
    *unknown_count = 0;
    for (int i = 0; !err && i < count; i++) {
        struct sql_stmt *st = sql_get(db, "SELECT taken FROM lease WHERE lease = :lease AND kid = :kid");
        bool row = false;
        sql_bind_int(st, ":lease", held[i]);
        sql_bind_text(st, ":kid", kid);
        err = sql_step(st, &row, e);
        bool fresh = !err && row && !sql_int(st, 0);
        if (!row)
            unknown[(*unknown_count)++] = held[i];
        sql_reset(st);
        if (fresh)
            err = lease_taken(db, kid, held[i], e);
    }
    return err;
}

enum err lease_bind_all(struct sql *db, const char *kid, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE lease SET taken = 1 WHERE kid = :kid AND taken = 0");
    sql_bind_text(st, ":kid", kid);
    return sql_run(st, e);
}

enum err lease_write(struct sql *db, const struct keys *k, const char *kid, struct buf *out, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT l.ev, l.lease, l.first, l.last, l.terms FROM lease l WHERE l.kid "
                                      "= :kid AND l.taken = 0 AND EXISTS "
                                      "(SELECT 1 FROM seat s WHERE s.ev = l.ev AND s.state = 'held' AND s.lease = "
                                      "l.lease) ORDER BY l.lease LIMIT :most");
    bool row = true;
    enum err err = ERR_NONE;
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":most", WIRE_GRANTS);
    while (!(err = sql_step(st, &row, e)) && row) {
        struct wire_grant g = {.lease = sql_int(st, 1),
                               .first = (int)sql_int(st, 2),
                               .last = (int)sql_int(st, 3),
                               .terms = sql_int(st, 4)};
        strncpy(g.ev, sql_text(st, 0), WIRE_UUID);
        wire_grant_sign(&g, kid, k->lease);
        wire_grant_write(&g, out);
    }
    return err;
}
