/* Curses draws, and nothing else of it is used: input is read as bytes, since wget_wch() loses what follows a bad byte
 * and curses' own key tables cannot be given bounds. One terminal per process, as curses has it. */
#include "kiosk/ui/term.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <linux/kd.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "kiosk/base/text.h"
#include "kiosk/ui/term_type.h"

struct term {
    SCREEN *screen;
    struct termios before;   /* what the terminal was like */
    struct canvas_grid last; /* what was drawn */
    bool color, can_qr, mouse;
    attr_t attr[STYLE_COUNT];
};

static const char term_mouse_on[] = "\033[?1000h\033[?1006h", term_mouse_off[] = "\033[?1006l\033[?1000l";

/* ---- looks */

/* Colours on black that keep a contrast of 4.5 (HARDWARE, Accessibility): foreground and background of 16, bold where
 * only 8. */
static const struct term_look {
    short fg, bg; /* of 16 colours */
    attr_t bold8; /* bright by bold where there are 8 */
    attr_t mono;  /* without colours */
    short strong_fg, strong_bg; /* in the palette of high contrast: black, white and yellow, 10 or more */
} term_looks[STYLE_COUNT] = {
    [STYLE_TEXT] = {7, 0, 0, A_NORMAL, 15, 0},
    [STYLE_DIM] = {6, 0, 0, A_NORMAL, 15, 0},
    [STYLE_HEADING] = {15, 0, A_BOLD, A_BOLD, 11, 0},
    [STYLE_STRONG] = {15, 0, A_BOLD, A_BOLD, 11, 0},
    [STYLE_TITLE] = {15, 4, A_BOLD, A_REVERSE, 0, 15},
    [STYLE_FOOTER] = {7, 4, 0, A_NORMAL, 0, 15},
    [STYLE_KEY] = {11, 4, A_BOLD, A_REVERSE, 15, 0},
    [STYLE_FOCUS] = {0, 7, 0, A_REVERSE, 0, 11},
    [STYLE_GOOD] = {10, 0, A_BOLD, A_BOLD, 15, 0},
    [STYLE_WARN] = {11, 0, A_BOLD, A_BOLD, 11, 0},
    [STYLE_BAD] = {15, 1, A_BOLD, A_REVERSE | A_BOLD, 0, 15},
    [STYLE_FIELD] = {0, 6, 0, A_UNDERLINE, 0, 15},
    [STYLE_FIELD_FOCUS] = {0, 7, 0, A_REVERSE, 0, 11},
    [STYLE_BOX] = {6, 0, 0, A_NORMAL, 15, 0},
    [STYLE_QR_LIGHT] = {0, 15, 0, A_REVERSE, 0, 15},
    [STYLE_QR_DARK] = {15, 0, 0, A_NORMAL, 15, 0},
    [STYLE_QR_LIGHT_OVER_DARK] = {0, 15, 0, A_NORMAL, 0, 15},
    [STYLE_QR_DARK_OVER_LIGHT] = {15, 0, 0, A_NORMAL, 15, 0},
};

static void term_set_looks(struct term *t, bool strong)
{
    bool bright = COLORS >= 16;
    for (int i = 0; i < STYLE_COUNT; i++) {
        const struct term_look *look = &term_looks[i];
        short fg = strong ? look->strong_fg : look->fg, bg = strong ? look->strong_bg : look->bg;
        t->attr[i] = look->mono;
        if (!t->color)
            continue;
        init_pair((short)(i + 1), bright ? fg : fg & 7, bright ? bg : bg & 7);
        t->attr[i] = bright ? A_NORMAL : strong && fg > 7 ? A_BOLD : strong ? A_NORMAL : look->bold8;
    }
}

void term_set_contrast(struct term *t, bool strong)
{
    term_set_looks(t, strong);
    memset(t->last.cells, 0, (size_t)t->last.rows * (size_t)t->last.cols * sizeof *t->last.cells); /* all is drawn anew */
}

/* A Linux console shows only what its font has, and says what that is; every other terminal is taken to have U+2584. */
static bool term_has_half_block(void)
{
    struct unimapdesc map = {.entry_ct = 0};
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        return false;
    if (ioctl(STDOUT_FILENO, GIO_UNIMAP, &map) == 0)
        return false; /* a console whose font knows no characters */
    if (errno != ENOMEM)
        return true; /* no console: ENOTTY */
    struct unipair pairs[4096];
    map.entry_ct = sizeof pairs / sizeof pairs[0];
    map.entries = pairs;
    if (ioctl(STDOUT_FILENO, GIO_UNIMAP, &map) != 0)
        return false;
    for (int i = 0; i < map.entry_ct; i++)
        if (pairs[i].unicode == 0x2584)
            return true;
    return false;
}

/* ---- taking over and giving back */

static void term_send(const char *s)
{
    ssize_t n = write(STDOUT_FILENO, s, strlen(s));
    (void)n; /* a terminal that is gone is noticed by reading */
}

/* In a dying process: only what a signal handler may call, and no memory of how the terminal was before; a sane mode
 * will do. */
static void term_on_crash(int sig)
{
    struct termios mode;
    term_send("\033[?1006l\033[?1000l\033[m\033[?25h\033[?1049l\r\n");
    if (tcgetattr(STDIN_FILENO, &mode) == 0) {
        mode.c_iflag |= BRKINT | ICRNL | IXON;
        mode.c_oflag |= OPOST | ONLCR;
        mode.c_lflag |= ICANON | ECHO | ECHOE | ECHOK | ISIG | IEXTEN;
        tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    }
    raise(sig); /* the handler is gone (SA_RESETHAND): now it ends the process as it would have */
}

