/* The one wait of the kiosk: terminal, signals, the data folder (inotify), the nearest deadline. */
#ifndef KIOSK_UI_LOOP_H
#define KIOSK_UI_LOOP_H

#include "kiosk/base/error.h"
#include "kiosk/ui/plain_tty.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/speech.h"
#include "kiosk/ui/term.h"

struct clock;

struct loop_setup {
    const char *data;    /* the folder whose databases are watched */
    struct clock *clock; /* the one of ui: set when the hub's time, or the system's, becomes known */
    bool no_scanner;     /* no watch for scanner bursts */
    struct plain_tty *plain; /* lines instead of the terminal, which is NULL then; NULL: none */
    struct speech *speech;   /* says what gets the focus; NULL: none */
};

/* Runs ui's shell until SIGTERM or shell_quit() (ERR_NONE), or until SIGHUP or the end of the terminal's input (ERR_IO:
 * who started the program may start it again). INT, QUIT, TSTP, TTIN, TTOU, PIPE, XFSZ, USR1 and USR2 are ignored. With
 * SOSEDI_MARK in the environment, whenever the loop is about to wait with nothing pending, it sends term_mark() with
 * "BYTES ROWS COLS": how many bytes of input it has taken and the size it has drawn. So tests know without sleeping. */
enum err loop_run(struct ui *ui, struct term *t, const struct loop_setup *setup, struct error *e) MUST_CHECK;

#endif
