/* HTTP and HTTPS by libcurl, and the only user of it. One multi handle with one transfer in it, so that the wait can be
 * ended by other files (a signal, a sign-up in the ledger); connections stay open between questions. Nothing of the
 * environment takes part: no proxy, no .netrc, no cookies, no redirects. */
#include "sync/transport.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "kiosk/base/clock.h"
#include "kiosk/base/log.h"
#include "sync/wire_zstd.h"

enum {
    /* A modem of 9,600 bit/s with 2 s each way that loses every tenth packet: one lost three times is sent again after
     * 6, 12 and 24 s, and that is no reason to begin anew. */
    CURL_CONNECT_MS = 30000,
    CURL_PATIENCE_S = 60,  /* without a byte for so long there is no line */
    CURL_SLOW_BYTES = 1,   /* less than this many bytes a second is none */
    CURL_BASE_MS = 120000, /* who gives drop by drop: this, and time for `max` at ... */
    CURL_LEAST_RATE = 100, /* ... this many bytes a second, is all there is */
    CURL_POLL_MS = 1000,
    CURL_VERIFY_NOT_YET = 9,  /* X509_V_ERR_CERT_NOT_YET_VALID */
    CURL_VERIFY_EXPIRED = 10, /* X509_V_ERR_CERT_HAS_EXPIRED */
    CURL_ANY_TIME = 0x200000, /* X509_V_FLAG_NO_CHECK_TIME */
    CURL_TIME_MAX = 4096,     /* bytes of the answer whose Date is wanted */
};
#define CURL_20_YEARS INT64_C(631152000)

struct transport_curl {
    struct transport base;
    const struct transport_watch *watch;
    CURLM *multi;
    CURL *easy;
    char *hub, *ca, *proxy;
    struct transport_answer *answer;   /* of the running transfer */
    const struct transport_sink *sink; /* of it */
    enum err sink_code;                /* why the sink ended it */
    struct error *sink_error;          /* where it says so */
    bool is_packed;                    /* its body */
    struct clock *clock;               /* NULL: certificates are judged by the system's */
    int64_t earliest;                  /* Unix seconds: the hub's time cannot be before */
    bool any_time;                     /* the running transfer asks for the time alone */
    int64_t at;                        /* offset of the next byte of the body in the file */
    long patience_s;
};

static size_t curl_on_body(char *bytes, size_t size, size_t n, void *context)
{
    struct transport_curl *c = context;
    long status = 0;
    n *= size;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    bool good = status == 200 || status == 206;
    if (good && c->answer->taken == 0)
        c->answer->at = status == 206 ? c->at : 0;
    if (good && c->sink) {
        c->sink_code =
            c->sink->take(c->sink->context, status == 206 ? c->at : c->answer->taken, bytes, n, c->sink_error);
        c->at += (int64_t)n;
        c->answer->taken += c->sink_code ? 0 : (int64_t)n;
        return c->sink_code ? 0 : n;
    }
    buf_add(&c->answer->body, bytes, n);
    if (c->answer->body.overflow)
        return 0;
    c->answer->taken += good ? (int64_t)n : 0;
    return n;
}

/* The header's value into out, "" when it is too long: a cut signature or mark would only mislead. */
static void curl_take_value(char *out, size_t size, const char *line, size_t n, const char *name)
{
    size_t skip = strlen(name);
    if (n <= skip || strncasecmp(line, name, skip) != 0)
        return;
    while (skip < n && (line[skip] == ' ' || line[skip] == '\t'))
        skip++;
    while (n > skip && strchr("\r\n \t", line[n - 1]))
        n--;
    out[0] = 0;
    if (n - skip >= size)
        return;
    memcpy(out, line + skip, n - skip);
    out[n - skip] = 0;
}

