/* A screen: a const struct of functions and a table of keys. The shell allocates its state (zeroed), calls it, wipes
 * and frees it. Handlers return at once; moving elsewhere (shell.h) happens after they have returned. `draw` is pure:
 * const state in, cells out, no query, no allocation, no clock. Texts in these structs are marked N_() and translated
 * when drawn. */
#ifndef KIOSK_UI_SCREEN_H
#define KIOSK_UI_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

struct ui;

/* One key. The footer shows them in this order as far as they fit, the help screen shows all. */
struct screen_key {
    int key;           /* a K_ code or a character: 'p' (either layout). 0 ends the table */
    const char *label; /* N_("Print"): one or two words; NULL: works but is not shown */
    int action;        /* what act() is called with, > 0; 0: key() does it, the row is here for footer and help */
    const char *help;  /* a whole sentence for the help screen; NULL: the label */
};

enum screen_flags {
    SCREEN_FULL = 1,   /* draws on the whole grid: no title, no footer */
    SCREEN_DIALOG = 2, /* drawn over the screen below */
    SCREEN_NO_IDLE = 4, /* nobody is asked "still here?" (attract) */
    /* Every letter and digit here is typed into something, moves a list or opens a screen on top, and nothing else: so
     * it can come at once, and be taken back if it was a scanner's (keys.h). The shell closes what was opened on top,
     * then key() gets the K_UNTYPE and hands it on to its widgets. Without the flag they wait 35 ms. */
    SCREEN_UNTYPES = 8,
    SCREEN_ONCE = 16 /* read aloud or in lines it is told once, not whenever a clock on it moves on */
};

struct screen {
    const char *name;  /* for logs and tests: "events" */
    const char *title; /* N_(); NULL: none */
    size_t state_size;
    int tick_ms;                   /* tick() is called this often while on top; 0: never */
    unsigned flags;                /* of screen_flags */
    const struct screen_key *keys; /* NULL: none of its own */
    /* arg: what shell_open() was given, "" for none. */
    void (*enter)(struct ui *ui, void *state, const char *arg);
    /* Fetch what is shown, for ui->rows x ui->cols. Called after enter, after coming back from a screen above, and when
     * data, size, language or day changed. */
    void (*refresh)(struct ui *ui, void *state);
    void (*draw)(const struct ui *ui, const void *state, struct canvas body);
    /* A key of the table was pressed, or a question was answered (shell_ask, shell_return: then ui->answer). */
    void (*act)(struct ui *ui, void *state, int action);
    /* Every key first comes here; true: it was ours. Then the table is tried, then the keys that work everywhere. */
    bool (*key)(struct ui *ui, void *state, const struct key *k);
    void (*tick)(struct ui *ui, void *state);
    void (*leave)(struct ui *ui, void *state); /* free what the state owns; the shell then overwrites it */
    /* No key came for a moment after shell_later(): fetch what stands beside the focus. */
    void (*later)(struct ui *ui, void *state);
    /* Is this action possible now? false hides the key and switches it off. NULL: always. */
    bool (*can)(const struct ui *ui, const void *state, int action);
};

#endif
