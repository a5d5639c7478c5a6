/* Answers from files. */
#include "sync/transport_stick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct transport_stick {
    struct transport base;
    struct stick *stick;
    const struct stick_manifest *hub;
};

/* The signature lies beside what it signs; a page has none, its name is its hash. */
static enum err stick_take_signature(struct transport_stick *t, const char *name, struct transport_answer *a,
                                     struct error *e)
{
    char sig[STICK_NAME + 4];
    struct buf text;
    snprintf(sig, sizeof sig, "%s.sig", name);
    if (!stick_manifest_find(t->hub, sig))
        return ERR_NONE;
    buf_init(&text, sizeof a->signature - 1);
    enum err code = stick_part_read(t->stick, t->hub, sig, &text, e);
    if (!code)
        snprintf(a->signature, sizeof a->signature, "%.*s", (int)strcspn(text.data, "\r\n"), text.data);
    buf_done(&text);
    return code;
}

/* Into the asker's sink, whose own fault is told apart from the stick's. */
struct stick_relay {
    const struct transport_sink *sink;
    struct transport_answer *answer;
    enum err code;
};

static enum err stick_relay_take(void *context, int64_t at, const void *bytes, size_t n, struct error *e)
{
    struct stick_relay *r = context;
    r->code = r->sink->take(r->sink->context, at, bytes, n, e);
    r->answer->taken += r->code ? 0 : (int64_t)n;
    return r->code;
}

static enum err stick_send_large(struct transport_stick *t, const char *name, const struct transport_request *q,
                                 struct transport_answer *a, struct error *e)
{
    struct stick_relay relay = {.sink = q->sink, .answer = a};
    const struct stick_file *f = stick_manifest_find(t->hub, name);
    if (q->from > f->bytes) {
        a->status = 416;
        return ERR_NONE;
    }
    enum err code = stick_part_pour(t->stick, t->hub, name, q->from, &(struct stick_sink){stick_relay_take, &relay}, e);
    a->status = code ? 0 : q->from > 0 ? 206 : 200;
    a->fault = !code ? FAULT_NONE : relay.code ? fault_of_store(code) : FAULT_SIGN;
    return code;
}

static enum err stick_send(struct transport *base, const struct transport_request *q, struct transport_answer *a,
                           struct error *e)
{
    struct transport_stick *t = (struct transport_stick *)base;
    char name[STICK_NAME];
    transport_answer_clear(a, q->max);
    if (q->body)
        return error_set(e, ERR_STATE, "%s: a stick answers no posts", t->stick->name);
    if (!stick_name_of_url(name, q->path) || !stick_manifest_find(t->hub, name)) {
        a->status = 404;
        return ERR_NONE;
    }
    if (q->sink)
        return stick_send_large(t, name, q, a, e);
    enum err code = stick_part_read(t->stick, t->hub, name, &a->body, e);
    if (!code)
        code = stick_take_signature(t, name, a, e);
    if (code == ERR_CORRUPT || code == ERR_TOO_BIG || code == ERR_INVALID)
        a->fault = FAULT_SIGN;
    else if (code)
        a->fault = FAULT_NET;
    a->status = code ? 0 : 200;
    return code;
}

static void stick_free(struct transport *t) { free(t); }

void transport_stick_new(struct transport **out, struct stick *s, const struct stick_manifest *hub)
{
    struct transport_stick *t = mem_new(1, sizeof *t);
    *t = (struct transport_stick){.base = {.send = stick_send, .free = stick_free}, .stick = s, .hub = hub};
    *out = &t->base;
}
