/* The shell: which screen is on top, what lies below, title, footer, help, idle, language. It knows no terminal: keys
 * and moments go in (loop.h), a grid comes out. The first half is for screens, the second for main and tests. */
#ifndef KIOSK_UI_SHELL_H
#define KIOSK_UI_SHELL_H

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"
#include "kiosk/ui/screen.h"
#include "kiosk/ui/ui.h"

/* ---- for screens. Moves are noted and done when the handler has returned; the last one noted wins. `screen` is a
 * SCREEN_ number of screens/screens.h; arg (at most 511 bytes) is copied; NULL is "". */
void shell_open(struct ui *ui, int screen, const char *arg);    /* on top of this one */
void shell_replace(struct ui *ui, int screen, const char *arg); /* instead of this one */
void shell_back(struct ui *ui);                                 /* to the one below; from the lowest: home */
void shell_home(struct ui *ui);                                 /* everything else is left and wiped */
void shell_leave(struct ui *ui);                                /* the person has gone: everything is wiped, attract */
void shell_quit(struct ui *ui);                                 /* the program ends: for the staff screen alone */
/* Closes this screen and calls act(action) of the one below, with ui->answer being text. For pickers and dialogs. */
void shell_return(struct ui *ui, int action, const char *text);
/* A line above the footer until the next key or for 8 s. style: STYLE_TEXT, GOOD, WARN or BAD; text is translated
 * already. */
void shell_flash(struct ui *ui, enum style style, const char *text);
/* A short tone with the next drawing, as shell_flash gives one too; silent unless [screen] sound is set. */
void shell_tone(struct ui *ui);
void shell_set_lang(struct ui *ui, const char *lang);
/* Until everything is wiped if no key comes; 0 at least. For the question that is asked before. */
int shell_seconds_left(const struct ui *ui);
/* Draw again though no key came: after a tick that changed something. */
void shell_redraw(struct ui *ui);

/* later() of this screen is called when no key has come for SHELL_LATER_MS: what is told beside the focus is filled in then, and who
 * holds an arrow sends little. At once where the screen is read in lines; refresh() makes it unnecessary. */
enum { SHELL_LATER_MS = 150 };
void shell_later(struct ui *ui);

/* A yes/no question, as a dialog on top. Texts are translated already and copied. Yes: act(action) of the asking
 * screen; no and Esc: nothing happens. The focus starts on "no". */
struct shell_question {
    const char *text;
    const char *yes, *no; /* the buttons */
    int action;
};
void shell_ask(struct ui *ui, const struct shell_question *q);
const struct shell_question *shell_asked(const struct ui *ui); /* for the dialog: the question being asked */
/* For the help screen: row i of what can be pressed on the screen below, keys that work everywhere included; false past
 * the end. `key` is 0 in the row that ends a group. */
bool shell_help_row(const struct ui *ui, int i, struct screen_key *out);

/* ---- for main, the loop and tests */
struct shell_setup {
    const struct screen *const *screens;
    int count;
    /* screens the shell opens by itself */
    int attract, home, help, language, idle, confirm;
    int scan;    /* opened on a scanned text nobody wanted, with the text as arg */
    int staff;   /* opened with F12, which no screen names */
    int idle_ms; /* without a key until "still here?" */
    int gone_ms; /* then until everything is wiped */
};
/* ui is the caller's and outlives the shell; its data members are filled, the rest is the shell's. */
struct shell *shell_new(struct ui *ui, const struct shell_setup *setup);
void shell_free(struct shell *s); /* leaves and wipes every screen */
void shell_key(struct shell *s, const struct key *k);
bool shell_can_untype(const struct shell *s); /* can a character that comes now be taken back? For struct keys, eager */
void shell_resize(struct shell *s, int rows, int cols);
void shell_data_changed(struct shell *s); /* replica, ledger, clock: what is visible fetches again */
/* What is due by now: ticks, idle, the minute. Reads the clock; call it before shell_key too. */
void shell_advance(struct shell *s);
int64_t
shell_deadline(const struct shell *s); /* clock_mono_ms when shell_advance has something to do; INT64_MAX never */
bool shell_is_dirty(const struct shell *s);
bool shell_is_unfinished(const struct shell *s); /* later() is still to come */
void shell_draw(struct shell *s, struct canvas_grid *g); /* blank grid in; dirty is cleared */
bool shell_take_tone(struct shell *s); /* true once: the terminal shall sound */
bool shell_is_over(const struct shell *s);               /* shell_quit was called: the loop ends */
const char *shell_top_name(const struct shell *s);       /* name of the screen on top */

#endif
