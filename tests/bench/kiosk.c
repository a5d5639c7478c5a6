/* make bench: how fast the screens are, with a large replica, through a real pseudo-terminal; beside it the same questions asked of
 * SQLite directly, in the same run. Figures are printed, never asserted: machines are noisy, ratios less so.
 * usage: kiosk KIOSK_PROGRAM FOLDER [EVENTS] [PEER COMMAND...]   e.g. a peer such as: tig, mutt -f mbox */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/figures.h"
#include "tests/support/fill.h"

enum { BENCH_KEYS = 200, BENCH_STARTS = 15, BENCH_QUIET_MS = 60, BENCH_IDLE_MS = 10000 };

struct session {
    pid_t pid;
    int fd;
    long bytes; /* of the last answer */
};

static double bench_now(void) { return figures_now() * 1e3; }

/* Reads until nothing came for BENCH_QUIET_MS; the moment of the last byte, or 0 when there was none. */
static double bench_drain(struct session *s)
{
    char bytes[65536];
    double last = 0;
    s->bytes = 0;
    struct pollfd p = {.fd = s->fd, .events = POLLIN};
    while (poll(&p, 1, last > 0 || s->bytes ? BENCH_QUIET_MS : 2000) > 0) {
        ssize_t n = read(s->fd, bytes, sizeof bytes);
        if (n <= 0)
            break;
        last = bench_now();
        s->bytes += n;
    }
    return last;
}

static void bench_start(struct session *s, char *const *argv)
{
    struct winsize size = {.ws_row = 24, .ws_col = 80};
    s->pid = forkpty(&s->fd, NULL, NULL, &size);
    if (s->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        execvp(argv[0], argv);
        _exit(127);
    }
}

static void bench_stop(struct session *s)
{
    kill(s->pid, SIGTERM);
    for (int i = 0; i < 100 && waitpid(s->pid, NULL, WNOHANG) == 0; i++)
        poll(NULL, 0, 10);
    kill(s->pid, SIGKILL);
    waitpid(s->pid, NULL, 0);
    close(s->fd);
}

static double bench_first_screen(char *const *argv)
{
    double times[BENCH_STARTS];
    int starts = figures_are_short() ? 2 : BENCH_STARTS;
    for (int i = 0; i < starts; i++) {
        struct session s;
        double from = bench_now();
        bench_start(&s, argv);
        times[i] = bench_drain(&s) - from;
        bench_stop(&s);
    }
    return figures_rank(times, starts, 0.5);
}

/* Presses each of the keys in turn; milliseconds from the write to the last byte of the answer. */
static int bench_keys(struct session *s, const char *const *keys, double *out, double *bytes)
{
    int n = 0, silent = 0, presses = figures_are_short() ? 8 : BENCH_KEYS;
    *bytes = 0;
    for (int i = 0; i < presses; i++) {
        const char *k = keys[i % 4];
        double from = bench_now();
        if (write(s->fd, k, strlen(k)) < 0)
            break;
        double last = bench_drain(s);
        if (last <= 0 && ++silent == 3) {
            printf("(no answer to keys)\n");
            break;
        }
        if (last > 0) {
            out[n++] = last - from;
            *bytes += (double)s->bytes;
        }
    }
    if (n)
        *bytes /= n;
    return n;
}

static long bench_status(pid_t pid, const char *name)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", pid);
    FILE *f = fopen(path, "r");
    long value = -1;
    while (f && fgets(line, sizeof line, f))
        if (!strncmp(line, name, strlen(name)))
            value = strtol(line + strlen(name) + 1, NULL, 10);
    if (f)
        fclose(f);
    return value;
}

/* The page of the agenda and a search, asked of SQLite directly with statements kept. */
static void bench_raw(const char *path, double *agenda, double *search)
{
    sqlite3 *db;
    sqlite3_stmt *a, *b;
    double times[1000];
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT o.id, o.start_at, r.name, r.d FROM occurrence o JOIN record r USING (ord) "
                               "WHERE o.start_at >= ?1 ORDER BY o.start_at, o.id LIMIT 20", -1, &a, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(db, "SELECT rowid FROM search WHERE search MATCH ?1 ORDER BY rowid LIMIT 20", -1, &b, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench: %s\n", sqlite3_errmsg(db));
        exit(1);
    }
    for (int i = 0; i < 1000; i++) {
        double from = bench_now();
        sqlite3_bind_int64(a, 1, FILL_START + i * 10000);
        while (sqlite3_step(a) == SQLITE_ROW)
            sqlite3_column_text(a, 3);
        sqlite3_reset(a);
        times[i] = bench_now() - from;
    }
    *agenda = figures_rank(times, 1000, 0.5);
    static const char *const words[] = {"вст*", "кон*", "про*", "шах*"};
    for (int i = 0; i < 1000; i++) {
        double from = bench_now();
        sqlite3_bind_text(b, 1, words[i % 4], -1, SQLITE_STATIC);
        while (sqlite3_step(b) == SQLITE_ROW)
            sqlite3_column_int64(b, 0);
        sqlite3_reset(b);
        times[i] = bench_now() - from;
    }
    *search = figures_rank(times, 1000, 0.5);
    sqlite3_finalize(a);
    sqlite3_finalize(b);
    sqlite3_close(db);
}

