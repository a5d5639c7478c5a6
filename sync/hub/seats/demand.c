/* Counting what kiosks did lately. */
#include "sync/hub/seats/demand.h"

#include <string.h>

#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "sync/wire.h"

enum { DEMAND_AT_ONCE = 200 };

/* ---- forecast */

/* Two numbers of one row; 0 when there is none. */
static void demand_ask(struct sql_stmt *st, int64_t *a, int64_t *b)
{
    bool row = false;
    bool good = sql_step(st, &row, NULL) == ERR_NONE && row;
    *a = good ? sql_int(st, 0) : 0;
    *b = good ? sql_int(st, 1) : 0;
    sql_reset(st);
}

static int64_t demand_silence(const struct hub *h, const char *kid)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT silence, 0 FROM kiosk WHERE kid = :kid");
    int64_t silence, none;
    sql_bind_text(st, ":kid", kid);
    demand_ask(st, &silence, &none);
    return silence < DEMAND_SILENCE_MIN   ? DEMAND_SILENCE_MIN
           : silence > DEMAND_SILENCE_MAX ? DEMAND_SILENCE_MAX
                                          : silence;
}

/* Rounded up: a demand of less than one person is one. */
static int64_t demand_times(int64_t people, int64_t silence, int64_t seconds)
{
    return (people * silence + seconds - 1) / seconds;
}

int64_t demand_forecast(const struct hub *h, const char *kid, const char *ev)
{
    int64_t own, people, kinds, none, silence = demand_silence(h, kid);
    struct sql_stmt *st = sql_get(h->db, "SELECT coalesce(sum(party), 0), 0 FROM signup WHERE kid = :kid AND at > "
                                         ":since AND ev = :ev AND state <> 'cancelled'");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":since", hub_now(h) - DEMAND_OWN);
    sql_bind_text(st, ":ev", ev);
    demand_ask(st, &own, &none);
    st = sql_get(h->db, "SELECT coalesce(sum(s.party), 0), count(DISTINCT s.ev) FROM signup s JOIN occurrence o ON "
                        "o.id = s.ev WHERE s.kid = :kid AND s.at > :since AND o.capacity > 0 AND s.state <> "
                        "'cancelled'");
    sql_bind_text(st, ":kid", kid);
    sql_bind_int(st, ":since", hub_now(h) - DEMAND_ALL);
    demand_ask(st, &people, &kinds);
    int64_t usual = kinds > 0 ? demand_times(people, silence, DEMAND_ALL * kinds) : 0;
    own = demand_times(own, silence, DEMAND_OWN);
    return own > usual ? own : usual;
}

/* ---- home */

bool demand_is_home(const struct hub *h, const char *kid, const char *ev)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT count(*), 0 FROM occurrence o JOIN record r ON r.id = o.record, kiosk "
                                         "me WHERE o.id = :ev AND me.kid = :kid AND " DEMAND_HOME);
    int64_t home, none;
    sql_bind_text(st, ":ev", ev);
    sql_bind_text(st, ":kid", kid);
    demand_ask(st, &home, &none);
    return home > 0;
}

static enum err demand_read_place(struct hub *h, const char *id, const struct json *d, struct error *e)
{
    char folded[DEMAND_SITE];
    struct sql_stmt *st = sql_get(h->db, "UPDATE record SET place = :place, city = :city WHERE id = :id");
    text_fold(folded, sizeof folded, json_str(json_get(d, "location"), "name", ""));
    sql_bind_text(st, ":place", folded);
    text_fold(folded, sizeof folded, json_str(d, "addressLocality", ""));
    sql_bind_text(st, ":city", folded);
    sql_bind_text(st, ":id", id);
    return sql_run(st, e);
}

/* The next record whose place is not read; false: there is none. */
static enum err demand_next_place(struct hub *h, char id[WIRE_UUID + 1], struct json **d, bool *found, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT id, d FROM record WHERE place IS NULL AND kind = 'event' LIMIT 1 "
                                         "/*pg FOR NO KEY UPDATE SKIP LOCKED */");
    enum err err = sql_step(st, found, e);
    *d = NULL;
    if (!err && *found) {
        const char *text = sql_text(st, 1);
        strncpy(id, sql_text(st, 0), WIRE_UUID);
        id[WIRE_UUID] = '\0';
        if (json_parse(d, text, strlen(text), WIRE_ITEM_MAX, NULL))
            *d = NULL; /* it has no place, then */
    }
    sql_reset(st);
    return err;
}

enum err demand_read_places(struct hub *h, struct error *e)
{
    enum err err = ERR_NONE;
    bool found = true;
    for (int i = 0; !err && i < DEMAND_AT_ONCE; i++) {
        char id[WIRE_UUID + 1];
        struct json *d;
        err = demand_next_place(h, id, &d, &found, e);
        if (err || !found)
            break;
        err = demand_read_place(h, id, d, e);
        json_free(d);
    }
    return err;
}