/* From the default to our handler, or back; a sanitizer's own handler is left alone. */
static void term_watch_crashes(bool watch)
{
    static const int signals[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction ours = {.sa_handler = term_on_crash, .sa_flags = (int)SA_RESETHAND},
                     none = {.sa_handler = SIG_DFL}, old;
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == (watch ? none : ours).sa_handler)
            sigaction(signals[i], watch ? &ours : &none, NULL);
}

enum err term_open(struct term **out, bool no_color, struct error *e)
{
    *out = NULL;
    struct term *t = mem_new(1, sizeof *t);
    if (tcgetattr(STDIN_FILENO, &t->before) == 0 && isatty(STDOUT_FILENO) && term_type_find())
        t->screen = newterm(term_type_find(), stdout, stdin);
    if (!t->screen) {
        free(t);
        return error_set(e, ERR_IO, "standard input and output are no terminal that can be drawn on");
    }
    set_term(t->screen);
    raw();
    noecho();
    nonl();
    typeahead(-1);
    leaveok(stdscr, FALSE);
    scrollok(stdscr, FALSE);
    set_escdelay(25);
    const char *never = getenv("NO_COLOR");
    t->color = !no_color && !(never && *never) && has_colors() && start_color() == OK && COLOR_PAIRS > STYLE_COUNT;
    term_set_looks(t, false);
    t->can_qr = t->color && term_has_half_block();
    const char *mouse = tigetstr("kmous");
    t->mouse = mouse && mouse != (char *)-1;
    if (t->mouse)
        term_send(term_mouse_on);
    canvas_grid_init(&t->last, 0, 0);
    term_watch_crashes(true);
    *out = t;
    return ERR_NONE;
}

void term_close(struct term *t)
{
    if (!t)
        return;
    term_watch_crashes(false);
    if (t->mouse)
        term_send(term_mouse_off);
    endwin();
    delscreen(t->screen);
    tcsetattr(STDIN_FILENO, TCSANOW, &t->before);
    canvas_grid_done(&t->last);
    free(t);
}

/* ---- input and size */

int term_fd(const struct term *t)
{
    (void)t;
    return STDIN_FILENO;
}

int term_read(struct term *t, void *bytes, size_t n)
{
    struct pollfd p = {.fd = term_fd(t), .events = POLLIN};
    if (poll(&p, 1, 0) <= 0)
        return 0;
    ssize_t got = read(p.fd, bytes, n);
    if (got > 0)
        return (int)got;
    return got < 0 && (errno == EINTR || errno == EAGAIN) ? 0 : -1;
}

static int term_clamp(int v, int high) { return v < 1 ? 1 : v > high ? high : v; }

void term_size(struct term *t, int *rows, int *cols)
{
    (void)t;
    struct winsize w = {.ws_row = (unsigned short)LINES, .ws_col = (unsigned short)COLS};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && (w.ws_row == 0 || w.ws_col == 0)) {
        w.ws_row = (unsigned short)LINES; /* a serial line knows no size */
        w.ws_col = (unsigned short)COLS;
    }
    *rows = term_clamp(w.ws_row, CANVAS_MAX_ROWS);
    *cols = term_clamp(w.ws_col, CANVAS_MAX_COLS);
    if (*rows != LINES || *cols != COLS)
        resizeterm(*rows, *cols);
}

bool term_can_qr(const struct term *t) { return t->can_qr; }

void term_tone(struct term *t)
{
    (void)t;
    beep();
}

void term_mark(struct term *t, const char *text)
{
    (void)t;
    char out[100];
    snprintf(out, sizeof out, "\033]7777;%s\007", text);
    term_send(out);
}

/* ---- drawing */

static void term_draw_cell(const struct term *t, int row, int col, const struct cell *c)
{
    wchar_t wide[CANVAS_CLUSTER + 1];
    size_t n = 0;
    for (size_t at = 0; c->text[at] && n < CCHARW_MAX - 1;) {
        uint32_t cp;
        at += text_decode(c->text + at, strlen(c->text + at), &cp);
        wide[n++] = (wchar_t)cp;
    }
    wide[n] = 0;
    cchar_t out;
    if (setcchar(&out, wide, t->attr[c->style], t->color ? (short)(c->style + 1) : 0, NULL) == OK)
        mvadd_wch(row, col, &out);
}

static void term_draw_row(struct term *t, const struct canvas_grid *g, int row)
{
    const struct cell *cells = canvas_grid_cell(g, row, 0);
    if (memcmp(cells, canvas_grid_cell(&t->last, row, 0), (size_t)g->cols * sizeof *cells) == 0)
        return;
    for (int col = 0; col < g->cols; col++)
        if (cells[col].width > 0)
            term_draw_cell(t, row, col, &cells[col]);
    memcpy(&t->last.cells[row * g->cols], cells, (size_t)g->cols * sizeof *cells);
}

void term_draw(struct term *t, const struct canvas_grid *g)
{
    if (g->rows > LINES || g->cols > COLS || g->rows < 1 || g->cols < 1)
        return; /* a resize is on its way */
    if (t->last.rows != g->rows || t->last.cols != g->cols) {
        canvas_grid_resize(&t->last, g->rows, g->cols);
        memset(t->last.cells, 0, (size_t)g->rows * (size_t)g->cols * sizeof *t->last.cells);
        clear();
    }
    for (int row = 0; row < g->rows; row++)
        term_draw_row(t, g, row);
    curs_set(g->cursor_row < 0 ? 0 : 1);
    move(g->cursor_row < 0 ? 0 : g->cursor_row, g->cursor_col < 0 ? 0 : g->cursor_col);
    refresh();
}
