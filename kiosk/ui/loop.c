/* One poll for everything. Signals come through a signalfd, so nothing happens between two lines of code. */
#include "kiosk/ui/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/guard.h"
#include "kiosk/store/ledger.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/keys.h"
#include "kiosk/ui/talk.h"

/* Writes to a database come in bursts: look a moment after the first, not at each. */
enum { LOOP_SETTLE_MS = 60, LOOP_READ = 64 };

struct loop {
    struct ui *ui;
    struct shell *shell;
    struct term *term;       /* one of the two */
    struct plain_tty *plain;
    struct speech *speech;
    struct talk talk;
    struct clock *clock; /* the same as ui->clock */
    struct keys keys;
    struct canvas_grid grid;
    int signals, watch;
    bool mark;       /* tell tests when there is nothing to do */
    long long taken; /* bytes of input */
    int64_t read_at; /* mono ms of the last read: what came since may have come at once after it */
    int64_t data_at; /* mono ms to look at the databases; INT64_MAX: nothing changed */
    bool contrast; /* as the terminal shows it now */
    bool done;
    bool cut; /* the terminal is gone, or cannot be waited for */
};

/* ---- signals and the data folder */

static enum err loop_open_signals(struct loop *l, struct error *e)
{
    static const int ignored[] = {SIGINT, SIGQUIT, SIGTSTP, SIGTTIN, SIGTTOU, SIGPIPE, SIGXFSZ, SIGUSR1, SIGUSR2};
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    for (size_t i = 0; i < sizeof ignored / sizeof ignored[0]; i++)
        sigaction(ignored[i], &ignore, NULL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGHUP);
    sigaddset(&set, SIGWINCH);
    sigprocmask(SIG_BLOCK, &set, NULL);
    l->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    return l->signals < 0 ? error_set(e, ERR_IO, "signalfd: %s", error_errno(errno)) : ERR_NONE;
}

/* Without a watch the screens still refresh whenever somebody moves about: no reason to stay away. */
static void loop_open_watch(struct loop *l, const char *data)
{
    l->watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (l->watch >= 0 && inotify_add_watch(l->watch, data, IN_ATTRIB | IN_MOVED_TO | IN_CREATE) < 0) {
        close(l->watch);
        l->watch = -1;
    }
}

static void loop_resize(struct loop *l)
{
    int rows, cols;
    if (l->plain)
        return; /* lines have no size */
    term_size(l->term, &rows, &cols);
    canvas_grid_resize(&l->grid, rows, cols);
    shell_resize(l->shell, rows, cols);
}

static void loop_take_signals(struct loop *l)
{
    struct signalfd_siginfo info;
    while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGWINCH)
            loop_resize(l);
        l->done = l->done || info.ssi_signo == SIGTERM;
        l->cut = l->cut || info.ssi_signo == SIGHUP;
    }
}

static bool loop_concerns(const char *name)
{
    return strncmp(name, "replica.db", 10) == 0 || strncmp(name, "ledger.db", 9) == 0;
}

static void loop_take_changes(struct loop *l)
{
    char buf[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    ssize_t n;
    while ((n = read(l->watch, buf, sizeof buf)) > 0)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *ev = (const struct inotify_event *)(buf + at);
            if (ev->len > 0 && loop_concerns(ev->name) && l->data_at == INT64_MAX)
                l->data_at = clock_mono_ms(l->ui->clock) + LOOP_SETTLE_MS;
            at += (ssize_t)(sizeof *ev + ev->len);
        }
}

static void loop_look_at_data(struct loop *l)
{
    struct error e;
    l->data_at = INT64_MAX;
    bool replica = replica_refresh(l->ui->replica);
    bool ledger = l->ui->ledger && ledger_refresh(l->ui->ledger);
    if (ledger && ledger_identity(l->ui->ledger, &l->ui->identity, &e) != ERR_NONE)
        l->ui->identity = (struct ledger_identity){.epoch = 0};
    bool clock = ledger && ledger_learn_clock(l->ui->ledger, l->clock);
    if (replica || ledger || clock)
        shell_data_changed(l->shell);
}

/* ---- keys */

static void loop_press(struct loop *l, int64_t ms)
{
    struct key k;
    while (keys_next(&l->keys, ms, &k)) {
        shell_advance(l->shell);
        shell_key(l->shell, &k);
        explicit_bzero(&k, sizeof k);
    }
}

