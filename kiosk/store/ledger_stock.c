/* Seats this kiosk may sell without asking: choosing, taking, giving back (PROTOCOL.md, 5). */
#include "kiosk/store/ledger_private.h"

#include <string.h>

#include "kiosk/store/content_read.h"
#include "kiosk/store/ledger_sync.h"

enum { LEDGER_BLOCK_MAX = 1024, LEDGER_FORECAST_S = 7 * 86400 };

/* The seats of one block in rising order. */
struct ledger_block {
    int64_t lease;
    int count, seats[LEDGER_BLOCK_MAX];
};

/* Fills block with the next one of the event after the lease `after`; count 0: there is none. terms -1: any. */
static enum err ledger_next_block(struct ledger *l, const char *event, int terms, int64_t after,
                                  struct ledger_block *block, struct error *e)
{
    bool row = true;
    enum err code = ERR_NONE;
    *block = (struct ledger_block){0};
    struct sql_stmt *st =
        sql_get(l->db, "SELECT s.lease, s.seat FROM lease l CROSS JOIN stock s ON s.event = l.event AND"
                       " s.lease = l.lease WHERE l.event = :event AND (:terms < 0 OR l.terms = :terms)"
                       " AND l.lease > :after ORDER BY l.lease, s.seat");
    sql_bind_text(st, ":event", event);
    sql_bind_int(st, ":terms", terms);
    sql_bind_int(st, ":after", after);
    while (!code && block->count < LEDGER_BLOCK_MAX) {
        code = sql_step(st, &row, e);
        if (code || !row || (block->count && sql_int(st, 0) != block->lease))
            break;
        block->lease = sql_int(st, 0);
        block->seats[block->count++] = (int)sql_int(st, 1);
    }
    sql_reset(st);
    return code;
}

/* Where party neighbours begin in the block, -1: nowhere. */
static int ledger_neighbours(const struct ledger_block *b, int party)
{
    for (int i = 0; i + party <= b->count; i++)
        if (b->seats[i + party - 1] - b->seats[i] == party - 1)
            return i;
    return -1;
}

static void ledger_choose(const struct ledger_block *b, int from, int party, struct ledger_seats *out)
{
    out->lease = b->lease;
    out->count = party;
    memcpy(out->seats, b->seats + from, (size_t)party * sizeof out->seats[0]);
}

static enum err ledger_remove_seat(struct ledger *l, const char *event, int seat, struct error *e)
{
    struct sql_stmt *st = sql_get(l->db, "DELETE FROM stock WHERE event = :event AND seat = :seat");
    sql_bind_text(st, ":event", event);
    sql_bind_int(st, ":seat", seat);
    return sql_run(st, e);
}

enum err ledger_take_seats(struct ledger *l, const char *event, int terms, int party, struct ledger_seats *out,
                           struct error *e)
{
    struct ledger_block block = {0};
    bool neighbours = false;
    enum err code = ERR_NONE;
    *out = (struct ledger_seats){0};
    if (!ledger_anchor_holds(l))
        return ERR_NONE;
    while (!code && !neighbours) {
        code = ledger_next_block(l, event, terms, block.lease, &block, e);
        if (code || block.count == 0)
            break;
        int from = ledger_neighbours(&block, party);
        neighbours = from >= 0;
        if (neighbours || (out->count == 0 && block.count >= party))
            ledger_choose(&block, neighbours ? from : 0, party, out);
    }
    for (int i = 0; i < out->count && !code; i++)
        code = ledger_remove_seat(l, event, out->seats[i], e);
    return code;
}

int ledger_stock(struct ledger *l, const char *occurrence)
{
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT count(*) FROM stock WHERE event = :event");
    sql_bind_text(st, ":event", occurrence);
    int count = sql_step(st, &row, NULL) == ERR_NONE && row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return count;
}

/* ---- giving back */

static enum err ledger_return_block(struct ledger *l, const char *event, const struct ledger_block *b, struct error *e)
{
    struct ledger_op op;
    enum err code = ledger_op_init(l, &op, "return", e);
    if (code)
        return code;
    json_put_str(op.line, "ev", event);
    json_put_int(op.line, "lease", b->lease);
    json_put(op.line, "seats", ledger_seats_json(b->seats, b->count));
    code = ledger_op_append(l, &op, NULL, e);
    for (int i = 0; i < b->count && !code; i++)
        code = ledger_remove_seat(l, event, b->seats[i], e);
    return code;
}

