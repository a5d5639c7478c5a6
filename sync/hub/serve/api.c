/* Routes: a path is cut at its slashes and compared with a table. */
#include "sync/hub/serve/api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/log.h"
#include "sync/hub/serve/admission.h"
#include "sync/hub/serve/page_ticket.h"
#include "sync/hub/serve/range.h"
#include "sync/hub/serve/snapshot.h"

enum { API_PARTS = 7, API_PATH = 256 };

static const char api_json[] = "application/json";
static const char api_text[] = "text/plain; charset=utf-8";
static const char api_zstd[] = "application/zstd";
static const char api_never[] = "no-store";
static const char api_ask[] = "no-cache";
static const char api_for_ever[] = "public, max-age=31536000, immutable";

struct api_path {
    char text[API_PATH];
    const char *parts[API_PARTS];
    int count;
};

struct api_call {
    struct api *a;
    const struct api_request *q;
    const struct api_path *p;
};

void api_say(struct api_reply *out, int status, const char *text)
{
    struct buf b;
    buf_init(&b, 1024);
    buf_addf(&b, "%s\n", text);
    out->status = status;
    out->type = api_text;
    out->cache = api_never;
    blob_drop(out->body);
    out->body = blob_take(&b);
    buf_done(&b);
}

static void api_fail(struct api_reply *out, enum err err, const struct error *e)
{
    char text[400];
    if (err == ERR_NOT_FOUND) {
        api_say(out, 404, "not found");
        return;
    }
    if (err == ERR_GONE) {
        api_say(out, 410, "no longer kept");
        return;
    }
    log_line(LOG_ERROR, "request_failed", "why=%s", log_quote(text, sizeof text, e->text));
    api_say(out, 503, "try again later");
    out->retry_after = 10;
}

static void api_take(struct api_reply *out, const char *type, const char *cache, struct buf *b)
{
    out->status = 200;
    out->type = type;
    out->cache = cache;
    out->body = blob_take(b);
}

/* A number as it is written in a path: no sign, no leading zeros. -1 for anything else. */
static int64_t api_number(const char *s)
{
    size_t n = s ? strspn(s, "0123456789") : 0;
    if (!n || s[n] || n > 15 || (n > 1 && s[0] == '0'))
        return -1;
    return strtoll(s, NULL, 10);
}

/* ---- handlers */

static void api_health(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    struct buf b;
    enum err err = view_head(&c->a->view, &e);
    if (err) {
        api_fail(out, err, &e);
        return;
    }
    buf_init(&b, 256);
    buf_addf(&b, "{\"status\":\"ok\",\"epoch\":%lld,\"seq\":%lld,\"version\":\"%s\"}\n",
             (long long)c->a->view.head.epoch, (long long)c->a->view.head.seq, SOSEDI_VERSION);
    api_take(out, api_json, api_never, &b);
    buf_done(&b);
}

static void api_keys(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    struct buf b;
    int64_t n = api_number(c->p->parts[2]);
    buf_init(&b, WIRE_SMALL_MAX);
    enum err err = n < 1 ? ERR_NOT_FOUND : keys_document(c->a->hub->dir, n, &b, out->signature, &e);
    if (err)
        api_fail(out, err, &e);
    else
        api_take(out, api_json, api_for_ever, &b);
    buf_done(&b);
}

static bool api_is_too_old(const struct api_call *c)
{
    static const char name[] = "kiosk-sync/";
    const char *agent = c->q->user_agent;
    if (!agent || strncmp(agent, name, sizeof name - 1) != 0)
        return false;
    return wire_version_compare(agent + sizeof name - 1, c->a->view.head.min_client) < 0;
}

static void api_head(const struct api_call *c, struct api_reply *out)
{
    struct view *v = &c->a->view;
    struct error e = {0};
    enum err err = view_head(v, &e);
    if (err) {
        api_fail(out, err, &e);
        return;
    }
    if (api_is_too_old(c)) {
        api_say(out, 426, "this program is too old for this hub");
        return;
    }
    memcpy(out->etag, v->etag, sizeof out->etag);
    out->cache = api_ask;
    out->varies = true;
    if (c->q->if_none_match && strcmp(c->q->if_none_match, v->etag) == 0) {
        out->status = 304;
        out->body = blob_copy("", 0);
        return;
    }
    out->status = 200;
    out->type = api_json;
    memcpy(out->signature, v->sig, sizeof out->signature);
    out->packed = c->q->may_pack;
    out->body = blob_hold(out->packed ? v->packed : v->body);
}

