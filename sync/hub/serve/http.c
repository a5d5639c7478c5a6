/* Requests are read whole, within limits, and answered at the handler's last call: an answer at the first would make
 * the library close the connection every time. */
#include "sync/hub/serve/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "sync/hub/serve/rate.h"

enum { HTTP_PORT_MAX = 65535, HTTP_MEMORY = 16 << 10, HTTP_PEM_MAX = 256 << 10, HTTP_REFUSED_MAX = 4 << 20 };

struct http {
    struct MHD_Daemon *daemon;
    struct api *api;
    int timeout_s;
    struct buf cert, key;
    struct rate rate;
};

struct http_request {
    int refused; /* status of a refusal that was decided before the body, 0: none */
    int64_t began_ms;
    size_t thrown; /* bytes of a refused body */
    struct buf body;
};

/* ---- replies */

static void http_blob_drop(void *blob) { blob_drop(blob); }

static void http_header(struct MHD_Response *r, const char *name, const char *value)
{
    if (value && value[0])
        MHD_add_response_header(r, name, value);
}

static void http_headers(struct MHD_Response *r, const struct api_reply *reply)
{
    char seconds[16];
    http_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, reply->type);
    http_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, reply->cache);
    http_header(r, MHD_HTTP_HEADER_ETAG, reply->etag);
    http_header(r, "CK-Signature", reply->signature);
    http_header(r, "Vary", reply->varies ? "CK-Pack" : NULL);
    http_header(r, "CK-Pack", reply->packed ? "1" : NULL);
    if (reply->retry_after) {
        snprintf(seconds, sizeof seconds, "%d", reply->retry_after);
        http_header(r, MHD_HTTP_HEADER_RETRY_AFTER, seconds);
    }
    if (reply->type && strncmp(reply->type, "text/html", 9) == 0) {
        http_header(r, "Content-Security-Policy",
                    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
        http_header(r, "Referrer-Policy", "no-referrer");
        http_header(r, "X-Content-Type-Options", "nosniff");
    }
}

static void http_range_headers(struct MHD_Response *r, const struct api_reply *reply)
{
    char range[80];
    if (!reply->size)
        return;
    http_header(r, MHD_HTTP_HEADER_ACCEPT_RANGES, "bytes");
    if (reply->status == 206)
        snprintf(range, sizeof range, "bytes %lld-%lld/%lld", (long long)reply->first,
                 (long long)(reply->first + reply->n - 1), (long long)reply->size);
    else
        snprintf(range, sizeof range, "bytes */%lld", (long long)reply->size);
    if (reply->status == 206 || reply->status == 416)
        http_header(r, MHD_HTTP_HEADER_CONTENT_RANGE, range);
}

/* From the file itself: the library hands it to the kernel piece by piece, however slow the line, and closes it. */
static struct MHD_Response *http_from_file(struct api_reply *reply)
{
    struct MHD_Response *r =
        MHD_create_response_from_fd_at_offset64((uint64_t)reply->n, reply->fd, (uint64_t)reply->first);
    if (!r)
        close(reply->fd);
    blob_drop(reply->body);
    return r;
}

/* From the blob, or a part of it; the library drops it when it was sent. */
static struct MHD_Response *http_from_blob(struct api_reply *reply)
{
    size_t first = reply->status == 206 ? (size_t)reply->first : 0;
    size_t n = reply->status == 206 ? (size_t)reply->n : reply->body->n;
    struct MHD_Response *r = MHD_create_response_from_buffer_with_free_callback_cls(n, reply->body->bytes + first,
                                                                                    http_blob_drop, reply->body);
    if (!r)
        blob_drop(reply->body);
    return r;
}

static enum MHD_Result http_send(struct MHD_Connection *c, struct api_reply *reply)
{
    struct MHD_Response *r = reply->fd >= 0 ? http_from_file(reply) : http_from_blob(reply);
    if (!r)
        return MHD_NO;
    http_headers(r, reply);
    http_range_headers(r, reply);
    enum MHD_Result result = MHD_queue_response(c, (unsigned)reply->status, r);
    MHD_destroy_response(r);
    return result;
}

static enum MHD_Result http_refuse(struct MHD_Connection *c, int status)
{
    struct api_reply reply = {.fd = -1};
    api_say(&reply, status, status == 429 ? "too many requests" : "too large");
    reply.retry_after = status == 429 ? 5 : 0;
    return http_send(c, &reply);
}