/* ms: when it came. Byte by byte, since a key may lead to a screen on which the next one is meant otherwise. */
static void loop_take_input(struct loop *l, int64_t ms)
{
    char bytes[LOOP_READ];
    if (l->plain) {
        l->cut = plain_tty_take(l->plain) < 0 || l->cut;
        return;
    }
    int n = term_read(l->term, bytes, sizeof bytes);
    l->read_at = clock_mono_ms(l->ui->clock);
    l->cut = l->cut || n < 0;
    l->taken += n > 0 ? n : 0;
    for (int i = 0; i < n; i++) {
        l->keys.eager = shell_can_untype(l->shell);
        keys_feed(&l->keys, bytes + i, 1, ms);
        loop_press(l, ms);
    }
    explicit_bzero(bytes, sizeof bytes);
}

/* ---- the turn */

static void loop_draw(struct loop *l)
{
    if (l->plain) {
        plain_tty_draw(l->plain);
        return;
    }
    canvas_grid_resize(&l->grid, l->grid.rows, l->grid.cols);
    if (l->contrast != l->ui->contrast)
        term_set_contrast(l->term, l->contrast = l->ui->contrast);
    shell_draw(l->shell, &l->grid);
    term_draw(l->term, &l->grid);
    if (shell_take_tone(l->shell))
        term_tone(l->term);
}

static void loop_speak(struct loop *l)
{
    char text[TALK_TEXT];
    if (l->speech && talk_look(&l->talk, l->shell, text, sizeof text))
        speech_say(l->speech, l->ui->lang, text, l->ui->mono);
    explicit_bzero(text, sizeof text);
}

static int loop_timeout(const struct loop *l)
{
    int64_t at = shell_deadline(l->shell), keys = keys_deadline(&l->keys);
    at = keys < at ? keys : at;
    at = l->data_at < at ? l->data_at : at;
    int64_t wait = at - clock_mono_ms(l->ui->clock);
    return wait < 0 ? 0 : wait > 3600000 ? 3600000 : (int)wait;
}

static void loop_mark(const struct loop *l, int timeout)
{
    char text[64];
    if (l->plain || timeout == 0 || keys_deadline(&l->keys) != INT64_MAX || l->data_at != INT64_MAX)
        return;
    snprintf(text, sizeof text, "%lld %d %d %d", l->taken, l->grid.rows, l->grid.cols, shell_is_unfinished(l->shell));
    term_mark(l->term, text);
}

static void loop_turn(struct loop *l)
{
    if (clock_recheck(l->clock))
        shell_data_changed(l->shell);
    shell_advance(l->shell);
    if (shell_is_dirty(l->shell)) {
        loop_draw(l);
        loop_speak(l);
    }
    int timeout = loop_timeout(l);
    struct pollfd p[4] = {{.fd = l->plain ? plain_tty_fd(l->plain) : term_fd(l->term), .events = POLLIN},
                          {.fd = l->signals, .events = POLLIN},
                          {.fd = l->watch, .events = POLLIN},
                          {.fd = speech_fd(l->speech), .events = speech_events(l->speech)}};
    bool waiting = poll(p, 4, 0) > 0; /* something came while we were at work */
    if (l->mark && !waiting)
        loop_mark(l, timeout);
    if (!waiting && poll(p, 4, timeout) < 0 && errno != EINTR)
        l->cut = true;
    int64_t now = clock_mono_ms(l->ui->clock);
    if (p[1].revents)
        loop_take_signals(l);
    if (p[2].revents)
        loop_take_changes(l);
    if (l->data_at <= now)
        loop_look_at_data(l);
    if (p[3].revents)
        speech_ready(l->speech);
    if (p[0].revents)
        loop_take_input(l, waiting ? l->read_at : now);
    else
        loop_press(l, now);
}

static void loop_work(struct loop *l, const char *data)
{
    l->mark = getenv("SOSEDI_MARK") != NULL;
    loop_open_watch(l, data);
    l->read_at = clock_mono_ms(l->ui->clock);
    canvas_grid_init(&l->grid, 0, 0);
    loop_resize(l);
    while (!l->done && !l->cut && !shell_is_over(l->shell))
        loop_turn(l);
    canvas_grid_done(&l->grid);
    close(l->signals);
    if (l->watch >= 0)
        close(l->watch);
}

enum err loop_run(struct ui *ui, struct term *t, const struct loop_setup *setup, struct error *e)
{
    struct loop *l = guard_new(sizeof *l); /* what is being typed lies in its keys */
    *l = (struct loop){
        .ui = ui, .shell = ui->shell, .term = t, .plain = setup->plain, .speech = setup->speech, .clock = setup->clock, .watch = -1,
        .data_at = INT64_MAX};
    keys_init(&l->keys);
    l->keys.no_scanner = setup->no_scanner;
    enum err code = loop_open_signals(l, e);
    if (!code) {
        loop_work(l, setup->data);
        code = l->cut ? error_set(e, ERR_IO, "the terminal is gone") : ERR_NONE;
    }
    guard_free(l, sizeof *l);
    return code;
}
