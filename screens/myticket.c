/* A ticket by its code, typed or scanned. A ticket of another terminal is asked for; the answer may take a moment, or not come while
 * there is no line. What was found replaces this screen, so that nobody who comes later finds a code here. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/ledger.h"
#include "kiosk/ui/input.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { MYTICKET_TRIES = 5, MYTICKET_PAUSE_MS = 30000, MYTICKET_PATIENCE_MS = 8000, MYTICKET_CHARS = 64, MYTICKET_COLS = 30, MYTICKET_LOW = 16 };
enum myticket_action { MYTICKET_SHOW = 1 };

enum myticket_step {
    MYTICKET_TYPE,
    MYTICKET_WRONG,   /* see fault */
    MYTICKET_PAUSE,   /* too many wrong ones */
    MYTICKET_ASKED,   /* another terminal's: the hub is being asked */
    MYTICKET_NO_LINE, /* it has not answered so far; it still may */
    MYTICKET_UNKNOWN, /* no such ticket anywhere */
    MYTICKET_CLOSED,  /* this terminal cannot show tickets */
};

struct myticket {
    struct input input;
    enum myticket_step step;
    enum code_fault fault;
    char code[CODE_LEN + 1]; /* the one asked for */
    int64_t asked_at;        /* ui->mono */
    int wait;                /* seconds of the pause left */
    char found[CONTENT_ID + 1]; /* "?" and the id, for the ticket's screen */
};

/* ---- finding */

static void myticket_wrong(struct ui *ui, struct myticket *s, enum myticket_step step)
{
    tries_wrong(&ui->code_tries, ui->mono, MYTICKET_TRIES, MYTICKET_PAUSE_MS);
    s->wait = tries_wait(&ui->code_tries, ui->mono);
    s->step = s->wait > 0 ? MYTICKET_PAUSE : step;
}

static void myticket_open(struct ui *ui, struct myticket *s)
{
    struct ticket t;
    struct error e;
    if (ledger_ticket_by_code(ui->ledger, s->code, &t, &e) == ERR_NONE) {
        tries_right(&ui->code_tries);
        snprintf(s->found, sizeof s->found, "?%s", t.id);
        shell_replace(ui, SCREEN_TICKET, s->found);
    } else {
        s->step = MYTICKET_CLOSED;
    }
    explicit_bzero(&t, sizeof t);
}

/* Asks the ledger, and through it the hub; also called again whenever the data has changed. */
static void myticket_look(struct ui *ui, struct myticket *s, bool first)
{
    struct error e;
    char state = 'a';
    enum err code = ledger_find(ui->ledger, s->code, &state, &e);
    if (code == ERR_STATE)
        s->step = MYTICKET_NO_LINE; /* not enrolled: nobody to ask */
    else if (code != ERR_NONE)
        s->step = MYTICKET_CLOSED;
    else if (state == 't')
        myticket_open(ui, s);
    else if (state == 'u')
        myticket_wrong(ui, s, MYTICKET_UNKNOWN);
    else if (first)
        s->step = MYTICKET_ASKED;
}

static void myticket_show(struct ui *ui, struct myticket *s, const char *typed)
{
    s->wait = tries_wait(&ui->code_tries, ui->mono);
    s->fault = code_read(s->code, typed, strlen(typed));
    s->asked_at = ui->mono;
    if (!ui->ledger)
        s->step = MYTICKET_CLOSED;
    else if (s->wait > 0)
        s->step = MYTICKET_PAUSE;
    else if (s->fault == CODE_OK)
        myticket_look(ui, s, true);
    else if (s->fault == CODE_CHECK)
        myticket_wrong(ui, s, MYTICKET_WRONG);
    else
        s->step = MYTICKET_WRONG;
}

/* ---- the screen's functions */

static void myticket_scan(struct ui *ui, struct myticket *s, const char *text)
{
    input_set(&s->input, "");
    myticket_show(ui, s, text);
    if (s->fault == CODE_OK) {
        char shown[CODE_SHOWN + 1];
        code_show(shown, s->code);
        input_set(&s->input, shown);
        explicit_bzero(shown, sizeof shown);
    }
}

static void myticket_enter(struct ui *ui, void *state, const char *arg)
{
    struct myticket *s = state;
    s->input.max = MYTICKET_CHARS;
    if (arg[0])
        myticket_scan(ui, s, arg);
}

static void myticket_refresh(struct ui *ui, void *state)
{
    struct myticket *s = state;
    if ((s->step == MYTICKET_ASKED || s->step == MYTICKET_NO_LINE) && ui->ledger && ui->identity.kid[0])
        myticket_look(ui, s, false);
}

static void myticket_tick(struct ui *ui, void *state)
{
    struct myticket *s = state;
    if (s->step == MYTICKET_ASKED && ui->mono - s->asked_at >= MYTICKET_PATIENCE_MS) {
        s->step = MYTICKET_NO_LINE;
        shell_redraw(ui);
    }
    if (s->step == MYTICKET_PAUSE) {
        s->wait = tries_wait(&ui->code_tries, ui->mono);
        s->step = s->wait > 0 ? MYTICKET_PAUSE : MYTICKET_TYPE;
        shell_redraw(ui);
    }
}

