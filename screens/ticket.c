/* The ticket: what became of the sign-up, the code in large letters, the QR code, the paper. Right after signing up and, by its code,
 * at any time later. "Done" goes to the start page, from where nobody can come back to it. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/ticket.h"

enum ticket_action { TICKET_DONE = 1, TICKET_PRINT, TICKET_ASK_CANCEL, TICKET_CANCEL };
enum { TICKET_CALM_MS = 400, TICKET_PRINTS = 3, TICKET_QR_VERSION = 4, TICKET_QUIET = 4, TICKET_LINES = 8, TICKET_TEXT_COLS = 72, TICKET_CODE_ROWS = 8, TICKET_LOW = 16, TICKET_LEAST_COLS = 24 };

/* ---- looking */

static void ticket_fetch_job(struct ui *ui, struct ticket_view *v)
{
    struct job job;
    struct error e;
    if (ledger_job_of(ui->ledger, v->id, &job, &e) != ERR_NONE)
        job = (struct job){.id = 0};
    if (job.id != v->job.id)
        v->job_since = ui->mono;
    v->job = job;
}

static void ticket_make_qr(struct ui *ui, struct ticket_view *v)
{
    char url[CODE_URL_MAX];
    struct error e;
    code_url(url, ui->identity.host, v->ticket.code);
    v->has_qr = ui->can_qr && ticket_is_alive(v) && qr_make(&v->qr, url, TICKET_QR_VERSION, &e) == ERR_NONE;
    explicit_bzero(url, sizeof url);
}

/* A request of another terminal: what it asks for. */
static void ticket_fetch_resource(struct ui *ui, struct ticket_view *v)
{
    struct content c;
    struct ticket_facts *f = &v->ticket.facts;
    if (replica_get(ui->replica, v->ticket.event, &c, NULL))
        return;
    if (strcmp(c.kind, "resource") == 0) {
        snprintf(f->title, sizeof f->title, "%.207s", c.name);
        snprintf(f->organizer, sizeof f->organizer, "%.207s", c.owner_name ? c.owner_name : "");
        f->request = c.direction && strcmp(c.direction, "want") == 0 ? 'w' : 'o';
    }
    content_done(&c);
}

/* A ticket of another terminal comes without the event's facts: they are in the programme, as long as it is in there. */
static void ticket_fetch_facts(struct ui *ui, struct ticket_view *v)
{
    struct row row;
    struct content event = {.name = NULL};
    struct ticket_facts *f = &v->ticket.facts;
    struct error e;
    if (!f->title[0] && replica_get_occurrence(ui->replica, v->ticket.event, &row, &event, &e) == ERR_NONE) {
        snprintf(f->title, sizeof f->title, "%s", event.name);
        snprintf(f->place, sizeof f->place, "%s", event.place_name ? event.place_name : "");
        snprintf(f->address, sizeof f->address, "%s", event.address ? event.address : "");
        f->start = row.start;
        f->end = row.end;
        f->all_day = row.all_day;
    }
    content_done(&event);
    if (!f->title[0])
        ticket_fetch_resource(ui, v);
}

static void ticket_fetch(struct ui *ui, struct ticket_view *v)
{
    struct error e;
    v->here = ui->ledger && ledger_ticket_by_id(ui->ledger, v->id, &v->ticket, &e) == ERR_NONE;
    if (!v->here)
        return;
    code_show(v->shown, v->ticket.code);
    ticket_fetch_facts(ui, v);
    ticket_fetch_job(ui, v);
    ticket_make_qr(ui, v);
    ticket_printing(ui, v, v->printing, sizeof v->printing);
}

static void ticket_refresh(struct ui *ui, void *state)
{
    struct ticket_view *v = state;
    ticket_fetch(ui, v);
    buttons_clear(&v->buttons);
    buttons_add(&v->buttons, _("Done"), TICKET_DONE);
    if (ticket_is_alive(v)) {
        buttons_add(&v->buttons, _("Print again"), TICKET_PRINT);
        buttons_add(&v->buttons, v->ticket.facts.request ? _("Cancel the request") : _("Cancel the sign-up"), TICKET_ASK_CANCEL);
    }
    buttons_place(&v->buttons, ui->rows - buttons_rows(&v->buttons, ui->cols), ui->cols);
}

/* arg: the id of a sign-up; "?" before it: looked up by its code. */
static void ticket_enter(struct ui *ui, void *state, const char *arg)
{
    struct ticket_view *v = state;
    v->looked_up = arg[0] == '?';
    v->entered = ui->mono;
    snprintf(v->id, sizeof v->id, "%s", arg + v->looked_up);
    if (ui->ledger)
        ticket_fetch_job(ui, v);
    v->old_job = v->job.id;
}

