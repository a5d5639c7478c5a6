/* Codes and their use. A code stays until it expires so that a kiosk whose answer was lost may ask again. */
#include "sync/hub/serve/admission.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/base/text.h"
#include "sync/hub/seats/demand.h"

static enum err admission_insert(struct hub *h, const char *name, const char *code, struct error *e)
{
    char code4[WIRE_CODE4 + 1] = "";
    memcpy(code4, code, WIRE_CODE4);
    struct sql_stmt *st = sql_get(h->db, "INSERT INTO enrolment (code4, code, name, scope, expires_at) "
                                         "VALUES (:code4, :code, :name, 'all', :expires_at)");
    sql_bind_text(st, ":code4", code4);
    sql_bind_text(st, ":code", code);
    sql_bind_text(st, ":name", name);
    sql_bind_int(st, ":expires_at", hub_now(h) + ADMISSION_SECONDS);
    return sql_run(st, e);
}

static enum err admission_forget_old(struct hub *h, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "DELETE FROM enrolment WHERE expires_at <= :now");
    sql_bind_int(st, ":now", hub_now(h));
    return sql_run(st, e);
}

enum err admission_make(struct hub *h, const char *name, char code[ENROL_LEN + 1], struct error *e)
{
    char clean[WIRE_NAME + 1];
    if (text_sanitize(clean, sizeof clean, name, strlen(name), TEXT_LINE) == 0)
        return error_set(e, ERR_INVALID, "the kiosk needs a name");
    enum err err = admission_forget_old(h, e);
    if (err)
        return err;
    err = ERR_EXISTS; /* 130,321 first fours: a few tries find a free one */
    for (int i = 0; i < 20 && err == ERR_EXISTS; i++) {
        enrol_code_make(code);
        err = admission_insert(h, clean, code, e);
    }
    return err;
}

enum err admission_place(struct hub *h, const char *code, const char *place, const char *city, struct error *e)
{
    char folded[DEMAND_SITE];
    struct sql_stmt *st = sql_get(h->db, "UPDATE enrolment SET place = :place, city = :city WHERE code = :code");
    text_fold(folded, sizeof folded, place);
    sql_bind_text(st, ":place", folded);
    text_fold(folded, sizeof folded, city);
    sql_bind_text(st, ":city", folded);
    sql_bind_text(st, ":code", code);
    return sql_run(st, e);
}

/* ---- use */

static enum err admission_settle(struct hub *h, const char *code4, const char *kid, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "UPDATE kiosk SET place = (SELECT place FROM enrolment WHERE code4 = :code4), "
                                         "city = (SELECT city FROM enrolment WHERE code4 = :code4) WHERE kid = :kid");
    sql_bind_text(st, ":code4", code4);
    sql_bind_text(st, ":kid", kid);
    return sql_run(st, e);
}

struct admission {
    bool known;
    char code[ENROL_LEN + 1], name[WIRE_NAME + 1], scope[17], kid[CRYPTO_KID + 1];
};

static enum err admission_get(struct hub *h, const char *code4, struct admission *out, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT code, name, scope, coalesce(kid, '') FROM enrolment "
                                         "WHERE code4 = :code4 AND expires_at > :now AND faults < :most "
                                         "/*pg FOR UPDATE */");
    bool row = false;
    *out = (struct admission){0};
    sql_bind_text(st, ":code4", code4);
    sql_bind_int(st, ":now", hub_now(h));
    sql_bind_int(st, ":most", ADMISSION_FAULTS);
    enum err err = sql_step(st, &row, e);
    if (err || !row)
        return err;
    out->known = true;
    snprintf(out->code, sizeof out->code, "%s", sql_text(st, 0));
    snprintf(out->name, sizeof out->name, "%s", sql_text(st, 1));
    snprintf(out->scope, sizeof out->scope, "%s", sql_text(st, 2));
    snprintf(out->kid, sizeof out->kid, "%s", sql_text(st, 3));
    sql_reset(st);
    return ERR_NONE;
}

static enum err admission_fault(struct hub *h, const char *code4, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "UPDATE enrolment SET faults = faults + 1 WHERE code4 = :code4");
    sql_bind_text(st, ":code4", code4);
    return sql_run(st, e);
}

