/* Screens on a stack, moves between them, keys and moments. */
#include "kiosk/ui/shell.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/guard.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/shell_state.h"
#include "kiosk/ui/where.h"

enum { SHELL_FLASH_MS = 8000, SHELL_MOVES = 8 };

/* ---- frames */

struct shell_frame *shell_top(const struct shell *s)
{
    return s->depth > 0 ? (struct shell_frame *)&s->frame[s->depth - 1] : NULL;
}

bool shell_is_small(const struct shell *s) { return s->rows < SHELL_MIN_ROWS || s->cols < SHELL_MIN_COLS; }

/* Handlers see the size they will be drawn in. A window that is too small shows nothing, but screens need not know. */
void shell_face(struct shell *s, const struct screen *screen)
{
    struct canvas_grid size = {.rows = s->rows < SHELL_MIN_ROWS ? SHELL_MIN_ROWS : shell_rows(s),
                               .cols = s->cols < SHELL_MIN_COLS ? SHELL_MIN_COLS : s->cols};
    struct canvas body = shell_body(s, screen, canvas_all(&size));
    s->ui->rows = body.rows;
    s->ui->cols = body.cols;
}

static void shell_refresh(struct shell *s, struct shell_frame *f)
{
    shell_face(s, f->screen);
    if (f->screen->refresh)
        f->screen->refresh(s->ui, f->state);
    f->later_at = INT64_MAX;
    s->dirty = true;
}

/* Everything that is visible: the top, and what shows behind dialogs. */
void shell_refresh_seen(struct shell *s)
{
    int first = s->depth - 1;
    while (first > 0 && (s->frame[first].screen->flags & SCREEN_DIALOG))
        first--;
    for (int i = first; i >= 0 && i < s->depth; i++)
        shell_refresh(s, &s->frame[i]);
}

static void shell_drop(struct shell *s, int at)
{
    struct shell_frame *f = &s->frame[at];
    if (f->screen->leave)
        f->screen->leave(s->ui, f->state);
    guard_free(f->state, f->screen->state_size);
    s->depth--;
    memmove(f, f + 1, (size_t)(s->depth - at) * sizeof *f);
}

static void shell_drop_above(struct shell *s, int depth)
{
    while (s->depth > depth)
        shell_drop(s, s->depth - 1);
}

static void shell_push(struct shell *s, int number, const char *arg)
{
    if (number < 0 || number >= s->setup.count)
        die("shell: no screen %d", number);
    if (s->depth == SHELL_DEPTH)
        shell_drop(s, 1); /* who follows links for ever finds home below, not the whole way back */
    const struct screen *screen = s->setup.screens[number];
    struct shell_frame *f = &s->frame[s->depth++];
    *f = (struct shell_frame){.screen = screen, .tick_at = INT64_MAX, .later_at = INT64_MAX, .serial = ++s->serial};
    if (screen->state_size > 0)
        f->state = guard_new(screen->state_size);
    if (screen->tick_ms > 0)
        f->tick_at = s->ui->mono + screen->tick_ms;
    shell_face(s, screen);
    if (screen->enter)
        screen->enter(s->ui, f->state, arg);
    shell_refresh(s, f);
}

/* ---- moves */

static void shell_note(struct ui *ui, enum shell_move_kind kind, int screen, const char *text)
{
    struct shell_move *m = &ui->shell->move;
    m->kind = kind;
    m->screen = screen;
    snprintf(m->text, sizeof m->text, "%s", text ? text : "");
}

void shell_open(struct ui *ui, int screen, const char *arg) { shell_note(ui, SHELL_OPEN, screen, arg); }
void shell_replace(struct ui *ui, int screen, const char *arg) { shell_note(ui, SHELL_REPLACE, screen, arg); }
void shell_back(struct ui *ui) { shell_note(ui, SHELL_BACK, 0, NULL); }
void shell_home(struct ui *ui) { shell_note(ui, SHELL_HOME, 0, NULL); }
void shell_leave(struct ui *ui) { shell_note(ui, SHELL_LEAVE, 0, NULL); }
void shell_quit(struct ui *ui) { ui->shell->over = true; }

