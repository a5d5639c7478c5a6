/* The sign-up: fill in, check, record. Only when the ledger has it for good does the ticket come. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/log.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/signup.h"

enum { SIGNUP_CALM_MS = 400 };

/* ---- what may be done now */

bool signup_is_open(const struct ui *ui)
{
    return ui->ledger && ui->sign_sk && ui->identity.kid[0] && ui->identity.has_seal;
}

static enum signup_stuck signup_judge(const struct ui *ui, const struct signup *s)
{
    if (!signup_is_open(ui))
        return SIGNUP_CLOSED;
    if (s->row.cancelled || s->event.cancelled)
        return SIGNUP_CANCELLED;
    if (!s->event.registration_open)
        return SIGNUP_NO_NEED;
    if (ui->time_known && s->row.start <= ui->now && !s->row.all_day)
        return SIGNUP_BEGUN;
    return SIGNUP_GOES_ON;
}

static bool signup_fetch_event(struct ui *ui, struct signup *s)
{
    struct error e;
    return replica_get_occurrence(ui->replica, s->id, &s->row, &s->event, &e) == ERR_NONE;
}

static void signup_event_below(char *out, size_t size, const struct ui *ui, const struct signup *s)
{
    struct when w = when_of(ui);
    struct when_span span = {.start = s->row.start, .end = s->row.end, .all_day = s->row.all_day};
    when_span(out, size, &span, &w);
}

const struct signup_kind signup_of_event = {
    .send = N_("All right, sign me up"),
    .leave = N_("Leave without signing up? What you typed will be gone."),
    .trouble = signup_event_troubles,
    .fetch = signup_fetch_event,
    .judge = signup_judge,
    .ask = signup_ask,
    .below = signup_event_below,
};

/* Fetches the event anew. What was typed stays, whatever has become of it. */
static enum signup_stuck signup_fetch(struct ui *ui, struct signup *s)
{
    struct content old = s->event;
    struct row before = s->row;
    s->event = (struct content){.name = NULL};
    if (!s->kind->fetch(ui, s)) {
        content_done(&s->event);
        s->event = old;
        s->row = before;
        return SIGNUP_GONE;
    }
    s->kind->ask(s);
    content_done(&old);
    if (!s->known) {
        s->terms = s->event.terms;
        s->start = s->row.start;
    } else if (s->terms != s->event.terms || s->start != s->row.start) {
        s->moved = true;
        s->terms = s->event.terms;
        s->start = s->row.start;
    }
    s->known = true;
    return s->kind->judge(ui, s);
}

/* ---- steps */

static void signup_step(struct ui *ui, struct signup *s, enum signup_step step)
{
    s->step = step;
    s->step_at = ui->mono;
    s->top = 0;
    s->buttons.focus = 0;
}

static void signup_set_buttons(struct signup *s)
{
    buttons_clear(&s->buttons);
    if (s->step == SIGNUP_REVIEW) {
        buttons_add(&s->buttons, _(s->kind->send), SIGNUP_SEND);
        buttons_add(&s->buttons, _("Change something"), SIGNUP_CHANGE);
        return;
    }
    if (s->stuck == SIGNUP_FAILED || s->stuck == SIGNUP_DISK_FULL)
        buttons_add(&s->buttons, _("Try once more"), SIGNUP_AGAIN);
    buttons_add(&s->buttons, _("Back"), SIGNUP_AWAY);
    buttons_add(&s->buttons, _("Start page"), SIGNUP_MENU);
}

static int signup_head_rows(const struct ui *ui, const struct signup *s, int cols)
{
    if (ui->rows < SIGNUP_LOW)
        return 1;
    int rows = s->known ? canvas_wrap_rows(s->event.name, cols) : 1;
    return (rows > 2 ? 2 : rows) + 2;
}

static int signup_note_rows(const struct signup *s, int cols);

static void signup_lay_out(struct ui *ui, struct signup *s)
{
    int head = signup_head_rows(ui, s, ui->cols);
    signup_set_buttons(s);
    int foot = ui->rows - buttons_rows(&s->buttons, ui->cols);
    form_place(&s->form, head, ui->rows - head, ui->cols);
    s->lines = signup_answers_lines(s, ui->cols);
    s->view = foot - 1 - head - signup_note_rows(s, ui->cols);
    if (s->top > s->lines - s->view)
        s->top = s->lines > s->view ? s->lines - s->view : 0;
    buttons_place(&s->buttons, foot, ui->cols);
}

