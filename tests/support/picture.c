/* A pseudo-terminal with libvterm behind it. */
#include "tests/support/picture.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <utmp.h>
#include <unistd.h>

#include <cmocka.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/file.h"
#include "kiosk/base/text.h"
#include "tests/support/picture_private.h"

enum {
    PICTURE_WAIT_MS = 60000,
    PICTURE_CHANGE_MS = 60000,
    PICTURE_FOCUS_COLS = 8,
    PICTURE_MARK = 3 /* bytes around the words of a mark */
};

/* A test that fails leaves its kiosk behind; from here the leak checker finds it, and the report shows the failure
 * alone. */
static struct picture *picture_live;

/* ---- the program's side */

/* build/VARIANT/tests/screens/NAME runs build/VARIANT/bin/kiosk. */
static void picture_program(char out[4096])
{
    char self[4096];
    file_program_dir(self);
    file_join(out, self, "../../bin/kiosk");
    if (access(out, X_OK) != 0)
        fail_msg("%s is not built", out);
}

static void picture_exec(const struct picture_setup *setup, const char *program)
{
    setenv("TERM", setup->term ? setup->term : "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("SOSEDI_MARK", "1", 1);
    setenv("SOSEDI_CLOCK", setup->clock ? setup->clock : "2026-05-12T10:30:00Z", 1);
    unsetenv("NO_COLOR");
    if (setup->no_color)
        setenv("NO_COLOR", "1", 1);
    if (setup->lang)
        execl(program, program, "--data", setup->data, "--lang", setup->lang, (char *)NULL);
    else
        execl(program, program, "--data", setup->data, (char *)NULL);
    _exit(127);
}

static int picture_on_osc(const char *command, size_t n, void *user)
{
    struct picture *p = user;
    char text[100];
    snprintf(text, sizeof text, "%.*s", (int)n, command);
    bool known = sscanf(text, "7777;%lld %d %d %d", &p->taken, &p->drawn_rows, &p->drawn_cols, &p->unfinished) == 4;
    if (p->answer < 0 && p->taken == p->sent)
        p->answer = p->fed - (long)n - PICTURE_MARK;
    return known;
}

static const VTermParserCallbacks picture_fallbacks = {.osc = picture_on_osc};

static int64_t picture_now(void)
{
    struct timespec ts;
    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Feeds what the program has written, waiting for it at most until `until`. false: it wrote nothing, or is gone. */
static bool picture_pump(struct picture *p, int64_t until)
{
    char bytes[16384];
    int64_t left = until - picture_now();
    struct pollfd fd = {.fd = p->master, .events = POLLIN};
    if (poll(&fd, 1, left < 0 ? 0 : (int)left) <= 0)
        return false;
    ssize_t n = read(p->master, bytes, sizeof bytes);
    if (n <= 0)
        return false;
    for (ssize_t at = 0, step; at < n; at += step) {
        const char *end = memchr(bytes + at, '\a', (size_t)(n - at)); /* of a mark, which is to be seen where it ends */
        step = end ? end + 1 - (bytes + at) : n - at;
        p->fed += step;
        vterm_input_write(p->vt, bytes + at, (size_t)step);
    }
    return true;
}

static bool picture_is_idle(const struct picture *p)
{
    return p->taken == p->sent && !p->unfinished && p->drawn_rows == p->rows && p->drawn_cols == p->cols;
}

static void picture_wait(struct picture *p)
{
    int64_t until = picture_now() + PICTURE_WAIT_MS;
    int status;
    while (!picture_is_idle(p)) {
        bool more = picture_pump(p, picture_now() + 200);
        if (!more && waitpid(p->pid, &status, WNOHANG) == p->pid) {
            p->pid = 0;
            fail_msg("the kiosk ended with status %d; its last words:\n%s", status, picture_text(p));
        }
        if (!more && picture_now() > until)
            fail_msg("the kiosk did not answer (%lld of %lld bytes taken); on the screen:\n%s", p->taken, p->sent,
                     picture_text(p));
    }
}

struct picture *picture_start(const struct picture_setup *setup)
{
    struct picture *p = mem_new(1, sizeof *p);
    char program[4096];
    picture_program(program);
    p->rows = setup->rows ? setup->rows : 24;
    p->cols = setup->cols ? setup->cols : 80;
    buf_init(&p->text, 1 << 20);
    buf_init(&p->seen, 1 << 20);
    buf_init(&p->wanted, 1 << 20);
    p->older = picture_live;
    picture_live = p;
    struct winsize size = {.ws_row = (unsigned short)p->rows, .ws_col = (unsigned short)p->cols};
    if (openpty(&p->master, &p->slave, NULL, NULL, &size) != 0 || tcgetattr(p->slave, &p->before) != 0)
        fail_msg("no pseudo-terminal: %s", error_errno(errno));
    p->vt = vterm_new(p->rows, p->cols);
    vterm_set_utf8(p->vt, 1);
    p->screen = vterm_obtain_screen(p->vt);
    vterm_screen_enable_altscreen(p->screen, 1);
    vterm_screen_set_unrecognised_fallbacks(p->screen, &picture_fallbacks, p);
    vterm_screen_reset(p->screen, 1);
    p->pid = fork();
    if (p->pid == 0) {
        close(p->master);
        login_tty(p->slave);
        picture_exec(setup, program);
    }
    picture_wait(p);
    return p;
}

static void picture_mode(const struct picture *p, struct termios *mode)
{
    /* Asked of the master: the other side was hung up when its session ended. */
    if (tcgetattr(p->master, mode) != 0)
        fail_msg("the pseudo-terminal is gone: %s", error_errno(errno));
}

bool picture_echoes(const struct picture *p)
{
    struct termios mode;
    picture_mode(p, &mode);
    return (mode.c_lflag & ECHO) && (mode.c_lflag & ICANON);
}

int picture_kill(struct picture *p, int sig)
{
    int status = 0;
    kill(p->pid, sig);
    while (waitpid(p->pid, &status, WNOHANG) == 0)
        picture_pump(p, picture_now() + 50);
    p->pid = 0;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

int picture_pid(const struct picture *p) { return p->pid; }
void picture_signal(struct picture *p, int sig) { kill(p->pid, sig); }

int picture_stop(struct picture *p)
{
    if (!p)
        return 0;
    struct termios after;
    bool running = p->pid > 0;
    int code = running ? picture_kill(p, SIGTERM) : 0;
    picture_mode(p, &after);
    if (running && code != 128 + SIGKILL &&
        (after.c_lflag != p->before.c_lflag || after.c_iflag != p->before.c_iflag ||
                    after.c_oflag != p->before.c_oflag || memcmp(after.c_cc, p->before.c_cc, sizeof after.c_cc) != 0))
        fail_msg("the terminal was left in another mode");
    close(p->master);
    close(p->slave);
    vterm_free(p->vt);
    buf_done(&p->text);
    buf_done(&p->seen);
    buf_done(&p->wanted);
    picture_live = p->older;
    free(p);
    return code;
}

/* ---- keys */

void picture_send(struct picture *p, const void *bytes, size_t n)
{
    const char *b = bytes;
    for (size_t at = 0; at < n;) {
        size_t part = n - at < 512 ? n - at : 512; /* a line discipline holds 4,096 */
        if (write(p->master, b + at, part) != (ssize_t)part)
            fail_msg("the pseudo-terminal takes no input: %s", error_errno(errno));
        p->sent += (long long)part;
        at += part;
        picture_wait(p);
    }
}

int picture_send_last(struct picture *p, const void *bytes, size_t n)
{
    if (write(p->master, bytes, n) != (ssize_t)n)
        fail_msg("the pseudo-terminal takes no input: %s", error_errno(errno));
    return picture_kill(p, 0);
}

static const struct picture_key {
    const char *name, *bytes;
} picture_keys[] = {
    {"enter", "\r"},       {"esc", "\033"},     {"tab", "\t"},       {"backtab", "\033[Z"}, {"backspace", "\177"},
    {"delete", "\033[3~"}, {"up", "\033[A"},    {"down", "\033[B"},  {"right", "\033[C"},   {"left", "\033[D"},
    {"home", "\033[H"},    {"end", "\033[F"},   {"pgup", "\033[5~"}, {"pgdn", "\033[6~"},   {"space", " "},
    {"f1", "\033OP"},      {"f2", "\033OQ"},    {"f3", "\033OR"},    {"f4", "\033OS"},      {"f5", "\033[15~"},
    {"f6", "\033[17~"},    {"f7", "\033[18~"},  {"f8", "\033[19~"},  {"f9", "\033[20~"},    {"f10", "\033[21~"},
    {"f11", "\033[23~"},   {"f12", "\033[24~"},
};

static void picture_type(struct picture *p, const char *s, size_t n)
{
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        size_t used = text_decode(s + at, n - at, &cp);
        picture_send(p, s + at, used);
        at += used;
    }
}

void picture_press(struct picture *p, const char *keys)
{
    while (*(keys += strspn(keys, " "))) {
        size_t n = strcspn(keys, " ");
        const char *bytes = NULL, *quote = keys[0] == '\'' ? strchr(keys + 1, '\'') : NULL;
        for (size_t i = 0; i < sizeof picture_keys / sizeof picture_keys[0]; i++)
            if (strlen(picture_keys[i].name) == n && strncmp(keys, picture_keys[i].name, n) == 0)
                bytes = picture_keys[i].bytes;
        if (quote) {
            picture_type(p, keys + 1, (size_t)(quote - keys) - 1);
            n = (size_t)(quote - keys) + 1;
        } else if (bytes) {
            picture_send(p, bytes, strlen(bytes));
        } else {
            picture_type(p, keys, n);
        }
        keys += n;
    }
}

long picture_bytes(struct picture *p, const char *key)
{
    p->fed = 0;
    p->answer = -1;
    picture_press(p, key);
    return p->answer;
}

void picture_click(struct picture *p, int row, int col)
{
    char bytes[40];
    int n = snprintf(bytes, sizeof bytes, "\033[<0;%d;%dM", col + 1, row + 1);
    picture_send(p, bytes, (size_t)n);
}

void picture_resize(struct picture *p, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    p->rows = rows;
    p->cols = cols;
    vterm_set_size(p->vt, rows, cols);
    if (ioctl(p->master, TIOCSWINSZ, &size) != 0)
        fail_msg("the size cannot be set: %s", error_errno(errno));
    picture_wait(p);
}

bool picture_wait_text(struct picture *p, const char *text)
{
    int64_t until = picture_now() + PICTURE_CHANGE_MS;
    while (!picture_has(p, text))
        if (!picture_pump(p, until) && picture_now() >= until)
            return false;
    picture_wait(p);
    return true;
}

/* ---- what is seen */

VTermScreenCell picture_cell(const struct picture *p, int row, int col)
{
    VTermScreenCell cell;
    vterm_screen_get_cell(p->screen, (VTermPos){.row = row, .col = col}, &cell);
    vterm_screen_convert_color_to_rgb(p->screen, &cell.fg);
    vterm_screen_convert_color_to_rgb(p->screen, &cell.bg);
    if (cell.attrs.reverse) {
        VTermColor fg = cell.fg;
        cell.fg = cell.bg;
        cell.bg = fg;
    }
    return cell;
}

uint8_t picture_grey(const VTermColor *c)
{
    return (uint8_t)((c->rgb.red * 30 + c->rgb.green * 59 + c->rgb.blue * 11) / 100);
}

static void picture_add_row(struct picture *p, int row)
{
    size_t end = p->text.len;
    for (int col = 0; col < p->cols;) {
        VTermScreenCell cell = picture_cell(p, row, col);
        char utf8[4];
        if (cell.chars[0] == 0)
            buf_add_char(&p->text, ' ');
        for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i]; i++)
            buf_add(&p->text, utf8, text_encode(cell.chars[i], utf8));
        if (cell.chars[0] != 0 && cell.chars[0] != ' ')
            end = p->text.len;
        col += cell.width > 0 ? cell.width : 1;
    }
    p->text.len = end;
    p->text.data[end] = 0;
    buf_add_char(&p->text, '\n');
}

