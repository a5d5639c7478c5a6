/* The staff page behind a PIN: how the terminal is, a test page, the way out of the program. It opens no shell and changes no setting.
 * F12 leads here; no screen for residents names it. Leaving it locks it again. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/form/buttons.h"
#include "kiosk/store/ledger_jobs.h"
#include "kiosk/ticket/crypto.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/staff_facts.h"
#include "screens/staff_report.h"
#include "screens/staff_stick.h"

enum { STAFF_PIN = 12, STAFF_PIN_LEAST = 4, STAFF_TRIES = 5, STAFF_PAUSE_MS = 60000, STAFF_LABEL = 20, STAFF_WIDE = 100 };
enum staff_action { STAFF_UNLOCK = 1, STAFF_TEST_PAGE, STAFF_STICK, STAFF_SETTINGS, STAFF_REPORT, STAFF_AWAY, STAFF_ASK_CLOSE, STAFF_CLOSE };
enum staff_step { STAFF_LOCKED, STAFF_NO_PIN, STAFF_OPEN };

struct staff {
    enum staff_step step;
    struct input pin;
    bool wrong; /* the last try */
    int wait;   /* seconds of the pause left */
    struct staff_fact fact[STAFF_FACTS];
    int facts;
    struct buttons buttons;
};

/* ---- the PIN */

static bool staff_pin_is_usable(const char *pin)
{
    size_t n = strlen(pin);
    return n >= STAFF_PIN_LEAST && n <= STAFF_PIN && strspn(pin, "0123456789") == n;
}

/* Both are padded to the same length, so that the time taken tells nothing. */
static bool staff_pin_is(const char *typed, const char *pin)
{
    char a[STAFF_PIN + 1] = "", b[STAFF_PIN + 1] = "";
    snprintf(a, sizeof a, "%.*s", STAFF_PIN, typed);
    snprintf(b, sizeof b, "%.*s", STAFF_PIN, pin);
    bool same = crypto_equal(a, b, sizeof a);
    explicit_bzero(a, sizeof a);
    explicit_bzero(b, sizeof b);
    return same && strlen(typed) <= STAFF_PIN;
}

static void staff_unlock(struct ui *ui, struct staff *s)
{
    if (tries_wait(&ui->pin_tries, ui->mono) > 0 || input_is_empty(&s->pin))
        return;
    if (staff_pin_is(s->pin.text, config_str(ui->config, "staff", "pin"))) {
        tries_right(&ui->pin_tries);
        s->step = STAFF_OPEN;
    } else {
        tries_wrong(&ui->pin_tries, ui->mono, STAFF_TRIES, STAFF_PAUSE_MS);
    }
    s->wrong = s->step != STAFF_OPEN;
    s->wait = tries_wait(&ui->pin_tries, ui->mono);
    input_wipe(&s->pin);
}

/* ---- the screen's functions */

static void staff_enter(struct ui *ui, void *state, const char *arg)
{
    struct staff *s = state;
    (void)arg;
    s->pin.max = STAFF_PIN;
    s->pin.secret = true;
    s->step = ui->config && staff_pin_is_usable(config_str(ui->config, "staff", "pin")) ? STAFF_LOCKED : STAFF_NO_PIN;
    s->wait = tries_wait(&ui->pin_tries, ui->mono);
}

static void staff_refresh(struct ui *ui, void *state)
{
    struct staff *s = state;
    s->facts = s->step == STAFF_OPEN ? staff_facts(ui, s->fact) : 0;
    buttons_clear(&s->buttons);
    if (s->step != STAFF_OPEN)
        return;
    /* Whoever opened this page and put a stick in wants it used. */
    bool again = ui->ledger && staff_use_stick(ui->ledger);
    buttons_add(&s->buttons, _("Back"), STAFF_AWAY);
    if (ui->ledger)
        buttons_add(&s->buttons, _("Print a test page"), STAFF_TEST_PAGE);
    if (again)
        buttons_add(&s->buttons, _("Stick once more"), STAFF_STICK);
    if (ui->config && ui->data)
        buttons_add(&s->buttons, _("Settings"), STAFF_SETTINGS);
    if (ui->data)
        buttons_add(&s->buttons, _("Write a report"), STAFF_REPORT);
    buttons_add(&s->buttons, _("Close the program"), STAFF_ASK_CLOSE);
    buttons_place(&s->buttons, ui->rows - buttons_rows(&s->buttons, ui->cols), ui->cols);
}

static void staff_print_test(struct ui *ui)
{
    struct error e;
    int64_t id;
    if (ledger_job_add(ui->ledger, NULL, ui->lang, &id, &e) == ERR_NONE)
        shell_flash(ui, STYLE_GOOD, _("The test page is on its way to the printer."));
    else
        shell_flash(ui, STYLE_WARN, _("The test page could not be ordered: the records cannot be written."));
}

static void staff_write_report(struct ui *ui, const struct staff *s)
{
    char path[STAFF_REPORT_PATH], words[STAFF_REPORT_PATH + 200];
    struct error e;
    if (staff_report(ui, s->fact, s->facts, path, &e) != ERR_NONE) {
        snprintf(words, sizeof words, "%s", _("The report could not be written: there is no room on the disk, or it lets nothing be written."));
        shell_flash(ui, STYLE_WARN, words);
        return;
    }
    snprintf(words, sizeof words, _("The report is in the file %s. It says nothing about people."), path);
    shell_flash(ui, STYLE_GOOD, words);
}