/* The part that is wanted of out->size bytes: of the file, or of the body when fd is -1. */
static void api_give_range(const struct api_call *c, int fd, struct api_reply *out)
{
    out->status = range_read(c->q->range, c->q->if_range, out->etag, out->size, &out->first, &out->n);
    if (out->status == 416) {
        if (fd >= 0)
            close(fd);
        api_say(out, 416, "beyond the end");
        return;
    }
    out->fd = fd;
    out->type = api_zstd;
    out->cache = api_for_ever;
    if (!out->body)
        out->body = blob_copy("", 0);
}

static void api_file(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    char hash16[WIRE_HASH16 + 1];
    int64_t n = 0;
    enum wire_file what = strcmp(c->p->parts[4], "page") == 0 ? WIRE_PAGE : WIRE_INDEX;
    enum err err = view_head(&c->a->view, &e);
    if (!err && api_number(c->p->parts[3]) != c->a->view.head.epoch)
        err = ERR_NOT_FOUND;
    if (!err && !wire_file_name_read(c->p->parts[5], &n, hash16))
        err = ERR_NOT_FOUND;
    if (!err)
        err = view_file_get(&c->a->view, what, n, hash16, &out->body, &e);
    if (err) {
        api_fail(out, err, &e);
        return;
    }
    out->size = (int64_t)out->body->n;
    api_give_range(c, -1, out);
}

static void api_snapshot(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    char hash16[WIRE_HASH16 + 1];
    int64_t seq = 0, epoch = api_number(c->p->parts[3]);
    int fd = -1;
    enum err err = view_head(&c->a->view, &e);
    if (!err && (epoch != c->a->view.head.epoch || !wire_file_name_read(c->p->parts[5], &seq, hash16)))
        err = ERR_NOT_FOUND;
    if (!err)
        err = snapshot_open(c->a->hub, epoch, seq, hash16, &fd, &out->size, &e);
    if (err) {
        api_fail(out, err, &e);
        return;
    }
    snprintf(out->etag, sizeof out->etag, "\"%s\"", hash16);
    api_give_range(c, fd, out);
}

static void api_tail(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    int64_t after = api_number(c->q->query(c->q, "after"));
    enum err err = view_head(&c->a->view, &e);
    if (!err && (api_number(c->p->parts[3]) != c->a->view.head.epoch || after < 0))
        err = ERR_NOT_FOUND;
    if (!err)
        err = view_tail(&c->a->view, after, &out->body, out->signature, &e);
    if (err) {
        api_fail(out, err, &e);
        return;
    }
    out->status = 200;
    out->type = api_zstd;
    out->cache = api_never;
}

static void api_enrol(const struct api_call *c, struct api_reply *out)
{
    static const struct {
        int status;
        const char *text;
    } texts[] = {{400, "not an enrolment request"},
                 {403, "refused"},
                 {404, "unknown or expired code"},
                 {409, "the code was used"}};
    struct buf b;
    buf_init(&b, WIRE_SMALL_MAX);
    int status = admission_answer(c->a->hub, c->a->keys, &c->q->body, &b);
    c->a->view.stale = true;
    if (status == 200) {
        api_take(out, api_json, api_never, &b);
    } else {
        api_say(out, status, "try again later");
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
            if (texts[i].status == status)
                api_say(out, status, texts[i].text);
    }
    buf_done(&b);
}

static void api_note_full(struct api *a, const struct intake_answer *answer)
{
    for (int i = 0; i < answer->full_count && a->full_count < INTAKE_FULL; i++)
        memcpy(a->full[a->full_count++], answer->full[i], sizeof a->full[0]);
}

static void api_sync(const struct api_call *c, struct api_reply *out)
{
    struct intake_answer answer;
    if (strlen(c->p->parts[2]) != CRYPTO_KID) {
        api_say(out, 401, "unknown kiosk or signature");
        return;
    }
    intake_run(c->a->hub, c->a->keys, c->p->parts[2], c->q->signature, &c->q->body, &answer);
    c->a->view.stale = true;
    out->status = answer.status;
    out->type = answer.sig[0] ? "application/ck-sync+jsonl" : api_text;
    out->cache = api_never;
    out->retry_after = answer.status == 503 ? 30 : 0;
    memcpy(out->signature, answer.sig, sizeof out->signature);
    out->body = blob_take(&answer.body);
    api_note_full(c->a, &answer);
    buf_done(&answer.body);
}