static void myticket_act(struct ui *ui, void *state, int action)
{
    struct myticket *s = state;
    if (action == MYTICKET_SHOW && !input_is_empty(&s->input))
        myticket_show(ui, s, s->input.text);
}

/* A Russian letter whose key carries a symbol of codes becomes that symbol at once: what is on the screen is what is on the paper. */
static struct key myticket_symbol(const struct key *k)
{
    struct key out = *k;
    uint32_t us = text_key_to_us(k->ch);
    if (us >= 'a' && us <= 'z')
        us -= 'a' - 'A';
    if (us < 0x80 && us && strchr("23456789CDFGJLNRVWX-", (int)us))
        out.ch = us;
    return out;
}

static bool myticket_key(struct ui *ui, void *state, const struct key *k)
{
    struct myticket *s = state;
    struct key meant = k->code == K_CHAR ? myticket_symbol(k) : *k;
    if (k->code == K_SCAN) {
        myticket_scan(ui, s, k->text);
        return true;
    }
    if (!input_key(&s->input, &meant))
        return false;
    bool edits = k->code == K_CHAR || k->code == K_BACKSPACE || k->code == K_DELETE;
    if (edits && s->step != MYTICKET_PAUSE)
        s->step = MYTICKET_TYPE;
    return true;
}

/* ---- drawing */

static const char *myticket_fault(enum code_fault fault)
{
    switch (fault) {
    case CODE_SHORT:
        return _("This is not the whole code yet: it has ten letters and digits.");
    case CODE_LONG:
        return _("This is too long: the code has ten letters and digits.");
    case CODE_SYMBOL:
        return _("There is a sign in it that no code has. Codes are made of the digits 2 to 9 and the letters C D F G J L N R V W X.");
    default:
        return _("One of the letters or digits is not right. Please compare it with your ticket.");
    }
}

static const char *myticket_words(const struct myticket *s, char *out, size_t size)
{
    switch (s->step) {
    case MYTICKET_WRONG:
        return myticket_fault(s->fault);
    case MYTICKET_PAUSE:
        snprintf(out, size, i18n_plural("Too many wrong codes. Please wait %d second, or ask the staff.",
                                        "Too many wrong codes. Please wait %d seconds, or ask the staff.",
                                        (unsigned long)s->wait), s->wait);
        return out;
    case MYTICKET_ASKED:
        return _("This ticket is from another terminal. One moment, asking…");
    case MYTICKET_NO_LINE:
        return _("This ticket is from another terminal, and there is no line to it just now. Your sign-up is safe. You may wait here, "
                 "come back later, or ask the staff.");
    case MYTICKET_UNKNOWN:
        return _("No ticket has this code. Please compare it with your ticket, or ask the staff.");
    case MYTICKET_CLOSED:
        return _("Tickets cannot be shown on this terminal just now. Your sign-up is safe. Please ask the staff.");
    default:
        return "";
    }
}

static void myticket_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct myticket *s = state;
    char words[300];
    struct canvas c = canvas_area(body, 0, 0, body.rows, body.cols < 80 ? body.cols : 80);
    (void)ui;
    bool low = body.rows < MYTICKET_LOW; /* large letters: what to do is above the field, the rest goes */
    int row = low ? 0 : canvas_wrap(c, 0, STYLE_HEADING, _("Which ticket is yours?")) + 1;
    row += canvas_wrap(c, row, STYLE_TEXT, _("Type the code of your ticket and press Enter. It has ten letters and digits, like 4DXF9-2RV73.")) + 1;
    if (!low)
        row += canvas_wrap(c, row, STYLE_TEXT, _("If there is a scanner here, simply hold the square pattern of your ticket in front of it.")) + 1;
    canvas_text(c, row, 0, STYLE_STRONG, ">");
    struct canvas field = canvas_area(c, row, 2, 1, MYTICKET_COLS);
    canvas_wrap(canvas_area(c, 0, 2, c.rows, c.cols - 2), row + (low ? 1 : 2), s->step == MYTICKET_ASKED ? STYLE_TEXT : STYLE_WARN,
                myticket_words(s, words, sizeof words));
    input_draw(field, &s->input, true, NULL);
}

static const struct screen_key myticket_keys[] = {
    {K_ENTER, N_("Show the ticket"), MYTICKET_SHOW, N_("Show the ticket with this code")}, {0}};

const struct screen screen_myticket = {
    .name = "myticket",
    .title = N_("My ticket"),
    .state_size = sizeof(struct myticket),
    .flags = SCREEN_UNTYPES,
    .tick_ms = 1000,
    .keys = myticket_keys,
    .enter = myticket_enter,
    .refresh = myticket_refresh,
    .draw = myticket_draw,
    .act = myticket_act,
    .key = myticket_key,
    .tick = myticket_tick,
};