static size_t curl_on_header(char *bytes, size_t size, size_t n, void *context)
{
    struct transport_curl *c = context;
    struct transport_answer *a = c->answer;
    char date[64] = "", range[64] = "", pack[8] = "";
    n *= size;
    curl_take_value(a->etag, sizeof a->etag, bytes, n, "ETag:");
    curl_take_value(a->signature, sizeof a->signature, bytes, n, "CK-Signature:");
    curl_take_value(date, sizeof date, bytes, n, "Date:");
    curl_take_value(range, sizeof range, bytes, n, "Content-Range:");
    curl_take_value(pack, sizeof pack, bytes, n, "CK-Pack:");
    c->is_packed = c->is_packed || strcmp(pack, "1") == 0;
    if (strncmp(range, "bytes ", 6) == 0)
        c->at = strtoll(range + 6, NULL, 10);
    if (date[0]) {
        time_t t = curl_getdate(date, NULL);
        a->date = t > 0 ? (int64_t)t : 0;
    }
    return n;
}

static struct curl_slist *curl_add_header(struct curl_slist *list, const char *name, const char *value)
{
    char line[512];
    if (!value)
        return list; /* "Name:" without a value takes the library's own header out. */
    snprintf(line, sizeof line, "%s:%s%s", name, *value ? " " : "", value);
    struct curl_slist *more = curl_slist_append(list, line);
    if (!more)
        die("out of memory");
    return more;
}

static struct curl_slist *curl_headers(const struct transport_request *q)
{
    struct curl_slist *list = curl_add_header(NULL, "CK-Signature", q->signature);
    list = curl_add_header(list, "If-None-Match", q->etag);
    list = curl_add_header(list, "CK-Pack", q->packed ? "1" : NULL);
    list = curl_add_header(list, "Accept", ""); /* nobody here looks at it, and each poll would carry it */
    list = curl_add_header(list, "Cache-Control", q->past_caches ? "no-cache" : NULL);
    list = curl_add_header(list, "Content-Type", q->body ? q->type : NULL);
    /* Without a wait for "100 Continue": the bodies are small. */
    return q->body ? curl_add_header(list, "Expect", "") : list;
}

/* Of OpenSSL, which libcurl has brought when it hands over a context of it; looked up, so that no other program needs
 * its headers. */
struct curl_openssl {
    void *(*get_param)(void *context);
    int (*set_flags)(void *param, unsigned long flags);
    void (*set_time)(void *param, time_t t);
};

static bool curl_openssl_find(struct curl_openssl *o)
{
    *(void **)&o->get_param = dlsym(RTLD_DEFAULT, "SSL_CTX_get0_param");
    *(void **)&o->set_flags = dlsym(RTLD_DEFAULT, "X509_VERIFY_PARAM_set_flags");
    *(void **)&o->set_time = dlsym(RTLD_DEFAULT, "X509_VERIFY_PARAM_set_time");
    return o->get_param && o->set_flags && o->set_time;
}

/* A new connection: by which time its certificates are judged. */
static CURLcode curl_on_tls(CURL *easy, void *tls, void *context)
{
    struct transport_curl *c = context;
    struct curl_openssl o;
    (void)easy;
    if (!curl_openssl_find(&o))
        return c->any_time ? CURLE_SSL_CONNECT_ERROR : CURLE_OK;
    if (c->any_time)
        o.set_flags(o.get_param(tls), CURL_ANY_TIME);
    else if (c->clock->wall_offset_ms != INT64_MIN)
        o.set_time(o.get_param(tls), (time_t)(clock_wall_ms(c->clock) / 1000));
    return CURLE_OK;
}

static bool curl_is_openssl(void)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
    return v && v->ssl_version && strncmp(v->ssl_version, "OpenSSL/", 8) == 0;
}