const char *picture_text(struct picture *p)
{
    buf_clear(&p->text);
    for (int row = 0; row < p->rows; row++)
        picture_add_row(p, row);
    return p->text.data;
}

bool picture_has(struct picture *p, const char *text) { return strstr(picture_text(p), text) != NULL; }

void picture_cursor(struct picture *p, int *row, int *col)
{
    VTermPos pos;
    vterm_state_get_cursorpos(vterm_obtain_state(p->vt), &pos);
    *row = pos.row;
    *col = pos.col;
}

static bool picture_is_blank(const VTermScreenCell *c)
{
    return c->chars[0] == 0 || (c->chars[0] == ' ' && !c->chars[1]);
}

bool picture_same(struct picture *p, struct picture *other, int row, int col, int cols)
{
    for (; cols > 0; col++, cols--) {
        VTermScreenCell a = picture_cell(p, row, col), b = picture_cell(other, row, col);
        bool blank = picture_is_blank(&a) && picture_is_blank(&b);
        if (a.attrs.underline != b.attrs.underline || picture_grey(&a.bg) != picture_grey(&b.bg))
            return false;
        if (!blank && (memcmp(a.chars, b.chars, sizeof a.chars) != 0 || picture_grey(&a.fg) != picture_grey(&b.fg)))
            return false;
    }
    return true;
}

