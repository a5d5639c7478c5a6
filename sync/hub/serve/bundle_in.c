/* Kiosks' batches off a stick. */
#include "sync/hub/serve/bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sync/hub/serve/roll.h"
#include "sync/stick_part.h"

struct bundle_reader {
    struct api api; /* for the events whose seats ran out */
    struct stick stick;
    struct bundle_in *out;
    struct buf *words;
};

/* One kiosk's files and what is answered to them. */
struct bundle_kiosk {
    const char *kid;
    char name[128], up[48], down[48];
    int64_t inc, log_n; /* known of it */
    struct stick_manifest files;
    char base[STICK_NAME]; /* of the batch that the receipt is to, "" while there is none */
    struct buf reply;
    char sig[WIRE_SIG + 1];
    int64_t taken; /* operations that were new */
    struct error fault;
};

static enum err bundle_load_kiosk(struct sql *db, struct bundle_kiosk *q, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "SELECT name, inc, log_n FROM kiosk WHERE kid = :kid");
    bool row = false;
    sql_bind_text(st, ":kid", q->kid);
    enum err err = sql_step(st, &row, e);
    if (!err && !row)
        return error_set(e, ERR_NOT_FOUND, "this hub has no such kiosk: is it another hub's stick?");
    if (err)
        return err;
    snprintf(q->name, sizeof q->name, "%s", sql_text(st, 0));
    q->inc = sql_int(st, 1);
    q->log_n = sql_int(st, 2);
    sql_reset(st);
    return ERR_NONE;
}

/* ---- batches */

/* All of this batch is known: it stands before others which were taken from this stick, or over the line, earlier. */
static bool bundle_is_known(const struct bundle_kiosk *q, const struct buf *batch)
{
    struct wire_envelope *v = mem_new(1, sizeof *v);
    struct wire_line line;
    size_t pos = 0;
    int64_t count = 0;
    bool good = wire_next_line(batch->data, batch->len, &pos, &line) &&
                wire_envelope_parse(v, line.s, line.n, NULL) == ERR_NONE;
    while (good && wire_next_line(batch->data, batch->len, &pos, &line))
        count++;
    good = good && v->inc == q->inc && v->first + count - 1 <= q->log_n;
    free(v);
    return good;
}

static void bundle_keep_full(struct api *a, const struct intake_answer *answer)
{
    for (int i = 0; i < answer->full_count && a->full_count < INTAKE_FULL; i++)
        memcpy(a->full[a->full_count++], answer->full[i], sizeof a->full[0]);
}

static enum err bundle_run(struct bundle_reader *r, struct bundle_kiosk *q, const char *base, const struct buf *batch,
                           const char *sig, struct error *e)
{
    struct intake_answer answer;
    struct wire_line body = {batch->data, batch->len};
    int64_t inc = q->inc, log_n = q->log_n;
    intake_run(r->api.hub, r->api.keys, q->kid, sig, &body, &answer);
    bundle_keep_full(&r->api, &answer);
    roll_full(&r->api);
    /* Signed answers are receipts; the others are words for the operator. */
    if (answer.sig[0]) {
        buf_clear(&q->reply);
        buf_add(&q->reply, answer.body.data, answer.body.len);
        snprintf(q->base, sizeof q->base, "%s", base);
        memcpy(q->sig, answer.sig, sizeof q->sig);
    }
    enum err err = bundle_load_kiosk(r->api.hub->db, q, e);
    q->taken += q->inc == inc ? q->log_n - log_n : q->log_n;
    if (!err && answer.status == 409)
        err = error_set(e, ERR_CONFLICT, "its log is not the one known here: it is told to begin a new one");
    else if (!err && answer.status == 403)
        err = error_set(e, ERR_DENIED, "it was revoked: what it sent is kept for a person");
    else if (!err && answer.status == 400)
        err = error_set(e, ERR_INVALID, "%s.batch: not as a batch has to be: it is told so", base);
    else if (!err && answer.status != 200)
        err = error_set(e, ERR_INVALID, "%s.batch: not taken: %.*s", base, (int)strcspn(answer.body.data, "\n"),
                        answer.body.data);
    buf_done(&answer.body);
    return err;
}

static enum err bundle_read_batch(struct bundle_reader *r, struct bundle_kiosk *q, const char *base, bool last,
                                  struct error *e)
{
    char name[STICK_NAME];
    struct buf batch, sig;
    buf_init(&batch, WIRE_BATCH_MAX);
    buf_init(&sig, WIRE_SIG + 8);
    snprintf(name, sizeof name, "%.100s.batch", base);
    enum err err = stick_part_read(&r->stick, &q->files, name, &batch, e);
    snprintf(name, sizeof name, "%.100s.sig", base);
    if (!err)
        err = stick_part_read(&r->stick, &q->files, name, &sig, e);
    if (!err && (last || !bundle_is_known(q, &batch))) {
        sig.data[strcspn(sig.data, "\r\n")] = '\0';
        err = bundle_run(r, q, base, &batch, sig.data, e);
    }
    buf_done(&sig);
    buf_done(&batch);
    return err;
}

