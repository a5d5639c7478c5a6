/* kiosk-hub enrol, kiosks, revoke. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "sync/hub/admission.h"
#include "sync/hub/seats.h"
#include "sync/hub/sheet.h"

int command_enrol(struct hub *h, int argc, char **argv)
{
    const struct cli_option options[] = {{.name = NULL}};
    char code[ENROL_LEN + 1], shown[ENROL_SHOWN + 1];
    struct error e = {0};
    int words = command_parse(
        argc, argv, "enrol NAME\nPrints a code that is good once and for 7 days; it is typed at the new kiosk.",
        options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("enrol wants one NAME");
    if (admission_make(h, argv[1], code, &e))
        return command_fail(&e);
    enrol_code_show(shown, code);
    return puts(shown) >= 0 && fflush(stdout) == 0 ? CLI_DONE : CLI_FAILED;
}

/* ---- kiosks */

struct kiosk_row {
    const char *kid, *name, *state, *seen, *made;
    int64_t inc, operations, signups, held;
};

static void kiosks_json(struct json *list, const struct kiosk_row *r)
{
    struct json *j = json_new_object();
    json_put_str(j, "kid", r->kid);
    json_put_str(j, "name", r->name);
    json_put_str(j, "state", r->state);
    json_put_str(j, "seen", r->seen);
    json_put_str(j, "made", r->made);
    json_put_int(j, "incarnation", r->inc);
    json_put_int(j, "operations", r->operations);
    json_put_int(j, "signups", r->signups);
    json_put_int(j, "heldSeats", r->held);
    json_put(list, NULL, j);
}

static void kiosks_number(struct buf *out, int64_t n)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)n);
    sheet_cell(out, false, text);
}

static void kiosks_csv(struct buf *out, const struct kiosk_row *r)
{
    sheet_cell(out, true, r->kid);
    sheet_cell(out, false, r->name);
    sheet_cell(out, false, r->state);
    sheet_cell(out, false, r->seen);
    sheet_cell(out, false, r->made);
    kiosks_number(out, r->inc);
    kiosks_number(out, r->operations);
    kiosks_number(out, r->signups);
    kiosks_number(out, r->held);
    sheet_end_row(out);
}

static void kiosks_text(struct buf *out, const struct kiosk_row *r)
{
    int pad = 32 - text_width(r->name);
    buf_addf(out, "%-11s %s%*s %-8s last seen %-21s operations %-6lld sign-ups %-6lld seats held %lld\n", r->kid,
             r->name, pad > 0 ? pad : 0, "", r->state, r->seen[0] ? r->seen : "never", (long long)r->operations,
             (long long)r->signups, (long long)r->held);
}

static enum err kiosks_list(struct sql *db, char format, struct buf *out, struct error *e)
{
    struct sql_stmt *st = sql_get(
        db,
        "SELECT kid, name, state, seen_at, made_at, inc, (SELECT count(*) FROM oplog o WHERE o.kid = k.kid), "
        "(SELECT count(*) FROM signup s WHERE s.kid = k.kid), (SELECT count(*) FROM lease l JOIN seat s ON s.ev = l.ev "
        "AND s.lease = l.lease AND s.state = 'held' WHERE l.kid = k.kid) FROM kiosk k ORDER BY name, kid");
    struct json *list = json_new_array();
    bool row = true;
    enum err err = ERR_NONE;
    if (format == 'c')
        buf_add_str(out, "kid,name,state,seen,made,incarnation,operations,signups,held_seats\r\n");
    while (!(err = sql_step(st, &row, e)) && row) {
        char seen[21] = "", made[21];
        if (sql_int(st, 3))
            instant_format_utc(sql_int(st, 3), seen);
        instant_format_utc(sql_int(st, 4), made);
        struct kiosk_row r = {sql_text(st, 0), sql_text(st, 1), sql_text(st, 2), seen,          made,
                              sql_int(st, 5),  sql_int(st, 6),  sql_int(st, 7),  sql_int(st, 8)};
        if (format == 'j')
            kiosks_json(list, &r);
        else
            (format == 'c' ? kiosks_csv : kiosks_text)(out, &r);
    }
    if (format == 'j') {
        json_write(list, out);
        buf_add_char(out, '\n');
    }
    json_free(list);
    return err;
}

int command_kiosks(struct hub *h, int argc, char **argv)
{
    const char *format = "text";
    const struct cli_option options[] = {{"--format", "text|json|csv", "text when not given", &format}, {.name = NULL}};
    struct error e = {0};
    struct buf out;
    int words = command_parse(
        argc, argv,
        "kiosks [OPTION]...\nLists the kiosks: when they were last heard, what they sent, and the seats they hold.",
        options);
    if (words < 0)
        return -1 - words;
    if (words > 0 || (strcmp(format, "text") != 0 && strcmp(format, "json") != 0 && strcmp(format, "csv") != 0))
        return command_usage("kiosks takes --format text, json or csv");
    buf_init(&out, 16 << 20);
    int code = kiosks_list(h->db, format[0], &out, &e) ? command_fail(&e) : command_print(&out);
    buf_done(&out);
    return code;
}

/* ---- revoke */

/* The kiosk's id from its id or its name, when only one has it. */
static enum err revoke_find(struct sql *db, const char *who, char kid[CRYPTO_KID + 1], struct error *e)
{
    struct sql_stmt *st = sql_get(
        db, "SELECT kid FROM kiosk WHERE kid = :who OR (name = :who AND state <> 'gone') ORDER BY kid <> :who LIMIT 2");
    bool row = false;
    sql_bind_text(st, ":who", who);
    enum err err = sql_step(st, &row, e);
    if (err)
        return err;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "no kiosk has the id or name %s", who);
    snprintf(kid, CRYPTO_KID + 1, "%s", sql_text(st, 0));
    err = sql_step(st, &row, e);
    sql_reset(st);
    if (!err && row && strcmp(kid, who) != 0)
        return error_set(e, ERR_USAGE, "several kiosks are called %s: give the id", who);
    return err;
}

static enum err revoke_set(struct sql *db, const char *kid, bool write_off, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE kiosk SET state = :state WHERE kid = :kid AND state <> 'gone'");
    sql_bind_text(st, ":state", write_off ? "gone" : "revoked");
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_run(st, e);
    return err || !write_off ? err : seats_write_off(db, kid, e);
}

static enum err revoke_run(struct sql *db, const char *who, bool write_off, struct error *e)
{
    char kid[CRYPTO_KID + 1];
    enum err err = sql_begin(db, e);
    if (!err)
        err = revoke_find(db, who, kid, e);
    if (!err)
        err = revoke_set(db, kid, write_off, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

int command_revoke(struct hub *h, int argc, char **argv)
{
    const char *write_off = NULL;
    const struct cli_option options[] = {
        {"--write-off", NULL, "it will never speak again: give its unsold seats to others", &write_off},
        {.name = NULL}};
    struct error e = {0};
    int words =
        command_parse(argc, argv,
                      "revoke [--write-off] KIOSK\nKIOSK is an id or a name of \"kiosk-hub kiosks\". What it "
                      "still sends is kept for a person. "
                      "Tickets it sold\nand did not report are valid: after --write-off their seats may be sold again.",
                      options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("revoke wants one KIOSK");
    return revoke_run(h->db, argv[1], write_off != NULL, &e) ? command_fail(&e) : CLI_DONE;
}