void shell_return(struct ui *ui, int action, const char *text)
{
    shell_note(ui, SHELL_RETURN, 0, text);
    ui->shell->move.action = action;
}

static void shell_wipe_texts(struct shell *s)
{
    explicit_bzero(s->answer, sizeof s->answer);
    explicit_bzero(s->flash, sizeof s->flash);
    explicit_bzero(s->question_text, sizeof s->question_text);
    s->question = (struct shell_question){.text = NULL};
}

static void shell_set_lang_now(struct shell *s, const char *lang)
{
    snprintf(s->ui->lang, sizeof s->ui->lang, "%s", lang);
    i18n_set(s->ui->lang);
    replica_set_lang(s->ui->replica, s->ui->lang);
}

/* Nothing of one person is there for the next: states, texts, language. */
static void shell_leave_now(struct shell *s)
{
    shell_drop_above(s, 0);
    s->osk = (struct osk){.wanted = false};
    shell_wipe_texts(s);
    shell_set_lang_now(s, s->first_lang);
    s->ui->contrast = s->first_contrast;
    shell_push(s, s->setup.attract, "");
}

static void shell_home_now(struct shell *s)
{
    bool there = s->depth > 0 && s->frame[0].screen == s->setup.screens[s->setup.home];
    shell_drop_above(s, there ? 1 : 0);
    if (there)
        shell_refresh(s, &s->frame[0]);
    else
        shell_push(s, s->setup.home, "");
}

static void shell_back_now(struct shell *s)
{
    if (s->depth > 1) {
        shell_drop(s, s->depth - 1);
        shell_refresh_seen(s);
    } else if (s->depth == 1 && s->frame[0].screen == s->setup.screens[s->setup.home]) {
        shell_leave_now(s);
    } else {
        shell_home_now(s);
    }
}

static void shell_return_now(struct shell *s, const struct shell_move *m)
{
    shell_back_now(s);
    struct shell_frame *f = shell_top(s);
    memcpy(s->answer, m->text, sizeof s->answer);
    s->ui->answer = s->answer;
    if (f->screen->act)
        f->screen->act(s->ui, f->state, m->action);
    s->ui->answer = "";
    explicit_bzero(s->answer, sizeof s->answer);
}

static void shell_move_now(struct shell *s, const struct shell_move *m)
{
    switch (m->kind) {
    case SHELL_REPLACE:
        if (s->depth > 0)
            shell_drop(s, s->depth - 1);
        shell_push(s, m->screen, m->text);
        break;
    case SHELL_OPEN:
        shell_push(s, m->screen, m->text);
        break;
    case SHELL_BACK:
        shell_back_now(s);
        break;
    case SHELL_HOME:
        shell_home_now(s);
        break;
    case SHELL_LEAVE:
        shell_leave_now(s);
        break;
    case SHELL_RETURN:
        shell_return_now(s, m);
        break;
    case SHELL_STAY:
        break;
    }
}

/* Does what the handlers asked for. A screen that opens another from enter() is followed, but not for ever. */
void shell_settle(struct shell *s)
{
    for (int i = 0; i < SHELL_MOVES && s->move.kind != SHELL_STAY; i++) {
        struct shell_move m = s->move;
        s->move = (struct shell_move){.kind = SHELL_STAY};
        shell_move_now(s, &m);
        explicit_bzero(&m, sizeof m);
        s->dirty = true;
    }
    s->move = (struct shell_move){.kind = SHELL_STAY};
    if (shell_osk_settle(s))
        shell_refresh_seen(s);
}

/* ---- what screens may ask for besides */