void signup_refresh(struct ui *ui, void *state)
{
    struct signup *s = state;
    enum signup_stuck why = signup_fetch(ui, s);
    bool at_last_step = s->stuck == SIGNUP_DISK_FULL || s->stuck == SIGNUP_FAILED;
    if (why != SIGNUP_GOES_ON) {
        if (s->step != SIGNUP_STUCK)
            signup_step(ui, s, SIGNUP_STUCK);
        s->stuck = why;
    } else if (s->step == SIGNUP_STUCK && !at_last_step) {
        s->stuck = SIGNUP_GOES_ON;
        signup_step(ui, s, SIGNUP_FILL);
    }
    signup_lay_out(ui, s);
}

void signup_begin(struct ui *ui, struct signup *s, const struct signup_kind *kind, const char *id)
{
    s->kind = kind;
    snprintf(s->id, sizeof s->id, "%.36s", id);
    s->form.hides = config_bool(ui->config, "screen", "hide_contacts");
    signup_step(ui, s, SIGNUP_FILL);
}

static void signup_enter(struct ui *ui, void *state, const char *arg) { signup_begin(ui, state, &signup_of_event, arg); }

static void signup_fail(struct ui *ui, struct signup *s, enum err code)
{
    log_line(LOG_ERROR, "signup", "why=%s", error_name(code));
    s->stuck = code == ERR_STATE  ? SIGNUP_CLOSED
               : code == ERR_FULL ? SIGNUP_DISK_FULL
               : code == ERR_GONE ? SIGNUP_CANCELLED
                                  : SIGNUP_FAILED;
    signup_step(ui, s, SIGNUP_STUCK);
    signup_lay_out(ui, s);
}

/* The last look: the event may have changed while the person was reading. */
static void signup_send(struct ui *ui, struct signup *s)
{
    struct ticket t;
    struct error e;
    bool moved = s->moved;
    s->stuck = SIGNUP_GOES_ON;
    signup_refresh(ui, s);
    if (s->step == SIGNUP_STUCK)
        return;
    if (s->moved && !moved) {
        signup_step(ui, s, SIGNUP_REVIEW);
        signup_lay_out(ui, s);
        return;
    }
    if (!form_check(&s->form)) {
        signup_step(ui, s, SIGNUP_FILL);
        signup_lay_out(ui, s);
        return;
    }
    enum err code = signup_record(ui, s, &t, &e);
    if (code == ERR_NONE) {
        shell_tone(ui);
        shell_replace(ui, SCREEN_TICKET, t.id);
    } else {
        signup_fail(ui, s, code);
    }
    explicit_bzero(&t, sizeof t);
}

void signup_act(struct ui *ui, void *state, int action)
{
    struct signup *s = state;
    switch (action) {
    case SIGNUP_SEND:
        signup_send(ui, s);
        break;
    case SIGNUP_AGAIN:
        signup_step(ui, s, SIGNUP_REVIEW);
        signup_send(ui, s);
        break;
    case SIGNUP_CHANGE:
        signup_step(ui, s, SIGNUP_FILL);
        s->form.focus = 0;
        field_focus(&s->form.field[0], &s->form.value[0]);
        signup_lay_out(ui, s);
        break;
    case SIGNUP_MENU:
        shell_home(ui);
        break;
    case SIGNUP_HIDE:
    case SIGNUP_SHOW:
        form_hide(&s->form, action == SIGNUP_HIDE);
        signup_lay_out(ui, s);
        break;
    default:
        shell_back(ui);
    }
}

/* ---- keys */

/* Leaving with something typed: once more asked, since it cannot be had back. */
static bool signup_ask_leave(struct ui *ui, const struct signup *s, int action)
{
    if (s->step == SIGNUP_STUCK || !form_is_touched(&s->form))
        return false;
    shell_ask(ui, &(struct shell_question){.text = _(s->kind->leave),
                                           .yes = _("Leave"),
                                           .no = _("Stay here"),
                                           .action = action});
    return true;
}

static bool signup_escape(struct ui *ui, struct signup *s)
{
    if (s->step != SIGNUP_REVIEW)
        return signup_ask_leave(ui, s, SIGNUP_AWAY);
    signup_act(ui, s, SIGNUP_CHANGE);
    return true;
}

static bool signup_scroll(struct signup *s, const struct key *k)
{
    int step = k->code == K_WHEEL_UP ? -1 : k->code == K_WHEEL_DOWN ? 1 : 0;
    if (k->code == K_PAGE_DOWN || k->code == K_PAGE_UP)
        step = k->code == K_PAGE_DOWN ? s->view - 1 : 1 - s->view;
    if (step == 0 || s->step != SIGNUP_REVIEW)
        return false;
    int most = s->lines > s->view ? s->lines - s->view : 0;
    s->top = s->top + step < 0 ? 0 : s->top + step > most ? most : s->top + step;
    return true;
}