/* The hub's answer and the printer's come as changes of the data; what passes by itself is the time we wait for them. */
static void ticket_tick(struct ui *ui, void *state)
{
    struct ticket_view *v = state;
    enum ticket_state was = v->ticket.state;
    char printing[sizeof v->printing];
    snprintf(printing, sizeof printing, "%s", v->printing);
    if (!v->here || (was != TICKET_ASKING && v->job.state != JOB_QUEUED))
        return;
    ticket_refresh(ui, v);
    if (v->ticket.state != was || strcmp(printing, v->printing) != 0)
        shell_redraw(ui);
}

/* ---- doing */

static void ticket_print(struct ui *ui, struct ticket_view *v)
{
    struct error e;
    int64_t id;
    if (v->prints >= TICKET_PRINTS)
        shell_flash(ui, STYLE_WARN, _("That is enough paper. Please ask the staff."));
    else if (ledger_job_add(ui->ledger, v->id, ui->lang, &id, &e) != ERR_NONE)
        shell_flash(ui, STYLE_WARN, _("Printing does not work just now. Please write the code down."));
    else
        v->prints++;
    ticket_refresh(ui, v);
}

static void ticket_cancel(struct ui *ui, struct ticket_view *v)
{
    struct error e;
    if (ledger_cancel(ui->ledger, v->id, &e) != ERR_NONE)
        shell_flash(ui, STYLE_WARN, _("This could not be saved: you are still signed up. Please try again, or tell the staff."));
    ticket_refresh(ui, v);
    v->buttons.focus = 0;
}

static void ticket_act(struct ui *ui, void *state, int action)
{
    struct ticket_view *v = state;
    switch (action) {
    case TICKET_PRINT:
        ticket_print(ui, v);
        break;
    case TICKET_ASK_CANCEL:
        shell_ask(ui, &(struct shell_question){.text = v->ticket.facts.request ? _("Cancel your request? Nobody will call you about it then.")
                                                                               : _("Cancel your sign-up? Your place then goes to somebody else."),
                                               .yes = _("Yes, cancel it"),
                                               .no = _("No, keep it"),
                                               .action = TICKET_CANCEL});
        break;
    case TICKET_CANCEL:
        ticket_cancel(ui, v);
        break;
    default:
        shell_home(ui);
    }
}

static bool ticket_can(const struct ui *ui, const void *state, int action)
{
    (void)ui;
    return action == TICKET_DONE || ticket_is_alive(state);
}

static bool ticket_key(struct ui *ui, void *state, const struct key *k)
{
    struct ticket_view *v = state;
    if (k->code == K_ENTER && ui->mono - v->entered < TICKET_CALM_MS)
        return true; /* the Enter that signed up, still held down */
    int action = buttons_key(&v->buttons, k);
    if (action > 0)
        ticket_act(ui, v, action);
    return action != BUTTONS_NOT_MINE;
}

/* ---- drawing */

/* Beside the code: one paragraph each, with or without a blank line before it. */
struct ticket_line {
    enum style style;
    const char *text;
    bool gap;
    int most; /* rows at most, 0 any */
};

struct ticket_page {
    struct ticket_line line[TICKET_LINES];
    int count, code_at; /* the code comes before this line */
    char when[160], place[360], seats[240];
};

static void ticket_say(struct ticket_page *p, struct ticket_line line)
{
    if (line.text && line.text[0] && p->count < TICKET_LINES)
        p->line[p->count++] = line;
}

static void ticket_compose(const struct ui *ui, const struct ticket_view *v, struct ticket_page *p)
{
    const struct ticket_facts *f = &v->ticket.facts;
    bool low = ui->rows < TICKET_LOW; /* large letters: what does not fit at the end is what matters least */
    struct when w = when_of(ui);
    struct when_span span = {.start = f->start, .end = f->end, .all_day = f->all_day};
    if (f->start)
        when_span(p->when, sizeof p->when, &span, &w);
    snprintf(p->place, sizeof p->place, "%s%s%s", f->place, f->place[0] && f->address[0] ? ", " : "", f->address);
    if (f->request)
        snprintf(p->place, sizeof p->place, "%s", f->organizer);
    ticket_seats(v, p->seats, sizeof p->seats);
    ticket_say(p, (struct ticket_line){ticket_title_style(v), ticket_title(v), false, 0});
    ticket_say(p, (struct ticket_line){STYLE_TEXT, low ? "" : ticket_next(v), false, 0});
    p->code_at = p->count;
    ticket_say(p, (struct ticket_line){STYLE_HEADING, f->title, true, low ? 1 : 2});
    ticket_say(p, (struct ticket_line){STYLE_TEXT, p->when, false, 0});
    ticket_say(p, (struct ticket_line){STYLE_DIM, p->place, false, 2});
    ticket_say(p, (struct ticket_line){STYLE_STRONG, p->seats, false, 0});
    ticket_say(p, (struct ticket_line){STYLE_TEXT, low ? ticket_next(v) : "", false, 0});
    ticket_say(p, (struct ticket_line){v->job.fault != JOB_FINE ? STYLE_WARN : STYLE_TEXT, v->printing, true, 0});
}

