/* The line between a kiosk and the hub: it loses, doubles, delays and reorders messages, cuts answers, and gives old
 * answers to new questions. */
#include <stdio.h>
#include <string.h>

#include "sync/hub/serve/roll.h"
#include "tests/sim/sim.h"

static const char *line_query(const struct api_request *q, const char *name)
{
    const char *query = q->carrier;
    size_t n = strlen(name);
    return query && strncmp(query, name, n) == 0 && query[n] == '=' ? query + n + 1 : NULL;
}

/* The hub's work on one message. out: status 0 when nobody answered. */
static void line_ask_hub(struct sim *s, const char *path_query, const char *signature, const char *etag,
                         const struct wire_line *body, struct sim_answer *out)
{
    char path[WIRE_PATH];
    struct api_reply reply;
    snprintf(path, sizeof path, "%s", path_query);
    char *query = strchr(path, '?');
    if (query)
        *query++ = '\0';
    struct api_request q = {.method = body->s ? "POST" : "GET",
                            .path = path,
                            .signature = signature,
                            .if_none_match = etag,
                            .query = line_query,
                            .carrier = query,
                            .body = *body};
    buf_init(&out->body, WIRE_REPLY_MAX);
    api_answer(&s->hub.api, &q, &reply);
    out->status = reply.status;
    snprintf(out->path, sizeof out->path, "%s", path_query);
    snprintf(out->etag, sizeof out->etag, "%s", reply.etag);
    snprintf(out->signature, sizeof out->signature, "%s", reply.signature);
    buf_add(&out->body, reply.body->bytes, reply.body->n);
    blob_drop(reply.body);
    roll_full(&s->hub.api);
}

static void line_remember(struct sim_line *l, const struct sim_answer *a)
{
    struct sim_answer *old = &l->old[l->next_old++ % SIM_OLD];
    buf_done(&old->body);
    *old = *a;
    buf_init(&old->body, WIRE_REPLY_MAX);
    buf_add(&old->body, a->body.data, a->body.len);
}

static void line_stash(struct sim *s, int kiosk, const struct transport_request *q)
{
    struct sim_flying *f = &s->flying[chance_below(s, SIM_FLYING)];
    buf_done(&f->body);
    f->kiosk = kiosk;
    snprintf(f->path, sizeof f->path, "%s", q->path);
    snprintf(f->signature, sizeof f->signature, "%s", q->signature ? q->signature : "");
    buf_init(&f->body, WIRE_BATCH_MAX + WIRE_SMALL_MAX);
    buf_add(&f->body, q->body, q->body_len);
}

void line_land(struct sim *s)
{
    for (int tries = 0; tries < SIM_FLYING && s->hub.up; tries++) {
        struct sim_flying *f = &s->flying[chance_below(s, SIM_FLYING)];
        struct sim_answer a;
        if (f->body.len == 0)
            continue;
        struct wire_line body = {f->body.data, f->body.len};
        line_ask_hub(s, f->path, f->signature, NULL, &body, &a);
        line_remember(&s->kiosks[f->kiosk].line, &a);
        buf_done(&a.body);
        if (chance(s, 700))
            buf_done(&f->body);
        return;
    }
}

void line_drop(struct sim *s, int kiosk)
{
    for (int i = 0; i < SIM_FLYING; i++)
        if (kiosk < 0 || s->flying[i].kiosk == kiosk)
            buf_done(&s->flying[i].body);
}

static void line_give(struct transport_answer *out, const struct sim_answer *a, size_t n)
{
    out->status = a->status;
    buf_add(&out->body, a->body.data, n < a->body.len ? n : a->body.len);
    snprintf(out->etag, sizeof out->etag, "%s", a->etag);
    snprintf(out->signature, sizeof out->signature, "%s", a->signature);
    out->retry_after_s = -1;
}

static enum err line_fail(struct transport_answer *a, struct error *e)
{
    a->fault = FAULT_NET;
    return error_set(e, ERR_NET, "no answer");
}

/* An answer of the past to the same kind of question. */
static const struct sim_answer *line_old(struct sim *s, const struct sim_line *l, const char *path)
{
    const struct sim_answer *old = &l->old[chance_below(s, SIM_OLD)];
    return old->body.len > 0 && strcmp(old->path, path) == 0 ? old : NULL;
}

static enum err line_send(struct transport *t, const struct transport_request *q, struct transport_answer *a,
                          struct error *e)
{
    struct sim_line *l = (struct sim_line *)(void *)t;
    struct sim *s = l->sim;
    struct sim_kiosk *k = &s->kiosks[l->kiosk];
    struct sim_answer answer;
    const struct sim_odds odds = s->calm ? (struct sim_odds){0} : s->odds;
    transport_answer_clear(a, q->max);
    if (q->body && chance(s, odds.meanwhile))
        act_person(s, k); /* the screens go on while the exchange waits */
    if (q->body && (chance(s, odds.late) || chance(s, odds.twice)))
        line_stash(s, l->kiosk, q);
    if (!s->hub.up || l->cut || chance(s, odds.lost) || disk_is_dead(k->disk))
        return line_fail(a, e);
    struct wire_line body = {q->body, q->body_len};
    line_ask_hub(s, q->path, q->signature, q->etag, &body, &answer);
    line_remember(l, &answer);
    const struct sim_answer *old = chance(s, odds.reply_old) ? line_old(s, l, q->path) : NULL;
    enum err code = ERR_NONE;
    if (chance(s, odds.reply_lost))
        code = line_fail(a, e);
    else if (old)
        line_give(a, old, SIZE_MAX);
    else
        line_give(a, &answer, chance(s, odds.reply_cut) ? chance_below(s, (uint32_t)answer.body.len) : SIZE_MAX);
    buf_done(&answer.body);
    if (q->body && chance(s, odds.meanwhile))
        act_person(s, k);
    return code;
}

static void line_free(struct transport *t) { (void)t; }

void line_init(struct sim *s, struct sim_kiosk *k)
{
    k->line = (struct sim_line){.base = {.send = line_send, .free = line_free}, .sim = s, .kiosk = k->number};
}

void line_forget(struct sim_kiosk *k)
{
    for (int i = 0; i < SIM_OLD; i++)
        buf_done(&k->line.old[i].body);
    k->line.cut = false;
}
