/* Opening boxes. A box names its sign-up inside, so that one moved to another row shows. */
#include "sync/hub/seats/opened.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/guard.h"
#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "sync/hub/keys.h"
#include "sync/hub/seats/sheet.h"

struct opened {
    struct hub *hub;
    const struct opened_query *query;
    struct wire_keys doc;
    int count; /* secrets at hand, in the order of doc */
    bool have[WIRE_SEALS];
    uint8_t sk[WIRE_SEALS][CRYPTO_SEAL_SECRET];
};

/* One row as text; what is not known is "". */
struct opened_row {
    const char *id, *code, *state, *ev, *title, *seats, *form, *kid, *quality, *fault;
    const struct json *resource, *owner; /* of a request: what its resource and that one's community say; NULL unknown */
    char start[26], arrived[21];
    const char *claimed;
    int64_t party;
    const struct json *box; /* the opened text, NULL with a fault */
};

static const char *const opened_columns[] = {"id",    "code",  "state",     "event", "title",   "start", "party",
                                             "seats", "name",  "telephone", "email", "answers", "lang",  "consent",
                                             "form",  "kiosk", "claimed",   "clock", "arrived", "fault"};

/* A request's, in the order of opened_request_cells(). */
static const char *const opened_request_columns[] = {"id",    "code",      "state",           "resource",        "title", "direction", "type",    "community",
                                                     "community_telephone", "community_email", "name",            "telephone", "email", "message", "lang",
                                                     "consent", "kiosk",   "claimed",         "clock",           "arrived", "fault"};
enum { OPENED_REQUEST_COLUMNS = sizeof opened_request_columns / sizeof opened_request_columns[0] };

static enum err opened_load(struct opened *o, struct error *e)
{
    struct keys *k = guard_new(sizeof *k);
    enum err err = keys_load(k, o->hub->dir, e);
    o->doc = k->doc;
    guard_free(k, sizeof *k);
    if (err)
        return err;
    for (int i = 0; i < o->doc.seal_count; i++) {
        err = keys_seal_secret(o->hub->dir, o->doc.seal[i].id, o->query->passphrase, o->sk[i], e);
        if (err && err != ERR_NOT_FOUND)
            return err;
        o->have[i] = !err;
    }
    return ERR_NONE;
}

static struct json *opened_parse(const uint8_t *text, size_t n, const char *id, const char **fault)
{
    struct json *j = NULL;
    if (json_parse(&j, (const char *)text, n, WIRE_BOX_MAX, NULL) || !json_is_object(j)) {
        *fault = "not readable";
    } else if (strcmp(json_str(j, "id", ""), id) != 0) {
        *fault = "made for another sign-up";
        json_free(j);
        j = NULL;
    }
    return j;
}

static struct json *opened_box(const struct opened *o, struct sql_stmt *st, const char *id, const char **fault)
{
    uint8_t text[WIRE_BOX_MAX];
    size_t n = 0;
    const uint8_t *box = sql_blob(st, 14, &n);
    *fault = sql_text(st, 13)[0] ? "sealed to a key that is not here" : "erased after the event";
    for (int i = 0; i < o->doc.seal_count; i++) {
        if (!o->have[i] || strcmp(o->doc.seal[i].id, sql_text(st, 13)) != 0)
            continue;
        *fault = "the box does not open";
        if (n <= CRYPTO_SEAL_EXTRA || n > sizeof text || crypto_open(text, box, n, o->doc.seal[i].pk, o->sk[i], NULL))
            return NULL;
        *fault = "";
        struct json *j = opened_parse(text, n - CRYPTO_SEAL_EXTRA, id, fault);
        crypto_wipe(text, sizeof text);
        return j;
    }
    return NULL;
}

/* ---- rows */

static void opened_answers(struct buf *out, const struct json *answers)
{
    for (const struct json *a = json_first(answers); a; a = json_next(a)) {
        char number[24];
        snprintf(number, sizeof number, "%lld", (long long)json_value_int(a, 0));
        buf_addf(out, "%s%s: %s", out->len ? "; " : "", json_name(a) ? json_name(a) : "", json_value_str(a, number));
    }
}