static void api_rpde(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    struct buf b;
    char host[128], base[160] = "";
    int64_t after = api_number(c->q->query(c->q, "afterChangeNumber")), limit = api_number(c->q->query(c->q, "limit"));
    limit = limit < 1 || limit > VIEW_RPDE_MAX ? VIEW_RPDE_MAX : limit;
    hub_meta_str(c->a->hub->db, "host", "", host, sizeof host);
    if (host[0])
        snprintf(base, sizeof base, "https://%s", host);
    buf_init(&b, WIRE_PAGE_MAX);
    enum err err = strspn(c->p->parts[1], "abcdefghijklmnopqrstuvwxyz") != strlen(c->p->parts[1])
                       ? ERR_NOT_FOUND
                       : view_rpde(&c->a->view, c->p->parts[1], after < 0 ? 0 : after, limit, base, &b, &e);
    if (err)
        api_fail(out, err, &e);
    else
        api_take(out, api_json, "public, max-age=10", &b);
    buf_done(&b);
}

static void api_ticket(const struct api_call *c, struct api_reply *out)
{
    struct error e = {0};
    struct buf b;
    buf_init(&b, 65536);
    enum err err = page_ticket(c->a->hub, c->p->parts[1], c->q->language, &b, &out->status, &e);
    if (err) {
        api_fail(out, err, &e);
    } else {
        out->type = "text/html; charset=utf-8";
        out->cache = api_never;
        out->body = blob_take(&b);
    }
    buf_done(&b);
}

/* ---- routes */

static const struct api_route {
    const char *method;
    const char *parts[API_PARTS]; /* "*": any */
    void (*answer)(const struct api_call *c, struct api_reply *out);
} api_routes[] = {
    {"GET", {"v1", "feed", "all", "head"}, api_head},
    {"GET", {"v1", "feed", "all", "*", "page", "*"}, api_file},
    {"GET", {"v1", "feed", "all", "*", "index", "*"}, api_file},
    {"GET", {"v1", "feed", "all", "*", "tail"}, api_tail},
    {"GET", {"v1", "feed", "all", "*", "snap", "*"}, api_snapshot},
    {"GET", {"v1", "keys", "*"}, api_keys},
    {"POST", {"v1", "kiosks", "*", "sync"}, api_sync},
    {"POST", {"v1", "enrol"}, api_enrol},
    {"GET", {"rpde", "*"}, api_rpde},
    {"GET", {"health"}, api_health},
    {"GET", {"T", "*"}, api_ticket},
    {"GET", {"t", "*"}, api_ticket},
};

static bool api_split(struct api_path *p, const char *path)
{
    p->count = 0;
    if (path[0] != '/' || strlen(path) >= sizeof p->text)
        return false;
    memcpy(p->text, path, strlen(path) + 1);
    for (char *s = p->text; s;) {
        *s++ = '\0';
        if (p->count == API_PARTS - 1)
            return false;
        p->parts[p->count++] = s;
        s = strchr(s, '/');
    }
    return true;
}

static bool api_matches(const struct api_route *r, const struct api_path *p)
{
    for (int i = 0; i < API_PARTS; i++) {
        const char *want = r->parts[i];
        if (!want)
            return i == p->count;
        if (i >= p->count || (strcmp(want, "*") != 0 && strcmp(want, p->parts[i]) != 0))
            return false;
    }
    return false;
}

void api_answer(struct api *a, const struct api_request *q, struct api_reply *out)
{
    struct api_path p;
    bool known = false;
    *out = (struct api_reply){.status = 404, .type = api_text, .cache = api_never, .fd = -1};
    const char *method = strcmp(q->method, "HEAD") == 0 ? "GET" : q->method;
    struct api_call call = {a, q, &p};
    bool good = api_split(&p, q->path);
    for (size_t i = 0; good && i < sizeof api_routes / sizeof api_routes[0]; i++) {
        if (!api_matches(&api_routes[i], &p))
            continue;
        known = true;
        if (strcmp(api_routes[i].method, method) == 0) {
            api_routes[i].answer(&call, out);
            return;
        }
    }
    api_say(out, known ? 405 : 404, known ? "not this method" : "not found");
}

void api_init(struct api *a, struct hub *h, const struct keys *k)
{
    *a = (struct api){.hub = h, .keys = k};
    view_init(&a->view, h, k);
}

void api_done(struct api *a) { view_done(&a->view); }
