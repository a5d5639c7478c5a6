/* kiosk-hub enrol, kiosks. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/json.h"
#include "kiosk/base/text.h"
#include "sync/hub/serve/admission.h"
#include "sync/hub/seats/sheet.h"

int command_enrol(struct hub *h, int argc, char **argv)
{
    const char *place = "", *city = "";
    const struct cli_option options[] = {
        {"--place", "PLACE", "where it stands, as events name the place: few seats are lent to kiosks at home only",
         &place},
        {"--city", "CITY", "the same for the city", &city},
        {.name = NULL}};
    char code[ENROL_LEN + 1], shown[ENROL_SHOWN + 1];
    struct error e = {0};
    int words = command_parse(argc, argv,
                              "enrol [--place PLACE] [--city CITY] NAME\nPrints a code that is good once and for 7 "
                              "days; it is typed at the new kiosk.",
                              options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("enrol wants one NAME");
    enum err err = admission_make(h, argv[1], code, &e);
    if (!err && (place[0] || city[0]))
        err = admission_place(h, code, place, city, &e);
    if (err)
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