static void opened_csv(struct buf *out, const struct opened_row *r)
{
    char party[24];
    struct buf answers;
    snprintf(party, sizeof party, "%lld", (long long)r->party);
    buf_init(&answers, 2 * WIRE_BOX_MAX);
    opened_answers(&answers, json_get(r->box, "answers"));
    const char *cells[] = {r->id,
                           r->code,
                           r->state,
                           r->ev,
                           r->title,
                           r->start,
                           party,
                           r->seats,
                           json_str(r->box, "name", ""),
                           json_str(r->box, "telephone", ""),
                           json_str(r->box, "email", ""),
                           answers.data,
                           json_str(r->box, "lang", ""),
                           json_str(r->box, "consent", ""),
                           r->form,
                           r->kid,
                           r->claimed,
                           r->quality,
                           r->arrived,
                           r->fault};
    _Static_assert(sizeof cells == sizeof opened_columns, "a cell for each column");
    for (size_t i = 0; i < sizeof cells / sizeof cells[0]; i++) {
        char clean[2 * WIRE_BOX_MAX + 1];
        text_sanitize(clean, sizeof clean, cells[i], strlen(cells[i]), TEXT_LINES);
        sheet_cell(out, i == 0, clean);
    }
    sheet_end_row(out);
    buf_wipe(&answers);
    buf_done(&answers);
}

static void opened_json(struct buf *out, const struct opened_row *r)
{
    struct json *j = json_new_object();
    json_put_str(j, "id", r->id);
    json_put_str(j, "code", r->code);
    json_put_str(j, "state", r->state);
    json_put_str(j, "event", r->ev);
    json_put_str(j, "title", r->title);
    json_put_str(j, "start", r->start);
    json_put_int(j, "party", r->party);
    json_put_str(j, "seats", r->seats);
    static const char *const members[] = {"name", "telephone", "email", "lang", "consent"};
    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++)
        json_put_str(j, members[i], json_str(r->box, members[i], ""));
    if (json_is_object(json_get(r->box, "answers")))
        json_put(j, "answers", json_dup(json_get(r->box, "answers")));
    json_put_str(j, "form", r->form);
    json_put_str(j, "kiosk", r->kid);
    json_put_str(j, "claimed", r->claimed);
    json_put_str(j, "clock", r->quality);
    json_put_str(j, "arrived", r->arrived);
    json_put_str(j, "fault", r->fault);
    json_write(j, out);
    json_free(j);
}

/* The hub's word for a state, as it is meant of a request. */
static const char *opened_request_state(const char *state)
{
    return strcmp(state, "waitlisted") == 0 ? "received" : strcmp(state, "confirmed") == 0 ? "passed_on" : state;
}

static void opened_request_cells(const struct opened_row *r, const char *cells[OPENED_REQUEST_COLUMNS])
{
    const char *const all[] = {r->id,
                               r->code,
                               opened_request_state(r->state),
                               r->ev,
                               r->title,
                               json_str(r->resource, "direction", ""),
                               json_str(r->resource, "resourceType", ""),
                               json_str(r->owner, "name", json_str(r->resource, "providerName", "")),
                               json_str(r->owner, "telephone", ""),
                               json_str(r->owner, "email", ""),
                               json_str(r->box, "name", ""),
                               json_str(r->box, "telephone", ""),
                               json_str(r->box, "email", ""),
                               json_str(json_get(r->box, "answers"), "message", ""),
                               json_str(r->box, "lang", ""),
                               json_str(r->box, "consent", ""),
                               r->kid,
                               r->claimed,
                               r->quality,
                               r->arrived,
                               r->fault};
    _Static_assert(sizeof all == sizeof opened_request_columns, "a cell for each column");
    memcpy(cells, all, sizeof all);
}

static void opened_request(struct buf *out, const struct opened_row *r, char format)
{
    const char *cells[OPENED_REQUEST_COLUMNS];
    struct json *j = json_new_object();
    opened_request_cells(r, cells);
    for (int i = 0; i < OPENED_REQUEST_COLUMNS; i++) {
        char clean[2 * WIRE_BOX_MAX + 1];
        text_sanitize(clean, sizeof clean, cells[i], strlen(cells[i]), TEXT_LINES);
        if (format == 'j')
            json_put_str(j, opened_request_columns[i], cells[i]);
        else
            sheet_cell(out, i == 0, clean);
    }
    if (format == 'j')
        json_write(j, out);
    else
        sheet_end_row(out);
    json_free(j);
}

/* A record's "d", NULL when there is none. */
static struct json *opened_record(const char *text)
{
    struct json *j = NULL;
    return text[0] && json_parse(&j, text, strlen(text), WIRE_ITEM_MAX, NULL) == ERR_NONE ? j : NULL;
}

/* That of a resource's community. */
static struct json *opened_owner(struct sql *db, const struct json *resource)
{
    struct sql_stmt *st = sql_get(db, "SELECT d FROM record WHERE id = :id AND kind = 'community'");
    bool row = false;
    sql_bind_text(st, ":id", json_str(resource, "provider", ""));
    struct json *j = sql_step(st, &row, NULL) == ERR_NONE && row ? opened_record(sql_text(st, 0)) : NULL;
    sql_reset(st);
    return j;
}

