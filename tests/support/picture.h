/* Pictures: the kiosk in a pseudo-terminal, keys in, the expected screen in a file. Nothing sleeps: the program says
 * when it has taken every byte and drawn (SOSEDI_MARK, kiosk/ui/loop.h). Every failure fails the running cmocka test.
 *
 * A picture is tests/screens/pictures/NAME.txt: one line per row, "|" and the row without its trailing spaces, '#'
 * instead of '|' where the row has the focus (black on white, after ">" or over some columns), '~' for 16 hex digits in a row, which are a program's hash; then
 * "cursor ROW COLUMN". SOSEDI_REWRITE=1 writes the
 * files anew: read the diff. */
#ifndef TESTS_SUPPORT_PICTURE_H
#define TESTS_SUPPORT_PICTURE_H

#include <stdbool.h>
#include <stddef.h>

struct picture;

struct picture_setup {
    const char *data;  /* the data folder */
    const char *lang;  /* "ru", "en", "xx"; NULL: the settings' */
    int rows, cols;    /* 0: 24 x 80 */
    const char *clock; /* NULL: 2026-05-12T10:30:00Z */
    const char *term;  /* NULL: xterm-256color */
    bool no_color;
};

/* Starts the kiosk of this build and waits until it has drawn. */
struct picture *picture_start(const struct picture_setup *setup);
/* SIGTERM; the exit code of the program, or 128 + signal. NULL: nothing. Fails when the terminal was left in another
 * mode. */
int picture_stop(struct picture *p);

/* Sends a signal and waits for the end; the exit code as of picture_stop, which is still to be called. */
int picture_kill(struct picture *p, int sig);
void picture_signal(struct picture *p, int sig); /* one that is to be ignored */
int picture_pid(const struct picture *p);
bool picture_echoes(const struct picture *p); /* the terminal is in its usual mode: echo, whole lines */

/* Presses keys one by one, waiting after each: words separated by spaces; enter esc tab backtab backspace delete up
 * down left right home end pgup pgdn space f1..f12, 'typed text' in quotes, anything else is typed too. */
void picture_press(struct picture *p, const char *keys);
/* Presses one key; the bytes the program sends until it is ready for the next. What it draws a moment later beside the focus is waited for
 * as ever, and not counted. */
long picture_bytes(struct picture *p, const char *key);
void picture_send(struct picture *p, const void *bytes, size_t n); /* raw bytes in one write, then waits */
/* Raw bytes that end the program; its exit code. */
int picture_send_last(struct picture *p, const void *bytes, size_t n);
void picture_click(struct picture *p, int row, int col);
void picture_resize(struct picture *p, int rows, int cols);
/* For what other programs cause: waits until text is on the screen; false after a minute. */
bool picture_wait_text(struct picture *p, const char *text);

bool picture_has(struct picture *p, const char *text);
const char *picture_text(struct picture *p); /* borrowed until the next call */
void picture_cursor(struct picture *p, int *row, int *col);
/* Both show the same in these cells of a row: letters and their brightness. */
bool picture_same(struct picture *p, struct picture *other, int row, int col, int cols);
void picture_check(struct picture *p, const char *name);
/* What a camera would read from the screen: the text of the QR code, "" when there is none. Decoded by zbar from a
 * bitmap in which a cell is 4 x 8 dots. */
const char *picture_qr(struct picture *p, char *out, size_t size);
/* A PNG file of the screen, a cell being 10 x 20 dots. false: it cannot be written. */
bool picture_png(const struct picture *p, const char *path);

/* A fresh data folder under /tmp, removed with all it holds by picture_data_done. out is returned. */
char *picture_data(char out[64]);
void picture_data_done(const char *data);

#endif
