/* Which stock goes back. */
#include "sync/stock.h"

#include "kiosk/store/replica.h"

enum { STOCK_EVENTS = 256, STOCK_NONE = -1, STOCK_QUIET_MIN = 3600, STOCK_QUIET_MAX = 2 * 86400 };

/* Terms under which seats of this occurrence may still be sold; STOCK_NONE: none may. */
static int stock_terms(struct replica *r, const char *occurrence, int64_t now, int64_t *start)
{
    struct row row = {0};
    struct content event = {0};
    int terms = STOCK_NONE;
    if (replica_get_occurrence(r, occurrence, &row, &event, NULL) == ERR_NONE && !row.cancelled && !event.cancelled &&
        row.start > now)
        terms = event.terms;
    *start = row.start;
    content_done(&event);
    return terms;
}

/* A block may lie unsold for a quarter of the time that is left, so that somebody else still can sell it; two days at
 * most, an hour at least. */
static enum err stock_return_unsold(struct ledger *l, const char *event, int64_t now, int64_t start, struct error *e)
{
    int64_t quiet = (start - now) / 4;
    quiet = quiet < STOCK_QUIET_MIN ? STOCK_QUIET_MIN : quiet > STOCK_QUIET_MAX ? STOCK_QUIET_MAX : quiet;
    return ledger_return_unsold(l, event, now, now - quiet, e);
}

/* How many seats there are: the count before and after tells whether any went. */
static enum err stock_return_event(struct ledger *l, struct replica *r, const char *event, int64_t now, int *returned,
                                   struct error *e)
{
    int before = ledger_stock(l, event);
    int64_t start = 0;
    int terms = stock_terms(r, event, now, &start);
    enum err code = ledger_return_stock(l, event, terms, e);
    if (!code && terms != STOCK_NONE && now != INT64_MIN)
        code = stock_return_unsold(l, event, now, start, e);
    if (!code && ledger_stock(l, event) != before)
        ++*returned;
    return code;
}

enum err stock_return(struct ledger *l, const char *replica_path, int64_t now, int *returned, struct error *e)
{
    char events[STOCK_EVENTS][CONTENT_ID];
    enum err code = ERR_NONE;
    int count = ledger_stock_events(l, events, STOCK_EVENTS);
    *returned = 0;
    if (count == 0)
        return ERR_NONE;
    struct replica *r = replica_open(replica_path);
    bool readable = replica_state(r) == REPLICA_READY || replica_state(r) == REPLICA_EMPTY;
    for (int i = 0; i < count && readable && !code; i++)
        code = stock_return_event(l, r, events[i], now, returned, e);
    replica_close(r);
    return code;
}