enum err ledger_return_stock(struct ledger *l, const char *event, int keep_terms, struct error *e)
{
    struct ledger_block block = {0};
    enum err code = ledger_begin(l, e);
    while (!code) {
        code = ledger_next_block(l, event, -1, block.lease, &block, e);
        if (code || block.count == 0)
            break;
        bool row;
        struct sql_stmt *st = sql_get(l->db, "SELECT terms FROM lease WHERE lease = :lease");
        sql_bind_int(st, ":lease", block.lease);
        code = sql_step(st, &row, e);
        bool keep = !code && row && sql_int(st, 0) == keep_terms;
        sql_reset(st);
        if (!code && !keep)
            code = ledger_return_block(l, event, &block, e);
    }
    return ledger_finish(l, code, e);
}

enum err ledger_reply_recall(struct ledger *l, int64_t lease, struct error *e)
{
    char event[CONTENT_ID] = "";
    struct ledger_block block = {0};
    bool row;
    struct sql_stmt *st = sql_get(l->db, "SELECT event FROM lease WHERE lease = :lease");
    sql_bind_int(st, ":lease", lease);
    enum err code = sql_step(st, &row, e);
    if (!code && row)
        content_word(event, sizeof event, sql_text(st, 0));
    sql_reset(st);
    if (!code)
        code = ledger_next_block(l, event, -1, lease - 1, &block, e);
    return code || block.count == 0 || block.lease != lease ? code : ledger_return_block(l, event, &block, e);
}

/* One number about an event since a moment. */
static enum err ledger_number_since(struct ledger *l, const char *text, const char *event, int64_t since, int64_t *out,
                                    struct error *e)
{
    bool row = false;
    struct sql_stmt *st = sql_get(l->db, text);
    sql_bind_text(st, ":event", event);
    sql_bind_int(st, ":since", since);
    enum err code = sql_step(st, &row, e);
    *out = !code && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return code;
}

/* Whether the block has lain here since then without a sale. */
static enum err ledger_is_quiet(struct ledger *l, int64_t lease, int64_t since, bool *quiet, struct error *e)
{
    struct sql_stmt *st =
        sql_get(l->db, "SELECT got_at < :since AND NOT EXISTS (SELECT 1 FROM signup s WHERE s.lease = :lease AND "
                       "s.mine = 1 AND s.created_at >= :since) FROM lease WHERE lease = :lease");
    sql_bind_int(st, ":since", since);
    sql_bind_int(st, ":lease", lease);
    enum err code = sql_step(st, quiet, e);
    *quiet = !code && *quiet && sql_int(st, 0) != 0;
    sql_reset(st);
    return code;
}

/* The last seats of a block go, so that neighbours stay neighbours. */
static enum err ledger_return_tail(struct ledger *l, const char *event, const struct ledger_block *b, int64_t surplus,
                                   struct error *e)
{
    struct ledger_block tail = {.lease = b->lease, .count = surplus < b->count ? (int)surplus : b->count};
    memcpy(tail.seats, b->seats + b->count - tail.count, (size_t)tail.count * sizeof tail.seats[0]);
    return ledger_return_block(l, event, &tail, e);
}

enum err ledger_return_unsold(struct ledger *l, const char *event, int64_t now, int64_t quiet_since, struct error *e)
{
    struct ledger_block block = {0};
    int64_t asked = 0, stock = 0;
    bool quiet = false;
    enum err code = ledger_begin(l, e);
    if (!code)
        code = ledger_number_since(l,
                                   "SELECT coalesce(sum(party), 0) FROM signup WHERE event = :event AND mine = 1 "
                                   "AND created_at >= :since",
                                   event, now - LEDGER_FORECAST_S, &asked, e);
    if (!code)
        code = ledger_number_since(l, "SELECT count(*) FROM stock WHERE event = :event AND :since = :since", event, 0,
                                   &stock, e);
    int64_t surplus = stock - (asked < 1 ? 1 : asked);
    while (!code && surplus > 0) {
        code = ledger_next_block(l, event, -1, block.lease, &block, e);
        if (code || block.count == 0)
            break;
        code = ledger_is_quiet(l, block.lease, quiet_since, &quiet, e);
        if (!code && quiet) {
            code = ledger_return_tail(l, event, &block, surplus, e);
            surplus -= block.count;
        }
    }
    return ledger_finish(l, code, e);
}

int ledger_stock_events(struct ledger *l, char (*events)[CONTENT_ID], int max)
{
    bool row = true;
    int count = 0;
    struct sql_stmt *st = sql_get(l->db, "SELECT DISTINCT event FROM stock ORDER BY event");
    while (count < max && sql_step(st, &row, NULL) == ERR_NONE && row)
        content_word(events[count++], CONTENT_ID, sql_text(st, 0));
    sql_reset(st);
    return count;
}
