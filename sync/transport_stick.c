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