static void staff_act(struct ui *ui, void *state, int action)
{
    struct staff *s = state;
    switch (action) {
    case STAFF_UNLOCK:
        staff_unlock(ui, s);
        break;
    case STAFF_TEST_PAGE:
        staff_print_test(ui);
        break;
    case STAFF_STICK:
        staff_ask_stick(ui->ledger);
        break;
    case STAFF_SETTINGS:
        shell_open(ui, SCREEN_SETUP, NULL);
        return;
    case STAFF_REPORT:
        staff_write_report(ui, s);
        break;
    case STAFF_ASK_CLOSE:
        shell_ask(ui, &(struct shell_question){.text = _("Close the program? Residents then cannot use the terminal until it is started again."),
                                               .yes = _("Yes, close it"),
                                               .no = _("No, go on"),
                                               .action = STAFF_CLOSE});
        return;
    case STAFF_CLOSE:
        shell_quit(ui);
        return;
    default:
        shell_back(ui);
        return;
    }
    staff_refresh(ui, s);
}

static bool staff_key(struct ui *ui, void *state, const struct key *k)
{
    struct staff *s = state;
    bool digit = k->code == K_CHAR && k->ch >= '0' && k->ch <= '9';
    if (s->step == STAFF_LOCKED && s->wait == 0 && (digit || k->code != K_CHAR) && input_key(&s->pin, k)) {
        s->wrong = false;
        return true;
    }
    if (s->step != STAFF_OPEN)
        return k->code == K_CHAR || k->code == K_SCAN;
    int action = buttons_key(&s->buttons, k);
    if (action > 0)
        staff_act(ui, s, action);
    return action != BUTTONS_NOT_MINE || k->code == K_SCAN;
}

static void staff_tick(struct ui *ui, void *state)
{
    struct staff *s = state;
    int wait = tries_wait(&ui->pin_tries, ui->mono);
    if (wait == s->wait)
        return;
    s->wait = wait;
    s->wrong = s->wrong && wait > 0;
    shell_redraw(ui);
}

static bool staff_can(const struct ui *ui, const void *state, int action)
{
    const struct staff *s = state;
    (void)ui;
    return action != STAFF_UNLOCK || s->step == STAFF_LOCKED;
}

/* ---- drawing */

static void staff_draw_lock(const struct staff *s, struct canvas c)
{
    char words[200] = "";
    int row = canvas_wrap(c, 0, STYLE_HEADING, _("This page is for the people who work here")) + 1;
    row += canvas_wrap(c, row, STYLE_TEXT, _("Type the staff PIN and press Enter.")) + 1;
    canvas_text(c, row, 0, STYLE_STRONG, ">");
    if (s->wait > 0)
        snprintf(words, sizeof words, i18n_plural("Too many wrong PINs. Please wait %d second.",
                                                  "Too many wrong PINs. Please wait %d seconds.", (unsigned long)s->wait), s->wait);
    else if (s->wrong)
        snprintf(words, sizeof words, "%s", _("This PIN is not right."));
    canvas_wrap(canvas_area(c, 0, 2, c.rows, c.cols - 2), row + 2, STYLE_WARN, words);
    input_draw(canvas_area(c, row, 2, 1, STAFF_PIN + 2), &s->pin, true, NULL);
}

static void staff_draw_no_pin(struct canvas c)
{
    int row = canvas_wrap(c, 0, STYLE_HEADING, _("This page is for the people who work here")) + 1;
    row += canvas_wrap(c, row, STYLE_TEXT, _("It is closed, because no PIN is set.")) + 1;
    row += canvas_wrap(c, row, STYLE_TEXT, _("To open it, put these two lines into the file kiosk.conf in the terminal's data folder, with four to "
                                             "twelve digits of your own, and start the program again:")) + 1;
    static const char *const lines[] = {"[staff]", "pin = ...."}; /* of the file, in no language */
    canvas_text(c, row, 4, STYLE_STRONG, lines[0]);
    canvas_text(c, row + 1, 4, STYLE_STRONG, lines[1]);
}

static void staff_draw_facts(const struct staff *s, struct canvas c)
{
    int row = 0;
    for (int i = 0; i < s->facts; i++) {
        const struct staff_fact *f = &s->fact[i];
        struct canvas_fact fact = {.label_cols = STAFF_LABEL, .label = f->label, .value = f->text};
        if (f->bad)
            canvas_text(c, row, STAFF_LABEL - 2, STYLE_WARN, "!");
        row += canvas_fact(c, row, f->bad ? STYLE_WARN : STYLE_TEXT, &fact);
    }
}

static void staff_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct staff *s = state;
    struct canvas c = canvas_area(body, 0, 0, body.rows, body.cols < STAFF_WIDE ? body.cols : STAFF_WIDE);
    (void)ui;
    if (s->step == STAFF_LOCKED)
        staff_draw_lock(s, c);
    else if (s->step == STAFF_NO_PIN)
        staff_draw_no_pin(c);
    else
        staff_draw_facts(s, canvas_area(c, 0, 0, s->buttons.row - 1, c.cols));
    buttons_draw(body, &s->buttons);
}

static const struct screen_key staff_keys[] = {
    {K_ENTER, N_("Open"), STAFF_UNLOCK, N_("Open the page with this PIN")}, {0}};

const struct screen screen_staff = {
    .name = "staff",
    .title = N_("For staff"),
    .state_size = sizeof(struct staff),
    .flags = SCREEN_UNTYPES,
    .tick_ms = 1000,
    .keys = staff_keys,
    .enter = staff_enter,
    .refresh = staff_refresh,
    .draw = staff_draw,
    .act = staff_act,
    .key = staff_key,
    .tick = staff_tick,
    .can = staff_can,
};