static void opened_write(const struct opened *o, const struct opened_row *r, struct buf *out)
{
    if (o->query->what == OPENED_REQUESTS)
        opened_request(out, r, o->query->format);
    else if (o->query->format == 'j')
        opened_json(out, r);
    else
        opened_csv(out, r);
}

static void opened_row(const struct opened *o, struct sql_stmt *st, bool first, struct buf *out)
{
    struct opened_row r = {.id = sql_text(st, 0),
                           .code = sql_text(st, 1),
                           .state = sql_text(st, 2),
                           .ev = sql_text(st, 3),
                           .title = sql_text(st, 4),
                           .party = sql_int(st, 6),
                           .seats = sql_text(st, 7),
                           .form = sql_text(st, 8),
                           .kid = sql_text(st, 9),
                           .claimed = sql_text(st, 10),
                           .quality = sql_text(st, 11)};
    if (!sql_is_null(st, 5))
        instant_format_local(sql_int(st, 5), o->hub->zone, r.start);
    instant_format_utc(sql_int(st, 12), r.arrived);
    struct json *box = opened_box(o, st, r.id, &r.fault), *resource = opened_record(sql_text(st, 15)),
                *owner = resource ? opened_owner(o->hub->db, resource) : NULL;
    r.box = box;
    r.resource = resource;
    r.owner = owner;
    if (o->query->format == 'j')
        buf_add_str(out, first ? "\n" : ",\n");
    opened_write(o, &r, out);
    json_free(box);
    json_free(resource);
    json_free(owner);
}

static enum err opened_rows(const struct opened *o, struct buf *out, struct error *e)
{
    struct sql_stmt *st = sql_get(
        o->hub->db, "SELECT s.id, s.code, s.state, s.ev, r.name, o.start_at, s.party, s.seats, s.form, s.kid, "
                    "s.claimed_at, s.quality, s.at, s.box_key, s.box, q.d FROM signup s LEFT JOIN occurrence o ON "
                    "o.id = s.ev LEFT JOIN record q ON q.id = s.ev AND q.kind = 'resource' LEFT JOIN record r ON r.id = "
                    "coalesce(o.record, q.id) "
                    "WHERE (q.id IS NOT NULL) = (:requests = 1) AND (:event IS NULL OR s.ev = :event OR o.record = :event) "
                    "ORDER BY s.arrival");
    bool row = true, first = true;
    enum err err = ERR_NONE;
    sql_bind_text(st, ":event", o->query->event);
    sql_bind_int(st, ":requests", o->query->what == OPENED_REQUESTS);
    while (!(err = sql_step(st, &row, e)) && row) {
        opened_row(o, st, first, out);
        first = false;
    }
    return err;
}

static enum err opened_check_event(struct sql *db, const char *event, struct error *e)
{
    if (!event)
        return ERR_NONE;
    struct sql_stmt *st =
        sql_get(db, "SELECT 1 WHERE EXISTS (SELECT 1 FROM occurrence WHERE id = :id) OR EXISTS "
                    "(SELECT 1 FROM record WHERE id = :id) OR EXISTS (SELECT 1 FROM signup WHERE ev = :id)");
    bool row = false;
    sql_bind_text(st, ":id", event);
    enum err err = sql_step(st, &row, e);
    sql_reset(st);
    return err || row ? err : error_set(e, ERR_NOT_FOUND, "no event or occurrence has the id %s", event);
}

enum err opened_list(struct hub *h, const struct opened_query *q, struct buf *out, struct error *e)
{
    struct opened *o = guard_new(sizeof *o);
    o->hub = h;
    o->query = q;
    enum err err = opened_check_event(h->db, q->event, e);
    if (!err)
        err = opened_load(o, e);
    bool requests = q->what == OPENED_REQUESTS;
    const char *const *columns = requests ? opened_request_columns : opened_columns;
    size_t count = requests ? OPENED_REQUEST_COLUMNS : sizeof opened_columns / sizeof opened_columns[0];
    if (q->format == 'j')
        buf_add_char(out, '[');
    for (size_t i = 0; q->format == 'c' && i < count; i++)
        sheet_cell(out, i == 0, columns[i]);
    if (q->format == 'c')
        sheet_end_row(out);
    if (!err)
        err = opened_rows(o, out, e);
    if (q->format == 'j')
        buf_add_str(out, "\n]\n");
    guard_free(o, sizeof *o);
    return err;
}
