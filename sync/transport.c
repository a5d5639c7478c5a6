/* What all transports share: answers and the hub's address. */
#include "sync/transport.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

void transport_answer_init(struct transport_answer *a)
{
    *a = (struct transport_answer){.retry_after_s = -1};
    buf_init(&a->body, 0);
}

void transport_answer_clear(struct transport_answer *a, size_t max)
{
    struct buf body = a->body;
    buf_clear(&body);
    body.max = max;
    *a = (struct transport_answer){.retry_after_s = -1, .body = body};
}

void transport_answer_done(struct transport_answer *a) { buf_done(&a->body); }

void transport_free(struct transport *t)
{
    if (t)
        t->free(t);
}

/* The host's first letter, or NULL when there is no scheme known here. */
static const char *transport_url_host(const char *url)
{
    if (strncasecmp(url, "http://", 7) == 0)
        return url + 7;
    if (strncasecmp(url, "https://", 8) == 0)
        return url + 8;
    return NULL;
}

bool transport_url_is_https(const char *url) { return strncasecmp(url, "https://", 8) == 0; }

static bool transport_host_char(char c) { return isalnum((unsigned char)c) || strchr("-._:[]", c); }

enum err transport_url_check(char out[256], const char *url, struct error *e)
{
    const char *host = transport_url_host(url);
    size_t n = strlen(url);
    if (!host)
        return error_set(e, ERR_USAGE, "the hub's address begins with https:// (or http://)");
    while (n > 0 && url[n - 1] == '/')
        n--;
    if (n >= 256 || url + n <= host)
        return error_set(e, ERR_USAGE, "the hub's address is https://HOST or https://HOST:PORT");
    for (const char *p = host; p < url + n; p++)
        if (*p == 0 || !transport_host_char(*p))
            return error_set(e, ERR_USAGE, "the hub's address is https://HOST or https://HOST:PORT, nothing after it");
    memcpy(out, url, n);
    out[n] = 0;
    return ERR_NONE;
}

static bool transport_host_is(const char *host, const char *name)
{
    size_t n = strlen(name);
    return strncasecmp(host, name, n) == 0 && (host[n] == 0 || host[n] == ':' || host[n] == '/');
}

bool transport_url_is_loopback(const char *url)
{
    const char *host = transport_url_host(url);
    if (!host)
        return false;
    if (transport_host_is(host, "localhost") || transport_host_is(host, "[::1]"))
        return true;
    /* 127.0.0.0/8 written out; a name that merely begins so ("127.example.org") is not one. */
    return strncmp(host, "127.", 4) == 0 && strspn(host, "0123456789.") == strcspn(host, ":/");
}
