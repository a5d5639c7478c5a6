/* One small HTML page that needs nothing else: no script, no font, no picture. */
#include "sync/hub/serve/page_ticket.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/json.h"
#include "sync/hub/seats/signup.h"

enum page_text {
    PAGE_TITLE,
    PAGE_NONE,
    PAGE_WHEN,
    PAGE_WHERE,
    PAGE_SEATS,
    PAGE_PARTY,
    PAGE_PLACE,
    PAGE_KEEP,
    PAGE_OWNER,
    PAGE_TEXTS,
};

static const char *const page_texts[2][PAGE_TEXTS] = {
    {"Запись",
     "Такой записи нет. Проверьте код на билете. Если запись сделана недавно на терминале без связи, она появится "
     "здесь позже.",
     "Когда", "Где", "Места", "Человек", "Место в очереди",
     "Отменить запись можно на любом терминале по коду с билета.", "Кому"},
    {"Booking",
     "There is no such booking. Check the code on the ticket. A booking made lately at a terminal without a connection "
     "appears here later.",
     "When", "Where", "Seats", "People", "Place in the queue",
     "You can cancel at any terminal with the code on the ticket.", "For"},
};

static const char *const page_states[2][WIRE_STATE_COUNT] = {
    {[WIRE_CONFIRMED] = "Место за вами",
     [WIRE_WAITLISTED] = "Вы в списке ожидания",
     [WIRE_DISPLACED] = "Вы первые в списке ожидания, с вами свяжутся",
     [WIRE_EVENT_CANCELLED] = "Событие отменено",
     [WIRE_TERMS_CHANGED] = "Изменилось время или место",
     [WIRE_CONFLICT] = "Запись проверяют",
     [WIRE_QUARANTINED] = "Запись проверяют",
     [WIRE_CANCELLED] = "Запись отменена"},
    {[WIRE_CONFIRMED] = "Confirmed",
     [WIRE_WAITLISTED] = "You are on the waiting list",
     [WIRE_DISPLACED] = "You are first on the waiting list, you will be contacted",
     [WIRE_EVENT_CANCELLED] = "The event is cancelled",
     [WIRE_TERMS_CHANGED] = "The time or place has changed",
     [WIRE_CONFLICT] = "The booking is being checked",
     [WIRE_QUARANTINED] = "The booking is being checked",
     [WIRE_CANCELLED] = "Cancelled"},
};

/* Of a request: NULL where it is as of any sign-up. */
static const char *const page_request_states[2][WIRE_STATE_COUNT] = {
    {[WIRE_CONFIRMED] = "Обращение передано сообществу",
     [WIRE_WAITLISTED] = "Обращение получено, его передадут сообществу",
     [WIRE_CANCELLED] = "Обращение отменено"},
    {[WIRE_CONFIRMED] = "Your request was passed on to the community",
     [WIRE_WAITLISTED] = "Your request has arrived and will be passed on",
     [WIRE_CANCELLED] = "Your request is cancelled"},
};

static void page_escape(struct buf *out, const char *s)
{
    for (; *s; s++) {
        const char *as = *s == '&'    ? "&amp;"
                         : *s == '<'  ? "&lt;"
                         : *s == '>'  ? "&gt;"
                         : *s == '"'  ? "&quot;"
                         : *s == '\'' ? "&#39;"
                                      : NULL;
        if (as)
            buf_add_str(out, as);
        else
            buf_add_char(out, *s);
    }
}

static int page_language(const char *header)
{
    return header && (strncmp(header, "en", 2) == 0 || strncmp(header, "EN", 2) == 0) ? 1 : 0;
}

static void page_begin(struct buf *out, int lang, const char *heading)
{
    buf_addf(
        out,
        "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
        "content=\"width=device-width\"><meta name=\"robots\" content=\"noindex\"><title>%s</title>"
        "<style>body{font:1.2rem/1.5 sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}h1{font-size:1.6rem}"
        "dt{color:#555}dd{margin:0 0 .6rem}</style></head><body><h1>",
        lang ? "en" : "ru", page_texts[lang][PAGE_TITLE]);
    page_escape(out, heading);
    buf_add_str(out, "</h1>\n");
}

static void page_row(struct buf *out, const char *term, const char *value)
{
    if (!value[0])
        return;
    buf_addf(out, "<dt>%s</dt><dd>", term);
    page_escape(out, value);
    buf_add_str(out, "</dd>\n");
}

static void page_when(char out[48], int64_t start, bool all_day, const struct zone *z)
{
    struct date_time t = zone_local(z, start);
    int n = snprintf(out, 48, "%02d.%02d.%04d", t.date.day, t.date.month, t.date.year);
    if (!all_day && n > 0 && n < 48)
        snprintf(out + n, 48 - (size_t)n, ", %02d:%02d", t.hour, t.minute);
}