/* ---- requests */

static const char *http_query(const struct api_request *q, const char *name)
{
    return MHD_lookup_connection_value(q->carrier, MHD_GET_ARGUMENT_KIND, name);
}

static bool http_may_ask(struct http *h, struct MHD_Connection *c, int64_t now)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!info || !info->client_addr)
        return true;
    const struct sockaddr *sa = info->client_addr;
    if (sa->sa_family == AF_INET6)
        return rate_allow(&h->rate, &((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr, 8, now);
    return rate_allow(&h->rate, &((const struct sockaddr_in *)(const void *)sa)->sin_addr, 4, now);
}

static enum MHD_Result http_begin(struct http *h, struct MHD_Connection *c, void **state)
{
    struct http_request *r = mem_new(1, sizeof *r);
    const char *length = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_CONTENT_LENGTH);
    r->began_ms = clock_mono_ms(&h->api->hub->clock);
    buf_init(&r->body, WIRE_BATCH_MAX);
    if (!http_may_ask(h, c, r->began_ms))
        r->refused = 429;
    else if (length && strtoll(length, NULL, 10) > WIRE_BATCH_MAX)
        r->refused = 413;
    *state = r;
    return MHD_YES;
}

/* A part of the body. What is refused is read and thrown away, as far as that is reasonable, so that the answer
 * arrives. */
static enum MHD_Result http_collect(struct http *h, struct http_request *r, const char *data, size_t *n)
{
    int64_t age = clock_mono_ms(&h->api->hub->clock) - r->began_ms;
    if (age > (int64_t)h->timeout_s * 4000)
        return MHD_NO;
    if (r->refused)
        r->thrown += *n;
    else
        buf_add(&r->body, data, *n);
    if (r->body.overflow && !r->refused)
        r->refused = 413;
    *n = 0;
    return r->thrown > HTTP_REFUSED_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result http_finish(struct http *h, struct MHD_Connection *c, const struct http_request *r,
                                   struct api_request *q)
{
    struct api_reply reply;
    if (r->refused)
        return http_refuse(c, r->refused);
    q->if_none_match = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_NONE_MATCH);
    const char *pack = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "CK-Pack");
    q->may_pack = pack && strcmp(pack, "1") == 0;
    q->range = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_RANGE);
    q->if_range = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_IF_RANGE);
    q->signature = MHD_lookup_connection_value(c, MHD_HEADER_KIND, "CK-Signature");
    q->user_agent = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_USER_AGENT);
    q->language = MHD_lookup_connection_value(c, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT_LANGUAGE);
    q->query = http_query;
    q->carrier = c;
    q->body = (struct wire_line){r->body.data, r->body.len};
    api_answer(h->api, q, &reply);
    log_line(LOG_DEBUG, "request", "method=%.8s status=%d bytes=%lld", q->method, reply.status,
             (long long)(reply.fd >= 0 ? reply.n : (int64_t)reply.body->n));
    return http_send(c, &reply);
}

static enum MHD_Result http_handle(void *server, struct MHD_Connection *c, const char *url, const char *method,
                                   const char *version, const char *data, size_t *n, void **state)
{
    (void)version;
    struct api_request q = {.method = method, .path = url};
    if (!*state)
        return http_begin(server, c, state);
    if (*n)
        return http_collect(server, *state, data, n);
    return http_finish(server, c, *state, &q);
}

static void http_completed(void *server, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode why)
{
    (void)server;
    (void)c;
    (void)why;
    struct http_request *r = *state;
    if (r)
        buf_done(&r->body);
    free(r);
    *state = NULL;
}

/* ---- start and stop */

/* "ADDR:PORT" in numbers, the address of IPv6 in brackets. */
static enum err http_resolve(const char *listen, struct addrinfo **out, struct error *e)
{
    char host[80];
    const char *colon = strrchr(listen, ':');
    size_t n = colon ? (size_t)(colon - listen) : 0;
    if (!colon || n == 0 || n >= sizeof host || !colon[1])
        return error_set(e, ERR_USAGE, "--listen %s: wanted ADDRESS:PORT", listen);
    bool brackets = listen[0] == '[' && listen[n - 1] == ']';
    snprintf(host, sizeof host, "%.*s", (int)(brackets ? n - 2 : n), listen + (brackets ? 1 : 0));
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE, .ai_socktype = SOCK_STREAM};
    /* getaddrinfo takes the lower half of a larger number. */
    bool port = strspn(colon + 1, "0123456789") == strlen(colon + 1) && strtol(colon + 1, NULL, 10) <= HTTP_PORT_MAX;
    int rc = port ? getaddrinfo(host, colon + 1, &hints, out) : EAI_SERVICE;
    return rc == 0 ? ERR_NONE : error_set(e, ERR_USAGE, "--listen %s: not an address and port of this machine", listen);
}

