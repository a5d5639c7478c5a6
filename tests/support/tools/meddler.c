/* meddler PORT MODE-FILE: a proxy between a kiosk and the hub at 127.0.0.1:PORT that cannot be trusted. Says "listening PORT" when it is
 * ready. The first word of MODE-FILE says, for each request anew, what it does with the hub's answer:
 *   pass                  nothing
 *   flip cut short        changes a bit in the middle; sends half and hangs up; sends half as if that were all
 *   unsigned unmarked     takes the signature away; takes signature and ETag away
 *   replay swap           gives the answer before of the same method; that before of whatever it was
 *   oldest                gives each path the answer that it once had first
 *   other:PORT            asks another hub instead
 *   status:NNN            "gone away" with that status, and the hub is not asked
 *   lost                  the hub is asked, its answer is lost
 *   twice                 the hub is asked twice, the second answer is given
 *   flip-up cut-up        changes a bit of what the kiosk says; leaves its second half out
 *   late                  waits half a second
 * One connection at a time, a request each. */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"

enum { MEDDLER_MAX = 64 << 20, MEDDLER_PATHS = 200, MEDDLER_WORD = 40 };

struct kept {
    char line[200]; /* "GET /v1/..." */
    struct buf answer;
};

struct meddler {
    int port;
    const char *mode_file;
    char mode[MEDDLER_WORD];
    struct kept first[MEDDLER_PATHS];
    int first_count;
    struct buf last, last_get, last_post;
};

static struct sockaddr_in meddler_address(int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    at.sin_port = htons((unsigned short)port);
    return at;
}

static size_t meddler_body_at(const struct buf *m)
{
    const char *end = m->len >= 4 ? memmem(m->data, m->len, "\r\n\r\n", 4) : NULL;
    return end ? (size_t)(end - m->data) + 4 : 0;
}

/* The value of a header, 0 when there is none. */
static long meddler_length(const struct buf *m)
{
    size_t head = meddler_body_at(m);
    for (size_t i = 0; i + 16 < head; i++)
        if (strncasecmp(m->data + i, "\ncontent-length:", 16) == 0)
            return strtol(m->data + i + 16, NULL, 10);
    return 0;
}

/* Until it is whole, or the other side has ended. */
static void meddler_read(int fd, struct buf *m, bool to_the_end)
{
    char part[8192];
    for (ssize_t n = 1; n > 0;) {
        size_t head = meddler_body_at(m);
        if (!to_the_end && head && m->len >= head + (size_t)meddler_length(m))
            return;
        n = recv(fd, part, sizeof part, 0);
        if (n > 0)
            buf_add(m, part, (size_t)n);
    }
}