static void page_event(struct buf *out, int lang, const struct json *d, int64_t start, const struct zone *hub_zone)
{
    char when[48];
    struct zone *z = zone_new(json_str(d, "tz", ""));
    const struct json *place = json_get(d, "location");
    page_when(when, start, json_bool(d, "allDay", false), z ? z : hub_zone);
    buf_add_str(out, "<p><b>");
    page_escape(out, json_str(d, "name", ""));
    buf_add_str(out, "</b></p>\n<dl>");
    page_row(out, page_texts[lang][PAGE_WHEN], when);
    page_row(out, page_texts[lang][PAGE_WHERE], json_str(place, "name", ""));
    page_row(out, "", json_str(place, "address", ""));
    zone_free(z);
}

static void page_numbers(struct buf *out, int lang, const struct signup *s, int64_t position)
{
    struct buf seats;
    char text[32];
    buf_init(&seats, 512);
    for (int i = 0; i < s->seat_count; i++)
        buf_addf(&seats, "%s%d", i ? ", " : "", s->seats[i]);
    page_row(out, page_texts[lang][PAGE_SEATS], seats.data);
    snprintf(text, sizeof text, "%d", s->party);
    page_row(out, page_texts[lang][PAGE_PARTY], text);
    snprintf(text, sizeof text, "%lld", (long long)position);
    page_row(out, page_texts[lang][PAGE_PLACE], position ? text : "");
    buf_done(&seats);
}

/* The resource of a request, NULL for any other sign-up; the caller frees. */
static struct json *page_resource(struct hub *h, const char *id)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT d FROM record WHERE id = :id AND kind = 'resource'");
    struct json *d = NULL;
    bool row = false;
    sql_bind_text(st, ":id", id);
    if (sql_step(st, &row, NULL) == ERR_NONE && row && json_parse(&d, sql_text(st, 0), strlen(sql_text(st, 0)), WIRE_ITEM_MAX, NULL))
        d = NULL;
    sql_reset(st);
    return d;
}

static void page_fill_request(const struct signup *s, const struct json *d, int lang, struct buf *out)
{
    const char *state = page_request_states[lang][s->state];
    page_begin(out, lang, state ? state : page_states[lang][s->state] ? page_states[lang][s->state] : page_texts[lang][PAGE_TITLE]);
    buf_add_str(out, "<p><b>");
    page_escape(out, json_str(d, "name", ""));
    buf_add_str(out, "</b></p>\n<dl>");
    page_row(out, page_texts[lang][PAGE_OWNER], json_str(d, "providerName", ""));
    buf_addf(out, "</dl><p>%s</p></body></html>\n", page_texts[lang][PAGE_KEEP]);
}

static enum err page_fill(struct hub *h, const struct signup *s, int lang, struct buf *out, struct error *e)
{
    struct sql_stmt *st =
        sql_get(h->db, "SELECT r.d, o.start_at FROM occurrence o JOIN record r ON r.id = o.record WHERE o.id = :ev");
    struct json *d = NULL;
    bool row = false;
    page_begin(out, lang, page_states[lang][s->state] ? page_states[lang][s->state] : page_texts[lang][PAGE_TITLE]);
    sql_bind_text(st, ":ev", s->ev);
    enum err err = sql_step(st, &row, e);
    if (!err && row && json_parse(&d, sql_text(st, 0), strlen(sql_text(st, 0)), WIRE_ITEM_MAX, NULL) == ERR_NONE)
        page_event(out, lang, d, sql_int(st, 1), h->zone);
    else
        buf_add_str(out, "<dl>");
    sql_reset(st);
    json_free(d);
    page_numbers(out, lang, s, signup_position(h->db, s));
    buf_addf(out, "</dl><p>%s</p></body></html>\n", page_texts[lang][PAGE_KEEP]);
    return err;
}

enum err page_ticket(struct hub *h, const char *code, const char *language, struct buf *out, int *status,
                     struct error *e)
{
    char plain[CODE_LEN + 1];
    struct signup s = {0};
    int lang = page_language(language);
    enum err err = ERR_NONE;
    if (code_read(plain, code, strlen(code)) == CODE_OK)
        err = signup_by_code(h->db, plain, &s, e);
    *status = s.arrival ? 200 : 404;
    struct json *resource = s.arrival && !err ? page_resource(h, s.ev) : NULL;
    if (resource) {
        page_fill_request(&s, resource, lang, out);
        json_free(resource);
        return ERR_NONE;
    }
    if (err || s.arrival)
        return err ? err : page_fill(h, &s, lang, out, e);
    page_begin(out, lang, page_texts[lang][PAGE_TITLE]);
    buf_addf(out, "<p>%s</p></body></html>\n", page_texts[lang][PAGE_NONE]);
    return ERR_NONE;
}