static void bench_go(const struct session *s, const char *keys)
{
    struct session answer = *s;
    if (write(s->fd, keys, strlen(keys)) < 0 || bench_drain(&answer) <= 0)
        fprintf(stderr, "bench: no answer to a key\n");
}

/* The field of "My ticket": a form's fields are the same line to type into, but want an enrolled kiosk. */
static void bench_field(struct session *s)
{
    static const char *const typing[] = {"4", "d", "\177", "\177"};
    double times[BENCH_KEYS], bytes;
    bench_go(s, "\033[H"); /* Home */
    bench_go(s, "5");
    int n = bench_keys(s, typing, times, &bytes);
    double typed = figures_rank(times, n, 0.5);
    printf("a letter typed into a field      %8.3f ms median, %.3f p99, %.0f bytes\n", typed, figures_rank(times, n, 0.99), bytes);
}

static void bench_kiosk(char *const *argv, double raw_agenda, double raw_search)
{
    static const char *const arrows[] = {"\033[B", "\033[B", "\033[A", "\033[B"};
    static const char *const typing[] = {"в", "с", "\177", "\177"};
    double times[BENCH_KEYS], bytes;
    struct session s;
    figures_put("start to the first full screen, median", bench_first_screen(argv), "ms", FIGURE_AT_MOST, 20);
    bench_start(&s, argv);
    bench_drain(&s);
    bench_go(&s, "\r");
    bench_go(&s, "3"); /* all events */
    int n = bench_keys(&s, arrows, times, &bytes);
    double step = figures_rank(times, n, 0.5);
    printf("a step in the list of events     %8.3f ms median, %.3f p99, %.0f bytes; %.1f x raw SQLite (%.3f ms)\n", step,
           figures_rank(times, n, 0.99), bytes, step / raw_agenda, raw_agenda);
    n = bench_keys(&s, typing, times, &bytes);
    double typed = figures_rank(times, n, 0.5);
    printf("a letter typed into the search   %8.3f ms median, %.3f p99, %.0f bytes; %.1f x raw FTS5 (%.3f ms)\n", typed,
           figures_rank(times, n, 0.99), bytes, typed / raw_search, raw_search);
    figures_put("a step in the list of events, key to last byte, median", step, "ms", FIGURE_AT_MOST, 1);
    figures_put("a letter typed into the search, key to last byte, median", typed, "ms", FIGURE_AT_MOST, 1);
    long before = bench_status(s.pid, "voluntary_ctxt_switches");
    poll(NULL, 0, figures_are_short() ? 100 : BENCH_IDLE_MS);
    figures_put("wake-ups in 10 s of idleness (the clock's minute may be one)",
                (double)(bench_status(s.pid, "voluntary_ctxt_switches") - before), "", FIGURE_AT_MOST, 1);
    bench_field(&s);
    figures_say("memory                           %8.1f MB resident, %.1f MB of it its own",
                (double)bench_status(s.pid, "VmRSS") / 1024, (double)bench_status(s.pid, "RssAnon") / 1024);
    figures_put("memory of kiosk", (double)bench_status(s.pid, "VmRSS") / 1024, "MB", FIGURE_AT_MOST, 12);
    bench_stop(&s);
}

static void bench_peer(char *const *argv)
{
    static const char *const arrows[] = {"j", "j", "k", "j"};
    double times[BENCH_KEYS], bytes;
    struct session s;
    double start = bench_first_screen(argv);
    bench_start(&s, argv);
    bench_drain(&s);
    int n = bench_keys(&s, arrows, times, &bytes);
    printf("peer %-10s start %.2f ms, key %.3f ms median, %.1f MB\n", argv[0], start, figures_rank(times, n, 0.5),
           (double)bench_status(s.pid, "VmRSS") / 1024);
    bench_stop(&s);
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s KIOSK FOLDER [EVENTS] [PEER...]\n", argv[0]);
        return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    int events = argc > 3 ? atoi(argv[3]) : 100000;
    char path[4096];
    double agenda, search;
    snprintf(path, sizeof path, "%s/replica.db", argv[2]);
    if (access(path, R_OK) < 0)
        fill_replica(path, events, events / 50 + 1);
    printf("a replica of %d events, 80x24\n", events);
    bench_raw(path, &agenda, &search);
    char data[] = "--data", lang[] = "--lang", ru[] = "ru";
    char *kiosk[] = {argv[1], data, argv[2], lang, ru, NULL};
    bench_kiosk(kiosk, agenda, search);
    if (argc > 4)
        bench_peer(argv + 4);
    return 0;
}
