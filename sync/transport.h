/* How messages reach the hub: a struct of functions, so that the exchange is the same over HTTP, over files and in
 * tests. A transport moves bytes and judges nothing in them; signatures and hashes are checked by who asked. */
#ifndef SYNC_TRANSPORT_H
#define SYNC_TRANSPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "sync/fault.h"

enum { TRANSPORT_ETAG = 80, TRANSPORT_SIGNATURE = 128 };

/* Takes the body of a 200 or 206 as it comes, for files that do not fit in memory. at: offset of the bytes in the whole
 * file, 0 again when the other side did not begin where it was asked to. Anything but ERR_NONE ends the transfer. */
struct transport_sink {
    enum err (*take)(void *context, int64_t at, const void *bytes, size_t n, struct error *e);
    void *context;
};

/* One question. Strings and bytes are borrowed until send returns; NULL members are left out. */
struct transport_request {
    const char *path; /* "/v1/...", with its query */
    const void *body; /* NULL: GET, else POST */
    size_t body_len;
    const char *type;                  /* Content-Type of the body */
    const char *signature;             /* CK-Signature of the body */
    const char *etag;                  /* If-None-Match */
    bool past_caches;                  /* Cache-Control: no-cache, and "again" in the query */
    bool packed;                       /* the other side may pack the answer (CK-Pack); it is given unpacked */
    size_t max;                        /* bytes of the longest answer that is taken */
    int64_t from;                      /* > 0: only the bytes from this offset on are wanted (Range) */
    const struct transport_sink *sink; /* where they go; NULL: into the answer's body */
};

/* The answer; transport_answer_init before the first use, _done after the last. send clears it first. */
struct transport_answer {
    int status;       /* 200, 304 ...; 0: there was none */
    enum fault fault; /* why there was none */
    bool stopped;     /* given up because the watch said so */
    struct buf body;
    char etag[TRANSPORT_ETAG];           /* "" when missing or longer */
    char signature[TRANSPORT_SIGNATURE]; /* CK-Signature, "" when missing or longer */
    int64_t retry_after_s;               /* -1: none */
    /* Bytes of a 200 or 206 that came, of a transfer that failed too: in the sink, or without one in the body; and the
     * offset of the first of those in the whole file. */
    int64_t taken, at;
    int64_t date;                        /* the Date header, Unix seconds; 0: none. Not signed: a hint */
};

struct transport {
    /* ERR_NONE whenever an HTTP answer came, whatever its status. Otherwise ERR_NET, ERR_TIMEOUT, ERR_TOO_BIG (body
     * over max), ERR_DENIED (TLS: answer->fault says which), ERR_BUSY (stopped), or what the sink said (FAULT_DISK).
     * Always ends: a line that is silent is given up, one that is slow is not. */
    enum err (*send)(struct transport *t, const struct transport_request *q, struct transport_answer *a,
                     struct error *e) MUST_CHECK;
    void (*free)(struct transport *t);
};

/* What may end a transfer early: while it runs these files are watched, and when one can be read, stop is asked. It
 * must read them empty; true ends the transfer. Borrowed for the transport's life. */
struct transport_watch {
    int fds[2]; /* -1: unused */
    bool (*stop)(void *context);
    void *context;
};

void transport_answer_init(struct transport_answer *a);
void transport_answer_clear(struct transport_answer *a, size_t max);
void transport_answer_done(struct transport_answer *a);
/* These take and free NULL. */
void transport_free(struct transport *t);

/* "http://HOST[:PORT]" or "https://...", no user, query or fragment; a trailing slash is cut. ERR_USAGE names the
 * fault. */
enum err transport_url_check(char out[256], const char *url, struct error *e) MUST_CHECK;
bool transport_url_is_loopback(const char *url); /* localhost, 127.x, [::1] */
bool transport_url_is_https(const char *url);

/* HTTP by libcurl (transport_curl.c). hub: a checked URL. ca: a PEM file, or NULL for the system's certificates. proxy:
 * NULL for none; the environment's is never used, and none towards the loopback. watch may be NULL. All are copied but
 * the watch. */
enum err transport_curl_new(struct transport **out, const char *hub, const char *ca, const char *proxy,
                            const struct transport_watch *watch, struct error *e) MUST_CHECK;
/* Seconds without a byte until the line is given up; 60 where nobody says anything. */
void transport_curl_patience(struct transport *t, int64_t seconds);
/* Certificates are judged by `clock` once it has learnt the hub's time, until then by the system's. When the hub's seems
 * not valid yet or no more, its time is asked for by one request that leaves the dates unchecked (chain and name are
 * checked), carries nothing, and whose connection is not used again: a Date between `earliest` (Unix seconds, the hub was
 * last heard of then) and 20 years after this program was made is learnt, and the question is asked again. Should it fail
 * again for its dates, the clock is as before. Only where libcurl works with OpenSSL. clock is borrowed. */
struct clock;
void transport_curl_clock(struct transport *t, struct clock *clock, int64_t earliest);

#endif