static enum err http_read_pem(struct http *h, const struct http_options *o, struct error *e)
{
    buf_init(&h->cert, HTTP_PEM_MAX);
    buf_init(&h->key, HTTP_PEM_MAX);
    if (!o->cert != !o->key)
        return error_set(e, ERR_USAGE, "--tls-cert and --tls-key go together");
    if (!o->cert)
        return ERR_NONE;
    enum err err = file_read(o->cert, &h->cert, e);
    return err ? err : file_read(o->key, &h->key, e);
}

/* A socket of our own: the library would not say why it could not make one. */
static enum err http_listen(int *fd, const struct http_options *o, const struct addrinfo *at, struct error *e)
{
    const int yes = 1;
    *fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (*fd >= 0 && setsockopt(*fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
        (at->ai_family != AF_INET6 || setsockopt(*fd, IPPROTO_IPV6, IPV6_V6ONLY, &yes, sizeof yes) == 0) &&
        bind(*fd, at->ai_addr, at->ai_addrlen) == 0 && listen(*fd, SOMAXCONN) == 0)
        return ERR_NONE;
    error_set(e, ERR_IO, "cannot listen on %s: %s", o->listen, error_errno(errno));
    if (*fd >= 0)
        close(*fd);
    return ERR_IO;
}

/* The daemon has the socket from then on. */
static void http_open(struct http *h, const struct http_options *o, int fd)
{
    struct MHD_OptionItem tls[] = {{MHD_OPTION_HTTPS_MEM_CERT, 0, h->cert.data},
                                   {MHD_OPTION_HTTPS_MEM_KEY, 0, h->key.data},
                                   {MHD_OPTION_END, 0, NULL}};
    unsigned flags = MHD_USE_EPOLL | (o->cert ? MHD_USE_TLS : 0);
    if (!o->cert)
        tls[0].option = MHD_OPTION_END;
    h->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, http_handle, h, MHD_OPTION_LISTEN_SOCKET, fd, MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)o->timeout_s, MHD_OPTION_CONNECTION_LIMIT, (unsigned)o->connections,
        MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)(o->connections + 3) / 4, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        (size_t)HTTP_MEMORY, MHD_OPTION_NOTIFY_COMPLETED, http_completed, h, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}

enum err http_start(struct http **out, const struct http_options *o, struct api *a, struct error *e)
{
    struct http *h = mem_new(1, sizeof *h);
    struct addrinfo *at = NULL;
    int fd = -1;
    *h = (struct http){.api = a, .timeout_s = o->timeout_s};
    h->rate.per_second = o->per_second;
    h->rate.burst = o->burst;
    crypto_random(&h->rate.salt, sizeof h->rate.salt);
    enum err err = http_read_pem(h, o, e);
    if (!err)
        err = http_resolve(o->listen, &at, e);
    if (!err)
        err = http_listen(&fd, o, at, e);
    if (!err)
        http_open(h, o, fd);
    if (!err && !h->daemon)
        err = o->cert ? error_set(e, ERR_INVALID, "%s, %s: no certificate and its key", o->cert, o->key)
                      : error_set(e, ERR_MEMORY, "the server does not start");
    if (at)
        freeaddrinfo(at);
    *out = h;
    if (err) {
        http_stop(h);
        *out = NULL;
    }
    return err;
}

void http_stop(struct http *h)
{
    if (!h)
        return;
    if (h->daemon)
        MHD_stop_daemon(h->daemon);
    buf_wipe(&h->key);
    buf_done(&h->key);
    buf_done(&h->cert);
    free(h);
}

int http_port(const struct http *h)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info ? info->port : 0;
}

int http_fd(const struct http *h)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(h->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    return info ? info->epoll_fd : -1;
}

int http_timeout_ms(struct http *h)
{
    MHD_UNSIGNED_LONG_LONG ms = 0;
    return MHD_get_timeout(h->daemon, &ms) == MHD_YES ? (int)(ms > 60000 ? 60000 : ms) : -1;
}

void http_run(struct http *h) { MHD_run(h->daemon); }