void shell_flash(struct ui *ui, enum style style, const char *text)
{
    struct shell *s = ui->shell;
    snprintf(s->flash, sizeof s->flash, "%s", text);
    s->flash_style = style;
    s->flash_until = ui->mono + SHELL_FLASH_MS;
    s->dirty = s->tone = true;
}

void shell_redraw(struct ui *ui) { ui->shell->dirty = true; }

void shell_later(struct ui *ui)
{
    struct shell_frame *f = shell_top(ui->shell);
    if (ui->plain && f->screen->later)
        f->screen->later(ui, f->state);
    else if (f->screen->later)
        f->later_at = ui->mono + SHELL_LATER_MS;
}

void shell_set_lang(struct ui *ui, const char *lang)
{
    shell_set_lang_now(ui->shell, lang);
    for (int i = 0; i < ui->shell->depth; i++)
        shell_refresh(ui->shell, &ui->shell->frame[i]);
    if (shell_top(ui->shell))
        shell_face(ui->shell, shell_top(ui->shell)->screen);
}

void shell_ask(struct ui *ui, const struct shell_question *q)
{
    struct shell *s = ui->shell;
    const char *texts[3] = {q->text, q->yes, q->no};
    for (int i = 0; i < 3; i++)
        snprintf(s->question_text[i], sizeof s->question_text[i], "%s", texts[i]);
    s->question = (struct shell_question){
        .text = s->question_text[0], .yes = s->question_text[1], .no = s->question_text[2], .action = q->action};
    shell_open(ui, s->setup.confirm, "");
}

const struct shell_question *shell_asked(const struct ui *ui) { return &ui->shell->question; }

/* ---- keys */

bool shell_can(const struct shell *s, const struct shell_frame *f, const struct screen_key *row)
{
    return !f->screen->can || row->action == 0 || f->screen->can(s->ui, f->state, row->action);
}

static bool shell_key_table(struct shell *s, struct shell_frame *f, const struct key *k)
{
    for (const struct screen_key *row = f->screen->keys; row && row->key; row++) {
        if (row->action == 0 || !key_is(k, row->key) || !shell_can(s, f, row))
            continue;
        if (f->screen->act)
            f->screen->act(s->ui, f->state, row->action);
        return true;
    }
    return false;
}

static void shell_key_everywhere(struct shell *s, const struct shell_frame *f, const struct key *k)
{
    if (f->screen->flags & SCREEN_NO_IDLE)
        shell_home(s->ui);
    else if (k->code == K_ESC)
        shell_back(s->ui);
    else if (f->screen->flags & SCREEN_DIALOG)
        return;
    else if (k->code == K_SCAN)
        shell_open(s->ui, s->setup.scan, k->text);
    else if (k->code == K_HOME)
        shell_home(s->ui);
    else if (key_is(k, '?') && f->screen != s->setup.screens[s->setup.help])
        shell_open(s->ui, s->setup.help, "");
}

/* For eyes and ears: the contrast, and where one is. */
static bool shell_key_aid(struct shell *s, const struct screen *screen, const struct key *k)
{
    if ((k->code != K_F8 && k->code != K_F9) || screen->flags & SCREEN_FULL)
        return false;
    if (k->code == K_F9) {
        where_tell(s);
        return true;
    }
    s->ui->contrast = !s->ui->contrast;
    shell_flash(s->ui, STYLE_TEXT, s->ui->contrast ? _("Strong contrast is on. F8 switches it off.") : _("The usual colours are back."));
    return true;
}

/* F1, F2, F8 and F9 come before everything: whoever is lost in a form must find them. */
static bool shell_key_first(struct shell *s, const struct shell_frame *f, const struct key *k)
{
    int number = k->code == K_F1    ? s->setup.help
                 : k->code == K_F2  ? s->setup.language
                 : k->code == K_F12 ? s->setup.staff
                                    : -1;
    if (shell_key_aid(s, f->screen, k))
        return true;
    if (number < 0 || (f->screen->flags & SCREEN_DIALOG))
        return false;
    if (f->screen == s->setup.screens[number])
        shell_back(s->ui);
    else
        shell_open(s->ui, number, "");
    return true;
}

