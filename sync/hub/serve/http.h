/* The hub's sockets, and the only user of libmicrohttpd. One thread: the owner polls http_fd and calls http_run. */
#ifndef SYNC_HUB_SERVE_HTTP_H
#define SYNC_HUB_SERVE_HTTP_H

#include "kiosk/base/clock.h"
#include "sync/hub/serve/api.h"

struct http;

struct http_options {
    const char *listen;       /* "127.0.0.1:8080", "[::1]:0"; port 0: any free one */
    const char *cert, *key;   /* PEM files, NULL: no TLS */
    double per_second, burst; /* requests of one address; 0: no limit */
    int timeout_s;            /* an idle connection is closed after this; a body has four times as long in all */
    int connections;          /* at most, and a quarter of them from one address */
};

/* ERR_INVALID: not an address or certificate. ERR_IO: the address is taken. a outlives the server. */
enum err http_start(struct http **out, const struct http_options *o, struct api *a, struct error *e) MUST_CHECK;
void http_stop(struct http *h); /* takes NULL */
int http_port(const struct http *h);
int http_fd(const struct http *h);   /* readable: call http_run */
int http_timeout_ms(struct http *h); /* call http_run after this at the latest; -1: no need */
void http_run(struct http *h);

#endif
