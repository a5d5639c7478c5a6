/* slowline: a bad line between two network namespaces, for kernels without netem. Two tun interfaces are made here, moved
 * to their namespaces by whoever runs it, and packets are passed between them at a rate, late, and not all.
 *   slowline NAME NAME BITS_PER_SECOND DELAY_MS LOSS_PERCENT SEED
 * Prints "ready" when both interfaces are there. SIGTERM ends it and prints what was passed and lost. The same seed loses
 * the same packets of the same traffic. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MTU = 1500, LINE_QUEUE = 64, LINE_WAITING = 12 };

struct packet {
    int64_t due_us;
    ssize_t n;
    uint8_t bytes[LINE_MTU + 4];
};

/* One way: a ring of packets that are on the wire or wait before it. */
struct way {
    int from, to;
    int64_t free_us; /* when the wire takes the next */
    int first, count;
    long passed, lost, bytes;
    struct packet ring[LINE_QUEUE];
};

struct line {
    int64_t bits, delay_us;
    uint32_t loss; /* of 2^32 */
    uint64_t random;
    struct way ways[2];
};

static int64_t line_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * INT64_C(1000000) + t.tv_nsec / 1000;
}

static uint32_t line_random(struct line *l)
{
    l->random ^= l->random << 13;
    l->random ^= l->random >> 7;
    l->random ^= l->random << 17;
    return (uint32_t)(l->random >> 32);
}

static int line_tun(const char *name)
{
    struct ifreq r = {.ifr_flags = IFF_TUN | IFF_NO_PI};
    int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
    snprintf(r.ifr_name, sizeof r.ifr_name, "%s", name);
    if (fd >= 0 && ioctl(fd, TUNSETIFF, &r) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

/* As a modem with a short queue: what finds it full is lost too. */
static void line_take(struct line *l, struct way *w)
{
    struct packet spare, *p = w->count < LINE_QUEUE ? &w->ring[(w->first + w->count) % LINE_QUEUE] : &spare;
    int64_t now = line_now();
    p->n = read(w->from, p->bytes, sizeof p->bytes);
    if (p->n <= 0)
        return;
    int64_t packet_us = p->n * 8 * INT64_C(1000000) / l->bits;
    if (w->free_us < now)
        w->free_us = now;
    bool full = p == &spare || w->free_us - now > LINE_WAITING * (LINE_MTU * 8 * INT64_C(1000000) / l->bits);
    if (full || line_random(l) < l->loss) {
        w->free_us += full ? 0 : packet_us; /* lost on the way: it took its time on the wire */
        w->lost++;
        return;
    }
    w->free_us += packet_us;
    p->due_us = w->free_us + l->delay_us;
    w->count++;
}

/* What is due arrives. An interface that is down takes nothing: lost. */
static void line_give(struct way *w, int64_t now)
{
    for (; w->count > 0 && w->ring[w->first].due_us <= now; w->count--, w->first = (w->first + 1) % LINE_QUEUE) {
        struct packet *p = &w->ring[w->first];
        bool given = write(w->to, p->bytes, (size_t)p->n) == p->n;
        w->passed += given;
        w->lost += !given;
        w->bytes += given ? p->n : 0;
    }
}

static int line_wait_ms(const struct line *l)
{
    int64_t next = INT64_MAX, now = line_now();
    for (int i = 0; i < 2; i++)
        if (l->ways[i].count > 0 && l->ways[i].ring[l->ways[i].first].due_us < next)
            next = l->ways[i].ring[l->ways[i].first].due_us;
    return next == INT64_MAX ? -1 : next <= now ? 0 : (int)((next - now + 999) / 1000);
}

static void line_run(struct line *l, int ending)
{
    struct pollfd fds[] = {{l->ways[0].from, POLLIN, 0}, {l->ways[1].from, POLLIN, 0}, {ending, POLLIN, 0}};
    while (!(fds[2].revents & POLLIN)) {
        if (poll(fds, 3, line_wait_ms(l)) < 0 && errno != EINTR)
            return;
        for (int i = 0; i < 2; i++) {
            line_give(&l->ways[i], line_now());
            if (fds[i].revents & POLLIN)
                line_take(l, &l->ways[i]);
        }
    }
}

int main(int argc, char **argv)
{
    struct line *l = calloc(1, sizeof *l);
    sigset_t ends;
    if (argc != 7 || !l) {
        fprintf(stderr, "usage: slowline NAME NAME BITS_PER_SECOND DELAY_MS LOSS_PERCENT SEED\n");
        return 2;
    }
    l->bits = strtol(argv[3], NULL, 10);
    l->delay_us = strtol(argv[4], NULL, 10) * 1000;
    l->loss = (uint32_t)(strtod(argv[5], NULL) / 100 * UINT32_MAX);
    l->random = (uint64_t)strtol(argv[6], NULL, 10) * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (int i = 0; i < 2; i++) {
        int fd = line_tun(argv[1 + i]);
        if (fd < 0 || l->bits < 1) {
            fprintf(stderr, "slowline: %s: %s\n", argv[1 + i], strerror(errno));
            return 1;
        }
        l->ways[i].from = l->ways[1 - i].to = fd;
    }
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    puts("ready");
    fflush(stdout);
    line_run(l, signalfd(-1, &ends, SFD_CLOEXEC));
    for (int i = 0; i < 2; i++)
        printf("from %s: %ld packets of %ld bytes passed, %ld lost\n", argv[1 + i], l->ways[i].passed, l->ways[i].bytes,
               l->ways[i].lost);
    free(l);
    return 0;
}