static void curl_set_clock(struct transport_curl *c)
{
    if (!c->clock)
        return;
    curl_easy_setopt(c->easy, CURLOPT_SSL_CTX_FUNCTION, curl_on_tls);
    curl_easy_setopt(c->easy, CURLOPT_SSL_CTX_DATA, c);
    if (c->any_time) {
        /* Nobody else may come to use what was not judged by its dates: neither connection nor session. */
        curl_easy_setopt(c->easy, CURLOPT_FRESH_CONNECT, 1L);
        curl_easy_setopt(c->easy, CURLOPT_FORBID_REUSE, 1L);
        curl_easy_setopt(c->easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    }
}

static void curl_set_always(struct transport_curl *c)
{
    curl_easy_setopt(c->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c->easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(c->easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(c->easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(c->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl_easy_setopt(c->easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(c->easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(c->easy, CURLOPT_USERAGENT, "kiosk-sync/" SOSEDI_VERSION);
    /* An empty text, not NULL: that switches off what the environment says. */
    curl_easy_setopt(c->easy, CURLOPT_PROXY, c->proxy);
    if (c->ca) {
        curl_easy_setopt(c->easy, CURLOPT_CAINFO, c->ca);
        curl_easy_setopt(c->easy, CURLOPT_CAPATH, NULL);
    }
    curl_easy_setopt(c->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CURL_CONNECT_MS);
    curl_easy_setopt(c->easy, CURLOPT_LOW_SPEED_LIMIT, (long)CURL_SLOW_BYTES);
    curl_easy_setopt(c->easy, CURLOPT_LOW_SPEED_TIME, c->patience_s);
    curl_easy_setopt(c->easy, CURLOPT_WRITEFUNCTION, curl_on_body);
    curl_easy_setopt(c->easy, CURLOPT_WRITEDATA, c);
    curl_easy_setopt(c->easy, CURLOPT_HEADERFUNCTION, curl_on_header);
    curl_easy_setopt(c->easy, CURLOPT_HEADERDATA, c);
}

static long curl_bound_ms(size_t bytes)
{
    const size_t most = LONG_MAX / 2000;
    return CURL_BASE_MS + (long)(bytes < most ? bytes : most) * 1000 / CURL_LEAST_RATE;
}

static void curl_set_request(struct transport_curl *c, const struct transport_request *q, struct curl_slist *headers)
{
    char url[1024];
    const char *again = !q->past_caches ? "" : strchr(q->path, '?') ? "&again" : "?again";
    snprintf(url, sizeof url, "%s%s%s", c->hub, q->path, again);
    curl_easy_reset(c->easy);
    curl_set_always(c);
    curl_set_clock(c);
    curl_easy_setopt(c->easy, CURLOPT_URL, url);
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, headers);
    if (q->from > 0) {
        char range[32];
        snprintf(range, sizeof range, "%lld-", (long long)q->from);
        curl_easy_setopt(c->easy, CURLOPT_RANGE, range);
    }
    curl_easy_setopt(c->easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)q->max);
    curl_easy_setopt(c->easy, CURLOPT_TIMEOUT_MS, curl_bound_ms(q->max + q->body_len));
    if (q->body) {
        curl_easy_setopt(c->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)q->body_len);
        curl_easy_setopt(c->easy, CURLOPT_POSTFIELDS, q->body);
    }
}

/* One look at the files that may end the transfer, together with curl's own. */
static bool curl_wait(struct transport_curl *c)
{
    struct curl_waitfd extra[2];
    unsigned count = 0;
    for (int i = 0; c->watch && i < 2; i++)
        if (c->watch->fds[i] >= 0)
            extra[count++] = (struct curl_waitfd){.fd = c->watch->fds[i], .events = CURL_WAIT_POLLIN};
    if (curl_multi_poll(c->multi, extra, count, CURL_POLL_MS, NULL) != CURLM_OK)
        return false;
    for (unsigned i = 0; i < count; i++)
        if (extra[i].revents)
            return !c->watch->stop(c->watch->context);
    return true;
}

/* Runs to the end; CURLE_ABORTED_BY_CALLBACK when the watch stopped it. */
static CURLcode curl_run(struct transport_curl *c)
{
    CURLcode result = CURLE_OUT_OF_MEMORY;
    int running = 1;
    if (curl_multi_add_handle(c->multi, c->easy) != CURLM_OK)
        return result;
    while (running) {
        if (curl_multi_perform(c->multi, &running) != CURLM_OK)
            break;
        if (running && !curl_wait(c)) {
            result = CURLE_ABORTED_BY_CALLBACK;
            break;
        }
    }
    int left;
    for (CURLMsg *m = curl_multi_info_read(c->multi, &left); m; m = curl_multi_info_read(c->multi, &left))
        if (m->msg == CURLMSG_DONE)
            result = m->data.result;
    return result;
}

static bool curl_is_tls_fault(CURLcode code)
{
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CONNECT_ERROR || code == CURLE_SSL_ISSUER_ERROR;
}

static enum fault curl_tls_fault(struct transport_curl *c)
{
    long verify = 0;
    curl_easy_getinfo(c->easy, CURLINFO_SSL_VERIFYRESULT, &verify);
    return verify == CURL_VERIFY_NOT_YET || verify == CURL_VERIFY_EXPIRED ? FAULT_CLOCK : FAULT_TLS;
}

static enum err curl_fail(struct transport_curl *c, CURLcode code, struct error *e)
{
    struct transport_answer *a = c->answer;
    a->status = 0;
    a->fault = FAULT_NET;
    if (c->sink_code) {
        a->fault = fault_of_store(c->sink_code);
        return c->sink_code;
    }
    if (code == CURLE_ABORTED_BY_CALLBACK) {
        a->stopped = true;
        return error_set(e, ERR_BUSY, "%s: given up for something more urgent", c->hub);
    }
    if (code == CURLE_FILESIZE_EXCEEDED || a->body.overflow) {
        a->fault = FAULT_HUB;
        return error_set(e, ERR_TOO_BIG, "%s: the answer is over %zu bytes", c->hub, a->body.max);
    }
    if (code == CURLE_SSL_CACERT_BADFILE) {
        a->fault = FAULT_TLS;
        return error_set(e, ERR_DENIED, "%s: cannot read the certificates in it",
                         c->ca ? c->ca : "the system's certificates");
    }
    if (curl_is_tls_fault(code)) {
        a->fault = curl_tls_fault(c);
        return error_set(e, ERR_DENIED, "%s: %s", c->hub,
                         a->fault == FAULT_CLOCK ? "its certificate is not valid at this kiosk's date"
                                                 : curl_easy_strerror(code));
    }
    return error_set(e, code == CURLE_OPERATION_TIMEDOUT ? ERR_TIMEOUT : ERR_NET, "%s: %s", c->hub,
                     curl_easy_strerror(code));
}

static void curl_read_info(struct transport_curl *c)
{
    long status = 0;
    curl_off_t retry = 0;
    curl_easy_getinfo(c->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(c->easy, CURLINFO_RETRY_AFTER, &retry);
    c->answer->status = (int)status;
    c->answer->retry_after_s = retry > 0 ? (int64_t)retry : -1;
}

static enum err curl_unpack(struct transport_curl *c, struct error *e)
{
    struct transport_answer *a = c->answer;
    struct buf plain;
    buf_init(&plain, a->body.max);
    enum err code = wire_unpack(&plain, a->body.data, a->body.len, e);
    if (code) {
        a->status = 0;
        a->fault = FAULT_HUB;
        buf_done(&plain);
        return error_set(e, ERR_NET, "%s: the answer cannot be unpacked", c->hub);
    }
    buf_done(&a->body);
    a->body = plain;
    return ERR_NONE;
}

static enum err curl_try(struct transport_curl *c, const struct transport_request *q, struct transport_answer *a,
                         struct error *e)
{
    struct curl_slist *headers = curl_headers(q);
    transport_answer_clear(a, q->max);
    c->answer = a;
    c->sink = q->sink;
    c->sink_code = ERR_NONE;
    c->sink_error = e;
    c->at = 0;
    c->is_packed = false;
    curl_set_request(c, q, headers);
    CURLcode code = curl_run(c);
    enum err result = ERR_NONE;
    if (code == CURLE_OK)
        curl_read_info(c);
    else
        result = curl_fail(c, code, e);
    if (!result && c->is_packed && a->body.len > 0)
        result = curl_unpack(c, e);
    curl_multi_remove_handle(c->multi, c->easy);
    curl_easy_setopt(c->easy, CURLOPT_HTTPHEADER, NULL);
    curl_slist_free_all(headers);
    c->answer = NULL;
    c->sink = NULL;
    return result;
}

/* The hub's time by a request that says nothing. Whether it was the hub's is seen when the certificate holds by it. */
static bool curl_ask_time(struct transport_curl *c, int64_t *now)
{
    struct transport_answer a;
    transport_answer_init(&a);
    c->any_time = true;
    bool good = curl_try(c, &(struct transport_request){.path = "/health", .max = CURL_TIME_MAX}, &a, NULL) == ERR_NONE;
    c->any_time = false;
    *now = a.date;
    transport_answer_done(&a);
    return good && *now >= c->earliest && *now < CLOCK_BUILD_MS / 1000 + CURL_20_YEARS;
}

static enum err curl_send(struct transport *t, const struct transport_request *q, struct transport_answer *a,
                          struct error *e)
{
    struct transport_curl *c = (struct transport_curl *)t;
    int64_t now;
    enum err code = curl_try(c, q, a, e);
    if (code != ERR_DENIED || a->fault != FAULT_CLOCK || !c->clock || !curl_ask_time(c, &now))
        return code;
    struct clock before = *c->clock;
    clock_learn(c->clock, now * 1000);
    code = curl_try(c, q, a, e);
    if (code == ERR_DENIED && a->fault == FAULT_CLOCK)
        *c->clock = before;
    else
        log_line(LOG_WARN, "clock-asked", "off_s=%" PRId64, now - clock_wall_ms(&before) / 1000);
    return code;
}

void transport_curl_patience(struct transport *t, int64_t seconds)
{
    ((struct transport_curl *)t)->patience_s = (long)seconds;
}

void transport_curl_clock(struct transport *t, struct clock *clock, int64_t earliest)
{
    struct transport_curl *c = (struct transport_curl *)t;
    if (!curl_is_openssl())
        return;
    c->clock = clock;
    c->earliest = earliest > CLOCK_BUILD_MS / 1000 ? earliest : CLOCK_BUILD_MS / 1000;
}

static void curl_free_all(struct transport *t)
{
    struct transport_curl *c = (struct transport_curl *)t;
    curl_easy_cleanup(c->easy);
    curl_multi_cleanup(c->multi);
    curl_global_cleanup();
    free(c->hub);
    free(c->ca);
    free(c->proxy);
    free(c);
}

enum err transport_curl_new(struct transport **out, const char *hub, const char *ca, const char *proxy,
                            const struct transport_watch *watch, struct error *e)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return error_set(e, ERR_MEMORY, "libcurl does not start");
    struct transport_curl *c = mem_new(1, sizeof *c);
    c->base = (struct transport){.send = curl_send, .free = curl_free_all};
    c->watch = watch;
    c->patience_s = CURL_PATIENCE_S;
    c->hub = mem_dup_str(hub);
    c->ca = ca && *ca ? mem_dup_str(ca) : NULL;
    c->proxy = mem_dup_str(proxy && !transport_url_is_loopback(hub) ? proxy : "");
    c->easy = curl_easy_init();
    c->multi = curl_multi_init();
    if (!c->easy || !c->multi)
        die("out of memory");
    *out = &c->base;
    return ERR_NONE;
}