static void meddler_send(int fd, const struct buf *m)
{
    for (size_t at = 0; at < m->len;) {
        ssize_t n = send(fd, m->data + at, m->len - at, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        at += (size_t)n;
    }
}

/* Takes the lines that begin so out of the head. */
static void meddler_strip(struct buf *m, const char *name)
{
    for (size_t i = 0, head = meddler_body_at(m); i + 2 < head; i++) {
        if (m->data[i] != '\n' || strncasecmp(m->data + i + 1, name, strlen(name)) != 0)
            continue;
        char *end = memchr(m->data + i + 1, '\n', m->len - i - 1);
        size_t n = (size_t)(end - (m->data + i));
        memmove(m->data + i, end, m->len - i - n);
        m->len -= n;
        m->data[m->len] = 0;
        head = meddler_body_at(m);
        i--;
    }
}

static void meddler_set_length(struct buf *m, size_t n)
{
    struct buf out;
    meddler_strip(m, "content-length");
    size_t head = meddler_body_at(m);
    buf_init(&out, MEDDLER_MAX);
    buf_add(&out, m->data, head - 2);
    buf_addf(&out, "Content-Length: %zu\r\n\r\n", n);
    buf_add(&out, m->data + head, n);
    buf_done(m);
    *m = out;
}

static void meddler_ask(int port, const struct buf *request, struct buf *answer)
{
    struct sockaddr_in at = meddler_address(port);
    struct buf alone;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    buf_clear(answer);
    buf_init(&alone, MEDDLER_MAX);
    size_t line = (size_t)(strchr(request->data, '\n') - request->data) + 1;
    buf_add(&alone, request->data, line);
    buf_add_str(&alone, "Connection: close\r\n");
    buf_add(&alone, request->data + line, request->len - line);
    if (fd >= 0 && connect(fd, (struct sockaddr *)&at, sizeof at) == 0) {
        meddler_send(fd, &alone);
        meddler_read(fd, answer, true);
    }
    buf_done(&alone);
    if (fd >= 0)
        close(fd);
}

static void meddler_flip(struct buf *m)
{
    size_t head = meddler_body_at(m);
    if (m->len > head)
        m->data[head + (m->len - head) / 2] ^= 1;
}

static void meddler_copy(struct buf *to, const struct buf *from)
{
    buf_clear(to);
    buf_add(to, from->data, from->len);
}

static bool meddler_is(const struct meddler *m, const char *mode) { return strcmp(m->mode, mode) == 0; }

static void meddler_oldest(struct meddler *m, const char *line, struct buf *answer)
{
    for (int i = 0; i < m->first_count; i++)
        if (strcmp(m->first[i].line, line) == 0) {
            meddler_copy(answer, &m->first[i].answer);
            return;
        }
}

static void meddler_note(struct meddler *m, const char *line, const struct buf *answer, bool post)
{
    bool known = m->first_count == MEDDLER_PATHS || strncmp(answer->data, "HTTP/1.1 200", 12) != 0;
    for (int i = 0; !known && i < m->first_count; i++)
        known = strcmp(m->first[i].line, line) == 0;
    if (!known) {
        struct kept *k = &m->first[m->first_count++];
        snprintf(k->line, sizeof k->line, "%s", line);
        buf_init(&k->answer, MEDDLER_MAX);
        meddler_copy(&k->answer, answer);
    }
    meddler_copy(&m->last, answer);
    meddler_copy(post ? &m->last_post : &m->last_get, answer);
}

static void meddler_spoil_request(const struct meddler *m, struct buf *request)
{
    size_t head = meddler_body_at(request);
    if (meddler_is(m, "flip-up"))
        meddler_flip(request);
    if (meddler_is(m, "cut-up") && request->len > head)
        meddler_set_length(request, (request->len - head) / 2);
}

/* What is given instead of what the hub said, from what it said before. */
static void meddler_from_before(struct meddler *m, const char *line, struct buf *answer, bool post)
{
    struct buf now;
    buf_init(&now, MEDDLER_MAX);
    meddler_copy(&now, answer);
    const struct buf *before = meddler_is(m, "swap") ? &m->last : post ? &m->last_post : &m->last_get;
    if ((meddler_is(m, "replay") || meddler_is(m, "swap")) && before->len)
        meddler_copy(answer, before);
    else if (meddler_is(m, "oldest"))
        meddler_oldest(m, line, answer);
    meddler_note(m, line, &now, post);
    buf_done(&now);
}

static void meddler_spoil_answer(const struct meddler *m, struct buf *answer)
{
    size_t head = meddler_body_at(answer), body = answer->len - head;
    if (meddler_is(m, "flip"))
        meddler_flip(answer);
    if (meddler_is(m, "cut"))
        answer->len = head + body / 2;
    if (meddler_is(m, "short") && body)
        meddler_set_length(answer, body / 2);
    if (meddler_is(m, "unsigned") || meddler_is(m, "unmarked"))
        meddler_strip(answer, "ck-signature");
    if (meddler_is(m, "unmarked"))
        meddler_strip(answer, "etag");
    if (meddler_is(m, "lost"))
        buf_clear(answer);
    if (meddler_is(m, "late"))
        poll(NULL, 0, 500);
}

static void meddler_serve(struct meddler *m, int client)
{
    struct buf request, answer;
    char line[200];
    buf_init(&request, MEDDLER_MAX);
    buf_init(&answer, MEDDLER_MAX);
    meddler_read(client, &request, false);
    if (meddler_body_at(&request)) {
        bool post = strncmp(request.data, "POST", 4) == 0;
        snprintf(line, sizeof line, "%.*s", (int)strcspn(request.data, "\r"), request.data);
        meddler_spoil_request(m, &request);
        if (strncmp(m->mode, "status:", 7) == 0) {
            buf_addf(&answer, "HTTP/1.1 %s No\r\nContent-Length: 10\r\n\r\ngone away\n", m->mode + 7);
        } else {
            meddler_ask(strncmp(m->mode, "other:", 6) == 0 ? (int)strtol(m->mode + 6, NULL, 10) : m->port, &request, &answer);
            if (meddler_is(m, "twice"))
                meddler_ask(m->port, &request, &answer);
            if (answer.len)
                meddler_from_before(m, line, &answer, post);
            meddler_spoil_answer(m, &answer);
        }
        meddler_strip(&answer, "connection");
        if (answer.len)
            meddler_send(client, &answer);
    }
    buf_done(&request);
    buf_done(&answer);
}

static void meddler_read_mode(struct meddler *m)
{
    FILE *f = fopen(m->mode_file, "r");
    if (!f || fscanf(f, "%39s", m->mode) != 1)
        snprintf(m->mode, sizeof m->mode, "pass");
    if (f)
        fclose(f);
}

int main(int argc, char **argv)
{
    static struct meddler m;
    struct sockaddr_in at = meddler_address(0);
    socklen_t n = sizeof at;
    if (argc != 3)
        return 2;
    m.port = (int)strtol(argv[1], NULL, 10);
    m.mode_file = argv[2];
    buf_init(&m.last, MEDDLER_MAX);
    buf_init(&m.last_get, MEDDLER_MAX);
    buf_init(&m.last_post, MEDDLER_MAX);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) < 0 || listen(fd, 8) < 0 || getsockname(fd, (struct sockaddr *)&at, &n) < 0)
        die("meddler: cannot listen");
    printf("listening %d\n", ntohs(at.sin_port));
    fflush(stdout);
    for (int client = accept(fd, NULL, NULL); client >= 0; client = accept(fd, NULL, NULL)) {
        meddler_read_mode(&m);
        meddler_serve(&m, client);
        shutdown(client, SHUT_RDWR);
        close(client);
    }
    return 0;
}