static int ticket_line_rows(const struct ticket_line *l, int cols)
{
    int rows = canvas_wrap_rows(l->text, cols);
    return l->most && rows > l->most ? l->most : rows;
}

static int ticket_page_rows(const struct ticket_page *p, int cols, bool gaps)
{
    int rows = 0;
    for (int i = 0; i < p->count; i++)
        rows += ticket_line_rows(&p->line[i], cols) + (gaps && p->line[i].gap);
    return rows;
}

static int ticket_draw_box(struct canvas c, int row, int room, const char *shown)
{
    char spaced[2 * CODE_SHOWN + 2] = "";
    for (int i = 0; shown[i]; i++) {
        spaced[2 * i] = shown[i];
        spaced[2 * i + 1] = shown[i + 1] ? ' ' : 0;
    }
    if (room < 3) {
        canvas_text(c, row, 0, STYLE_FOCUS, spaced);
        return 1;
    }
    struct canvas box = canvas_area(c, row, 0, 3, 2 * CODE_SHOWN + 3);
    canvas_box(box, STYLE_STRONG);
    canvas_center(box, 1, STYLE_STRONG, spaced);
    return 3;
}

/* The code as large as the room allows: block letters in one line or two, lower ones where there are half blocks, or a frame.
 * Returns the rows. */
static int ticket_draw_code(struct canvas c, int row, int room, const struct ticket_view *v)
{
    char half[2][CODE_SHOWN];
    snprintf(half[0], sizeof half[0], "%.5s", v->shown);
    snprintf(half[1], sizeof half[1], "%s", v->shown + 6);
    if (room >= 5 && canvas_big(c, row, 0, STYLE_FOCUS, v->shown) > 0)
        return 5;
    if (room >= 11 && canvas_big(c, row, 0, STYLE_FOCUS, half[0]) > 0)
        return canvas_big(c, row + 6, 0, STYLE_FOCUS, half[1]) > 0 ? 11 : 5;
    if (room >= 7 && v->has_qr && canvas_big_low(c, row, 0, half[0]) > 0)
        return canvas_big_low(c, row + 4, 0, half[1]) > 0 ? 7 : 3;
    return ticket_draw_box(c, row, room, v->shown);
}

static void ticket_draw_page(struct canvas c, const struct ticket_view *v, const struct ticket_page *p)
{
    bool gaps = ticket_page_rows(p, c.cols, true) + TICKET_CODE_ROWS <= c.rows;
    int room = c.rows - ticket_page_rows(p, c.cols, gaps) - gaps, row = 0;
    for (int i = 0; i < p->count; i++) {
        const struct ticket_line *l = &p->line[i];
        int rows = ticket_line_rows(l, c.cols);
        if (i == p->code_at) {
            row += gaps;
            row += ticket_draw_code(c, row, room, v);
        }
        row += gaps && l->gap;
        canvas_wrap(canvas_area(c, row, 0, rows, c.cols), 0, l->style, l->text);
        row += rows;
    }
}

static void ticket_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct ticket_view *v = state;
    struct ticket_page page = {.count = 0, .when = ""};
    struct canvas left = canvas_area(body, 0, 0, v->buttons.row, body.cols);
    buttons_draw(body, &v->buttons);
    if (!v->here) {
        canvas_wrap(left, 0, STYLE_WARN, _("This ticket cannot be shown just now. Please ask the staff."));
        return;
    }
    int qr_cols = v->has_qr ? canvas_qr_cols(&v->qr, TICKET_QUIET) : 0;
    if (canvas_qr_rows(&v->qr, TICKET_QUIET) > left.rows + TICKET_QUIET || left.cols - qr_cols < TICKET_LEAST_COLS)
        qr_cols = 0; /* large letters: the code is in letters, and on the paper */
    if (qr_cols > 0) {
        left.cols -= qr_cols + 2;
        left.cols = left.cols > TICKET_TEXT_COLS ? TICKET_TEXT_COLS : left.cols;
        canvas_qr(canvas_area(body, 0, left.cols + 2, v->buttons.row, qr_cols), 0, 0, &v->qr, TICKET_QUIET);
    }
    ticket_compose(ui, v, &page);
    ticket_draw_page(left, v, &page);
}

static const struct screen_key ticket_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Press the marked button")},
    {'p', NULL, TICKET_PRINT, N_("Print the ticket again")},
    {'c', NULL, TICKET_ASK_CANCEL, N_("Cancel the sign-up")},
    {K_ESC, N_("Done"), TICKET_DONE, N_("Done: the ticket disappears from the screen")},
    {0}};

const struct screen screen_ticket = {
    .name = "ticket",
    .title = N_("Your ticket"),
    .state_size = sizeof(struct ticket_view),
    .tick_ms = 500,
    .keys = ticket_keys,
    .enter = ticket_enter,
    .refresh = ticket_refresh,
    .draw = ticket_draw,
    .act = ticket_act,
    .key = ticket_key,
    .tick = ticket_tick,
    .can = ticket_can,
};