bool shell_can_untype(const struct shell *s)
{
    const struct shell_frame *f = shell_top(s);
    return f && !shell_is_small(s) && (f->screen->flags & SCREEN_UNTYPES);
}

static struct shell_frame *shell_find_early(struct shell *s, unsigned early)
{
    for (int i = s->depth - 1; i >= 0 && early; i--)
        if (s->frame[i].early == early)
            return &s->frame[i];
    return NULL;
}

/* The screen that got the first character is on top again, and forgets it. */
static void shell_untype(struct shell *s, const struct key *k)
{
    struct shell_frame *f = shell_find_early(s, k->early);
    if (!f)
        return;
    int depth = (int)(f - s->frame) + 1;
    bool opened = s->depth > depth;
    shell_drop_above(s, depth);
    shell_face(s, f->screen);
    if (f->screen->key)
        f->screen->key(s->ui, f->state, k);
    if (opened)
        shell_refresh_seen(s);
    s->dirty = true;
    shell_settle(s);
}

void shell_key(struct shell *s, const struct key *k)
{
    struct shell_frame *f = shell_top(s);
    s->last_key = s->ui->mono;
    if (k->code == K_UNTYPE)
        shell_untype(s, k);
    if (!f || shell_is_small(s) || k->code == K_NONE || k->code == K_UNTYPE)
        return;
    if (k->early && shell_can_untype(s) && !shell_find_early(s, k->early))
        f->early = k->early;
    if (s->flash[0]) {
        s->flash[0] = 0;
        s->dirty = true;
    }
    struct key typed, aimed;
    shell_osk_touch(s, k);
    s->dirty = true;
    if (!shell_osk_take(s, k, &typed)) {
        shell_settle(s);
        return;
    }
    aimed = shell_aim(s, &typed);
    shell_face(s, f->screen);
    if (!shell_key_first(s, f, &aimed) && !(f->screen->key && f->screen->key(s->ui, f->state, &aimed)) &&
        !shell_key_table(s, f, &aimed))
        shell_key_everywhere(s, f, &aimed);
    explicit_bzero(&aimed, sizeof aimed);
    explicit_bzero(&typed, sizeof typed);
    shell_settle(s);
}

/* ---- for main */

struct shell *shell_new(struct ui *ui, const struct shell_setup *setup)
{
    struct shell *s = guard_new(sizeof *s);
    s->ui = ui;
    s->setup = *setup;
    s->rows = SHELL_MIN_ROWS;
    s->cols = SHELL_MIN_COLS;
    ui->shell = s;
    ui->answer = "";
    snprintf(s->first_lang, sizeof s->first_lang, "%s", ui->lang);
    s->first_contrast = ui->contrast;
    shell_read_clock(s);
    s->last_key = ui->mono;
    ui->fresh_at = replica_checked_at(ui->replica);
    shell_leave_now(s);
    shell_settle(s);
    return s;
}

void shell_free(struct shell *s)
{
    if (!s)
        return;
    shell_drop_above(s, 0);
    guard_free(s, sizeof *s);
}

void shell_resize(struct shell *s, int rows, int cols)
{
    s->rows = rows;
    s->cols = cols;
    shell_refresh_seen(s);
    shell_settle(s);
}

void shell_data_changed(struct shell *s)
{
    s->ui->fresh_at = replica_checked_at(s->ui->replica);
    s->minute_at = 0; /* the clock may have been set */
    shell_read_clock(s);
    shell_refresh_seen(s);
    shell_settle(s);
}

bool shell_is_idle(const struct shell *s) { return shell_top(s)->screen == s->setup.screens[s->setup.idle]; }
bool shell_is_dirty(const struct shell *s) { return s->dirty; }
bool shell_is_over(const struct shell *s) { return s->over; }
const char *shell_top_name(const struct shell *s) { return shell_top(s)->screen->name; }