/* The length of NAME without ".batch", 0 for another file. */
static size_t bundle_base(const char *name)
{
    static const char end[] = ".batch";
    size_t n = strlen(name), m = sizeof end - 1;
    return n > m && n < 100 && strcmp(name + n - m, end) == 0 ? n - m : 0;
}

/* In the order of their names, which is that of their numbers. What follows a fault would leave a gap: it waits. */
static enum err bundle_read_batches(struct bundle_reader *r, struct bundle_kiosk *q, struct error *e)
{
    size_t last = q->files.count;
    enum err err = ERR_NONE;
    for (size_t i = 0; i < q->files.count; i++)
        if (bundle_base(q->files.files[i].name))
            last = i;
    for (size_t i = 0; i < q->files.count && !err; i++) {
        char base[STICK_NAME];
        size_t n = bundle_base(q->files.files[i].name);
        if (!n)
            continue;
        snprintf(base, sizeof base, "%.*s", (int)n, q->files.files[i].name);
        err = bundle_read_batch(r, q, base, i == last, e);
    }
    return err;
}

/* ---- receipts */

static enum err bundle_write_receipt(struct bundle_reader *r, struct bundle_kiosk *q, struct error *e)
{
    char name[STICK_NAME], from[48], to[48], host[128];
    struct stick_manifest m, before = {0};
    struct buf sig;
    hub_meta_str(r->api.hub->db, "host", "", host, sizeof host);
    snprintf(from, sizeof from, "hub %.40s", host);
    snprintf(to, sizeof to, "kiosk %s", q->kid);
    stick_manifest_init(&m, q->down, from, to, hub_now(r->api.hub));
    if (stick_part_load(&r->stick, q->down, &before, NULL) != ERR_NONE)
        before.count = 0;
    buf_init(&sig, WIRE_SIG + 1);
    buf_addf(&sig, "%s\n", q->sig);
    snprintf(name, sizeof name, "%.100s.reply", q->base);
    enum err err = stick_part_write(&r->stick, &m, name, &q->reply, "the hub's receipt and decisions", e);
    snprintf(name, sizeof name, "%.100s.sig", q->base);
    if (!err)
        err = stick_part_write(&r->stick, &m, name, &sig, "the hub's signature", e);
    if (!err)
        err = stick_part_finish(&r->stick, &m, &before, e);
    buf_done(&sig);
    stick_manifest_done(&before);
    stick_manifest_done(&m);
    return err;
}

/* ---- kiosks */

static void bundle_tell(struct bundle_reader *r, struct bundle_kiosk *q, enum err fault, enum err receipt,
                        const struct error *why)
{
    buf_addf(r->words, "%s %s: %lld new operations taken", q->kid, q->name, (long long)q->taken);
    if (fault)
        buf_addf(r->words, "; then: %s", q->fault.text);
    if (receipt)
        buf_addf(r->words, "; no receipt: %s. Bring the stick once more when it can be written", why->text);
    else if (q->base[0])
        buf_add_str(r->words, "; receipt written");
    buf_add_char(r->words, '\n');
    r->out->kiosks++;
    r->out->faults += fault || receipt;
    r->out->receipts += q->base[0] && !receipt;
}

static void bundle_read_kiosk(struct bundle_reader *r, const char *kid)
{
    struct error why = {0};
    struct bundle_kiosk *q = mem_new(1, sizeof *q);
    q->kid = kid;
    snprintf(q->up, sizeof q->up, "kiosks/%s/up", kid);
    snprintf(q->down, sizeof q->down, "kiosks/%s/down", kid);
    buf_init(&q->reply, WIRE_REPLY_MAX);
    enum err fault = stick_part_load(&r->stick, q->up, &q->files, &q->fault), receipt = ERR_NONE;
    bool nothing = fault == ERR_NOT_FOUND;
    if (!fault)
        fault = bundle_load_kiosk(r->api.hub->db, q, &q->fault);
    if (!fault)
        fault = bundle_read_batches(r, q, &q->fault);
    if (q->base[0])
        receipt = bundle_write_receipt(r, q, &why);
    if (!nothing)
        bundle_tell(r, q, fault, receipt, &why);
    stick_manifest_done(&q->files);
    buf_done(&q->reply);
    free(q);
}

static bool bundle_is_kid(const char *name)
{
    return strlen(name) == CRYPTO_KID && strspn(name, "abcdefghijklmnopqrstuvwxyz234567") == CRYPTO_KID;
}

enum err bundle_in_run(struct hub *h, const struct keys *k, const char *dir, struct bundle_in *out, struct buf *words,
                       struct error *e)
{
    struct bundle_reader *r = mem_new(1, sizeof *r);
    char(*names)[32] = mem_new(STICK_NAMES, sizeof *names);
    int count = 0;
    *out = (struct bundle_in){0};
    r->out = out;
    r->words = words;
    api_init(&r->api, h, k);
    enum err err = stick_open(&r->stick, dir, false, e);
    if (!err)
        err = stick_list(&r->stick, "kiosks", names, &count, e);
    for (int i = 0; i < count && !err; i++)
        if (bundle_is_kid(names[i]))
            bundle_read_kiosk(r, names[i]);
    stick_close(&r->stick);
    api_done(&r->api);
    free(names);
    free(r);
    return err;
}