static enum err admission_use(struct hub *h, const struct wire_enrol *m, const struct admission *a, const char *kid,
                              struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "UPDATE enrolment SET kid = :kid WHERE code4 = :code4");
    struct buf pk;
    sql_bind_text(st, ":kid", kid);
    sql_bind_text(st, ":code4", m->code4);
    enum err err = sql_run(st, e);
    if (err)
        return err;
    buf_init(&pk, 64);
    crypto_b64(&pk, m->pk, sizeof m->pk);
    /* A kiosk that enrols again with the same key keeps its log; a revoked one stays revoked. */
    st = sql_get(h->db, "INSERT INTO kiosk (kid, pk, name, scope, state, inc, log_n, log_h, dn, inbox, seen_at, "
                        "seen_seq, made_at, epoch) "
                        "VALUES (:kid, :pk, :name, :scope, 'active', 1, 0, :zero, 0, 0, 0, 0, :now, :epoch) "
                        "ON CONFLICT (kid) DO UPDATE SET name = excluded.name");
    sql_bind_text(st, ":kid", kid);
    sql_bind_text(st, ":pk", pk.data);
    sql_bind_text(st, ":name", a->name);
    sql_bind_text(st, ":scope", a->scope);
    sql_bind_text(st, ":zero", wire_zero_hash);
    sql_bind_int(st, ":now", hub_now(h));
    sql_bind_int(st, ":epoch", hub_meta_int(h->db, "epoch", 1));
    err = sql_run(st, e);
    buf_done(&pk);
    return err ? err : admission_settle(h, m->code4, kid, e);
}

static enum err admission_inc(struct hub *h, const char *kid, int64_t *inc, struct error *e)
{
    struct sql_stmt *st = sql_get(h->db, "SELECT inc FROM kiosk WHERE kid = :kid AND state = 'active'");
    bool row = false;
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_step(st, &row, e);
    *inc = !err && row ? sql_int(st, 0) : 0;
    sql_reset(st);
    return err;
}

static enum err admission_welcome(struct hub *h, const struct keys *k, const struct wire_enrol *m,
                                  const struct admission *a, struct wire_enrolled *r, struct error *e)
{
    *r = (struct wire_enrolled){.keys = k->doc.n, .epoch = hub_meta_int(h->db, "epoch", 1)};
    crypto_kid(r->kid, m->pk);
    enum err err = a->kid[0] ? ERR_NONE : admission_use(h, m, a, r->kid, e);
    if (!err)
        err = admission_inc(h, r->kid, &r->inc, e);
    memcpy(r->name, a->name, sizeof r->name);
    memcpy(r->scope, a->scope, sizeof r->scope);
    memcpy(r->nonce, m->nonce, sizeof r->nonce);
    memcpy(r->root, k->doc.root, sizeof r->root);
    hub_meta_str(h->db, "host", "", r->host, sizeof r->host);
    wire_enrolled_sign(r, a->code);
    return err;
}

static enum err admission_decide(struct hub *h, const struct keys *k, const struct wire_enrol *m, int *status,
                                 struct wire_enrolled *r, struct error *e)
{
    struct admission a;
    char kid[CRYPTO_KID + 1];
    enum err err = admission_get(h, m->code4, &a, e);
    if (err)
        return err;
    if (!a.known) {
        *status = 404;
        return ERR_NONE;
    }
    if (!wire_enrol_verify(m, a.code)) {
        *status = 403;
        return admission_fault(h, m->code4, e);
    }
    crypto_kid(kid, m->pk);
    if (a.kid[0] && strcmp(a.kid, kid) != 0) {
        *status = 409;
        return ERR_NONE;
    }
    err = admission_welcome(h, k, m, &a, r, e);
    *status = r->inc ? 200 : 403;
    log_line(LOG_INFO, "kiosk_enrolled", "kid=%s status=%d", kid, *status);
    return err;
}

int admission_answer(struct hub *h, const struct keys *k, const struct wire_line *body, struct buf *out)
{
    struct wire_enrol m;
    struct wire_enrolled r;
    struct error e = {0};
    int status = 400;
    if (wire_enrol_parse(&m, body->s, body->n, &e))
        return 400;
    enum err err = sql_begin(h->db, &e);
    if (!err)
        err = admission_decide(h, k, &m, &status, &r, &e);
    if (!err)
        err = sql_commit(h->db, &e);
    if (err) {
        char text[400];
        sql_rollback(h->db);
        log_line(LOG_ERROR, "enrolment_failed", "why=%s", log_quote(text, sizeof text, e.text));
        return 503;
    }
    if (status == 200)
        wire_enrolled_write(&r, out);
    return status;
}
