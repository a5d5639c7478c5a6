/* The row as a sign-up leaves it; written directly, so that no hub and no keys are needed. */
#include "tests/support/sample_ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "kiosk/base/json.h"
#include "kiosk/base/sql.h"

static void sample_facts(struct buf *out, const struct ticket_facts *f)
{
    struct json *j = json_new_object();
    json_put_str(j, "title", f->title);
    json_put_str(j, "place", f->place);
    json_put_str(j, "address", f->address);
    json_put_str(j, "organizer", f->organizer);
    json_put_str(j, "tz", f->tz);
    json_put_int(j, "start", f->start);
    json_put_int(j, "end", f->end);
    json_put_bool(j, "allDay", f->all_day);
    json_write(j, out);
    json_free(j);
}

struct ledger *sample_ledger(const char *dir, const struct clock *clock, const struct ticket *t)
{
    struct ledger *l = NULL;
    struct error e = {0};
    struct buf facts;
    if (ledger_open(&l, dir, clock, false, &e))
        fail_msg("%s", e.text);
    buf_init(&facts, 4096);
    sample_facts(&facts, &t->facts);
    struct sql_stmt *st = sql_get(
        ledger_sql(l), "INSERT INTO signup (id, code, event, state, party, seats, lease, pos, terms, facts, token,"
                       " lang, mine, created_at, quality, ends_at) VALUES (:id, :code, :event, 'confirmed',"
                       " :party, '19,20', 7, 0, 1, :facts, :token, :lang, 1, 1778260000, 'ok', :ends)");
    sql_bind_text(st, ":id", t->id);
    sql_bind_text(st, ":code", t->code);
    sql_bind_text(st, ":event", t->id);
    sql_bind_int(st, ":party", t->party);
    sql_bind_text(st, ":facts", facts.data);
    sql_bind_blob(st, ":token", t->token, sizeof t->token);
    sql_bind_text(st, ":lang", t->lang);
    sql_bind_int(st, ":ends", t->facts.end);
    if (sql_run(st, &e))
        fail_msg("%s", e.text);
    buf_done(&facts);
    return l;
}