/* Dark on light over some columns in a row, or fewer that begin with ">": the focus, with or without colours. */
static bool picture_has_focus(const struct picture *p, int row)
{
    int run = 0;
    bool marked = false, found = false;
    for (int col = 0; col < p->cols && !found && run < PICTURE_FOCUS_COLS; col++) {
        VTermScreenCell cell = picture_cell(p, row, col);
        bool light = picture_grey(&cell.bg) > 160 && picture_grey(&cell.fg) < 60;
        if (light && run == 0)
            marked = cell.chars[0] == '>';
        run = light ? run + 1 : 0;
        found = found || (light && marked);
    }
    return found || run >= PICTURE_FOCUS_COLS;
}

static void picture_draw(struct picture *p, struct buf *out)
{
    int row, col;
    for (row = 0; row < p->rows; row++) {
        buf_clear(&p->text);
        picture_add_row(p, row);
        buf_addf(out, "%c%s", picture_has_focus(p, row) ? '#' : '|', p->text.data);
    }
    picture_cursor(p, &row, &col);
    buf_addf(out, "cursor %d %d\n", row, col);
}

/* What changes with every build. */
static void picture_mask(struct buf *b)
{
    enum { HASH = 16 };
    for (size_t i = 0, run = 0; i < b->len; i++) {
        run = strchr("0123456789abcdef", b->data[i]) ? run + 1 : 0;
        if (run == HASH)
            memset(b->data + i + 1 - HASH, '~', HASH);
    }
}