static bool signup_key_form(struct ui *ui, struct signup *s, const struct key *k)
{
    enum form_event event = form_key(&s->form, k);
    if (event == FORM_DONE) {
        signup_step(ui, s, SIGNUP_REVIEW);
        signup_lay_out(ui, s);
    }
    return event != FORM_NOT_MINE;
}

bool signup_key(struct ui *ui, void *state, const struct key *k)
{
    struct signup *s = state;
    if (k->code == K_SCAN || (k->code == K_ENTER && s->step != SIGNUP_FILL && ui->mono - s->step_at < SIGNUP_CALM_MS))
        return true;
    if (k->code == K_ESC)
        return signup_escape(ui, s);
    if (s->step == SIGNUP_FILL)
        return signup_key_form(ui, s, k) || (k->code == K_HOME && signup_ask_leave(ui, s, SIGNUP_MENU));
    if (signup_scroll(s, k))
        return true;
    int action = buttons_key(&s->buttons, k);
    if (action > 0)
        signup_act(ui, s, action);
    return action != BUTTONS_NOT_MINE || (k->code == K_HOME && signup_ask_leave(ui, s, SIGNUP_MENU));
}

/* ---- drawing */

static const char *signup_note(const struct signup *s)
{
    return s->moved ? _("Attention: the organiser has changed the time or the place. Does it still suit you?") : "";
}

static int signup_note_rows(const struct signup *s, int cols)
{
    return canvas_wrap_rows(_("Is everything right?"), cols) + canvas_wrap_rows(signup_note(s), cols) + 1;
}

static void signup_draw_review(const struct signup *s, struct canvas body, int row)
{
    row += canvas_wrap(canvas_area(body, 0, 0, body.rows, body.cols), row, STYLE_STRONG, _("Is everything right?"));
    row += canvas_wrap(body, row, STYLE_WARN, signup_note(s));
    row++;
    signup_draw_answers(s, canvas_area(body, row, 0, s->view, body.cols), -s->top);
    if (s->lines > s->top + s->view)
        canvas_right(canvas_area(body, s->buttons.row - 1, 0, 1, body.cols), 0, STYLE_DIM, _("more below: PgDn"));
    else if (s->top > 0)
        canvas_right(canvas_area(body, s->buttons.row - 1, 0, 1, body.cols), 0, STYLE_DIM, _("more above: PgUp"));
    buttons_draw(body, &s->buttons);
}

static void signup_draw_stuck(const struct signup *s, struct canvas body, int row)
{
    struct canvas text = canvas_area(body, 0, 0, body.rows, body.cols < 80 ? body.cols : 80);
    row += canvas_wrap(text, row, STYLE_WARN, _(s->kind->trouble[s->stuck].title)) + 1;
    canvas_wrap(text, row, STYLE_TEXT, _(s->kind->trouble[s->stuck].text));
    buttons_draw(body, &s->buttons);
}

void signup_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct signup *s = state;
    int row = s->known ? signup_draw_head(ui, s, body) : 0;
    if (s->step == SIGNUP_FILL)
        form_draw(body, &s->form);
    else if (s->step == SIGNUP_REVIEW)
        signup_draw_review(s, body, row);
    else
        signup_draw_stuck(s, body, row);
}

void signup_leave(struct ui *ui, void *state)
{
    struct signup *s = state;
    (void)ui;
    content_done(&s->event);
}

/* Walking from line to line is for the form; key() does it. */
bool signup_can(const struct ui *ui, const void *state, int action)
{
    const struct signup *s = state;
    (void)ui;
    if (action == SIGNUP_HIDE || action == SIGNUP_SHOW)
        return s->step == SIGNUP_FILL && s->form.hides == (action == SIGNUP_SHOW);
    return action != SIGNUP_BEFORE || s->step == SIGNUP_FILL;
}

const struct screen_key signup_keys[] = {
    {K_ENTER, N_("Next"), 0, N_("Go on to the next line, or press the marked button")},
    {K_UP, N_("Line before"), SIGNUP_BEFORE, N_("Go back to the line before and change it")},
    {K_DOWN, NULL, SIGNUP_BEFORE, N_("Skip this line for now")},
    {K_F6, N_("Hide"), SIGNUP_HIDE, N_("Show stars instead of your name, telephone and e-mail; you see them once more before the end")},
    {K_F6, N_("Show"), SIGNUP_SHOW, N_("Show your name, telephone and e-mail again")},
    {0}};

const struct screen screen_signup = {
    .name = "signup",
    .title = N_("Sign up"),
    .state_size = sizeof(struct signup),
    .flags = SCREEN_UNTYPES,
    .keys = signup_keys,
    .enter = signup_enter,
    .refresh = signup_refresh,
    .draw = signup_draw,
    .act = signup_act,
    .key = signup_key,
    .leave = signup_leave,
    .can = signup_can,
};
