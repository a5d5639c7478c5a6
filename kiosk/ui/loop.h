/* The one wait of the kiosk: terminal, signals, the data folder (inotify), the nearest deadline. */
#ifndef KIOSK_UI_LOOP_H
#define KIOSK_UI_LOOP_H

#include "kiosk/base/error.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/term.h"

struct loop_setup {
    const char *data; /* the folder whose databases are watched */
    bool no_scanner;  /* no watch for scanner bursts */
};

/* Runs ui's shell until SIGTERM, SIGHUP, shell_quit() or the terminal is gone (ERR_NONE). INT, QUIT, TSTP, TTIN, TTOU, PIPE, USR1 and USR2
 * are ignored. When SOSEDI_IDLE_FD names an open descriptor, one byte is written to it whenever the loop is about to wait with
 * nothing pending: for tests. */
enum err loop_run(struct ui *ui, struct term *t, const struct loop_setup *setup, struct error *e) MUST_CHECK;

#endif