static size_t picture_line(const char *s) { return strcspn(s, "\n"); }

/* The lines that differ; cmocka's own messages are too short for that. */
static void picture_tell(const char *name, const char *wanted, const char *seen)
{
    fprintf(stderr, "---- %s: - wanted, + seen\n", name);
    for (int row = 0; *wanted || *seen; row++) {
        size_t w = picture_line(wanted), n = picture_line(seen);
        if (w != n || memcmp(wanted, seen, n) != 0)
            fprintf(stderr, "%3d -%.*s\n%3d +%.*s\n", row, (int)w, wanted, row, (int)n, seen);
        wanted += w + (wanted[w] == '\n');
        seen += n + (seen[n] == '\n');
    }
}

void picture_check(struct picture *p, const char *name)
{
    char path[4096], file[200];
    struct error e = {.code = ERR_NONE};
    snprintf(file, sizeof file, "%s.txt", name);
    file_join(path, "tests/screens/pictures", file);
    buf_clear(&p->seen);
    buf_clear(&p->wanted);
    picture_draw(p, &p->seen);
    picture_mask(&p->seen);
    if (getenv("SOSEDI_REWRITE") && file_write(path, p->seen.data, p->seen.len, 0644, &e) != ERR_NONE)
        fail_msg("%s", e.text);
    if (file_read(path, &p->wanted, &e) != ERR_NONE)
        fail_msg("%s (SOSEDI_REWRITE=1 draws it)", e.text);
    if (strcmp(p->seen.data, p->wanted.data) != 0) {
        picture_tell(name, p->wanted.data, p->seen.data);
        fail_msg("%s is another picture", name);
    }
}

/* ---- data folders */

char *picture_data(char out[64])
{
    const char *tmp = getenv("TMPDIR");
    snprintf(out, 64, "%.30s/sosedi-picture-XXXXXX", tmp && tmp[0] ? tmp : "/tmp");
    if (!mkdtemp(out))
        fail_msg("%s: %s", out, error_errno(errno));
    return out;
}

void picture_data_done(const char *data)
{
    pid_t pid = strstr(data, "/sosedi-picture-") ? fork() : -1;
    if (pid == 0) {
        execlp("rm", "rm", "-rf", "--", data, (char *)NULL);
        _exit(127);
    }
    if (pid > 0)
        waitpid(pid, NULL, 0);
}
