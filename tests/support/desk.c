#include "tests/support/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/replica_write.h"
#include "kiosk/ticket/crypto.h"
#include "tests/support/feed.h"
#include "tests/support/picture.h"

#define DESK_DAY "2026-05-12T%02d:00:00+03:00"

enum desk_change { DESK_AS_IT_IS, DESK_MOVED, DESK_CANCELLED, DESK_REMOVED };

static void desk_check(enum err code, const struct error *e)
{
    if (code)
        die("desk: %s", e->text);
}

static void desk_write(const char *path, const void *bytes, size_t n)
{
    struct error e;
    desk_check(file_write(path, bytes, n, 0600, &e), &e);
}

/* ---- content */

static const char desk_questions[] =
    "{\"id\":\"f1\",\"version\":1,\"fields\":["
    "{\"id\":\"level\",\"type\":\"choice\",\"label\":\"Как вы играете?\",\"required\":true,\"options\":[\"Впервые\",\"Немного\",\"Хорошо\"]},"
    "{\"id\":\"age\",\"type\":\"number\",\"label\":\"Сколько вам лет?\",\"required\":false},"
    "{\"id\":\"own\",\"type\":\"yesno\",\"label\":\"Принесёте свою доску?\",\"required\":true},"
    "{\"id\":\"note\",\"type\":\"text\",\"label\":\"Что ещё нам нужно знать?\",\"required\":false}]}";

static void desk_many_questions(struct buf *out)
{
    buf_add_str(out, "{\"id\":\"f2\",\"version\":1,\"fields\":[");
    for (int i = 1; i <= CONTENT_QUESTIONS; i++)
        buf_addf(out,
                 "%s{\"id\":\"q%d\",\"type\":\"%s\",\"label\":\"Вопрос %d: расскажите, пожалуйста, подробно, что вы думаете о порядке "
                 "проведения наших встреч и о том, как сделать их удобнее для всех соседей?\",\"required\":false,\"options\":"
                 "[\"Да\",\"Нет\",\"Это зависит от того, когда они начинаются, сколько длятся и далеко ли до них идти пешком от моего дома\"]}",
                 i > 1 ? "," : "", i, i % 3 == 0 ? "choice" : "text", i);
    buf_add_str(out, "]}");
}

static void desk_put_event(struct replica_writer *w, enum desk_event i, int64_t seq, enum desk_change change)
{
    static const struct {
        const char *name;
        int capacity; /* 0: none said */
    } events[] = {[DESK_PLAIN] = {"Чаепитие у самовара", 0},
                  [DESK_ASKS] = {"Шахматный вечер", 12},
                  [DESK_FULL] = {"Мастерская: валенки своими руками", 4},
                  [DESK_LONG] = {"Встреча жителей Садовой, Береговой и Заречной улиц с архитекторами нового сквера, садовниками, "
                                 "дворниками и всеми, кому небезразлично", 0}};
    char id[37], hex[8], times[200];
    struct buf d;
    buf_init(&d, 32768);
    snprintf(hex, sizeof hex, "e%d", i);
    int hour = 14 + (int)i + (change == DESK_MOVED ? 2 : 0);
    snprintf(times, sizeof times, "\"startDate\":\"" DESK_DAY "\",\"endDate\":\"" DESK_DAY "\"", hour, hour + 2);
    buf_addf(&d,
             "{\"name\":\"%s\",\"description\":\"Приходите.\",\"inLanguage\":\"ru\",\"organizerName\":\"Совет дома на Садовой\",\"tz\":"
             "\"Europe/Moscow\",\"location\":{\"name\":\"Библиотека\",\"address\":\"Садовая, 5\"},\"terms\":%d",
             events[i].name, change == DESK_AS_IT_IS ? 1 : 2);
    if (events[i].capacity)
        buf_addf(&d, ",\"maximumAttendeeCapacity\":%d", events[i].capacity);
    if (i == DESK_ASKS)
        buf_addf(&d, ",\"form\":%s", desk_questions);
    if (i == DESK_LONG) {
        buf_add_str(&d, ",\"form\":");
        desk_many_questions(&d);
    }
    char occurrence[CONTENT_ID];
    desk_event_id(occurrence, i);
    buf_addf(&d, ",\"subEvent\":[{\"id\":\"%s\",%s%s}]}", occurrence, times, change == DESK_CANCELLED ? ",\"eventStatus\":\"EventCancelled\"" : "");
    if (item_put(w, "event", item_id(id, hex), seq, d.data) != 0)
        die("desk: event %d is not accepted", i);
    buf_done(&d);
}

void desk_event_id(char out[CONTENT_ID], enum desk_event i)
{
    char hex[8];
    snprintf(hex, sizeof hex, "d%d", i);
    item_id(out, hex);
}

static struct replica_writer *desk_writer(struct desk *d)
{
    struct replica_writer *w;
    struct error e;
    char path[4096];
    bool damaged;
    desk_check(replica_writer_open(&w, file_join(path, d->folder, "replica.db"), d->zone, false, &damaged, &e), &e);
    return w;
}

static void desk_publish(struct desk *d, enum desk_event i, enum desk_change change)
{
    struct replica_writer *w = desk_writer(d);
    struct replica_position at;
    struct error e;
    desk_check(replica_writer_position(w, &at, &e), &e);
    if (change != DESK_REMOVED) {
        desk_put_event(w, i, at.seq + 1, change);
    } else {
        char id[37], hex[8];
        snprintf(hex, sizeof hex, "e%d", i);
        item_del(w, item_id(id, hex), at.seq + 1);
    }
    replica_writer_close(w);
}

void desk_event_cancel(struct desk *d, enum desk_event i) { desk_publish(d, i, DESK_CANCELLED); }
void desk_event_move(struct desk *d, enum desk_event i) { desk_publish(d, i, DESK_MOVED); }
void desk_event_remove(struct desk *d, enum desk_event i) { desk_publish(d, i, DESK_REMOVED); }

/* ---- the kiosk */

static void desk_enrol(struct desk *d)
{
    struct error e;
    uint8_t pk[CRYPTO_SIGN_PUBLIC], sk[CRYPTO_SIGN_SECRET], seal_pk[CRYPTO_SEAL_PUBLIC], seal_sk[CRYPTO_SEAL_SECRET];
    char path[4096], occurrence[CONTENT_ID];
    struct buf seal, keys;
    crypto_sign_keys(pk, sk);
    crypto_seal_keys(seal_pk, seal_sk);
    desk_write(file_join(path, d->folder, "kiosk.key"), sk, sizeof sk);
    struct ledger_enrolment x = {.hub = "https://hub.example", .kid = "desk234567", .name = "Библиотека на Садовой", .scope = "all",
                                 .host = "hub.example", .root_b64 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", .epoch = 1, .inc = 1};
    desk_check(ledger_enrol(d->ledger, &x, &e), &e);
    buf_init(&seal, 100);
    buf_init(&keys, 1000);
    crypto_b64(&seal, seal_pk, sizeof seal_pk);
    buf_addf(&keys, "{\"v\":1,\"n\":1,\"seal\":[{\"id\":\"x1\",\"pk\":\"%s\"}]}", seal.data);
    desk_check(ledger_set_keys(d->ledger, 1, keys.data, &e), &e);
    buf_done(&seal);
    buf_done(&keys);
    struct ledger_grant grant = {.lease = 77, .first = 1, .last = 8, .terms = 1, .sig = "AAAA"};
    desk_event_id(occurrence, DESK_ASKS);
    memcpy(grant.event, occurrence, sizeof grant.event);
    desk_check(ledger_reply_begin(d->ledger, &e), &e);
    desk_check(ledger_reply_grant(d->ledger, &grant, &e), &e);
    desk_check(ledger_reply_commit(d->ledger, &e), &e);
}

void desk_new(struct desk *d, const char *conf, bool enrolled)
{
    struct error e;
    char path[4096];
    int64_t now;
    *d = (struct desk){.ledger = NULL};
    desk_check(crypto_init(&e), &e);
    picture_data(d->folder);
    instant_parse(DESK_CLOCK, &now);
    d->zone = zone_new("Europe/Moscow");
    d->clock = mem_new(1, sizeof *d->clock);
    *d->clock = clock_test(now * 1000);
    if (conf)
        desk_write(file_join(path, d->folder, "kiosk.conf"), conf, strlen(conf));
    desk_check(ledger_open(&d->ledger, d->folder, d->clock, false, &e), &e);
    if (enrolled)
        desk_enrol(d);
    struct replica_writer *w = desk_writer(d);
    for (int i = DESK_PLAIN; i <= DESK_LONG; i++)
        desk_put_event(w, (enum desk_event)i, i, DESK_AS_IT_IS);
    desk_check(replica_set_checked(w, now - 600, "\"1\"", &e), &e);
    replica_writer_close(w);
}

void desk_done(struct desk *d)
{
    ledger_close(d->ledger);
    zone_free(d->zone);
    free(d->clock);
    picture_data_done(d->folder);
}

/* ---- what happened, and what the hub and the printer say */

bool desk_last(struct desk *d, char id[CONTENT_ID], char code[CODE_LEN + 1])
{
    struct sql_stmt *st = sql_get(ledger_sql(d->ledger), "SELECT id, code FROM signup ORDER BY rowid DESC LIMIT 1");
    struct error e;
    bool row = false;
    desk_check(sql_step(st, &row, &e), &e);
    if (row) {
        snprintf(id, CONTENT_ID, "%s", sql_text(st, 0));
        snprintf(code, CODE_LEN + 1, "%s", sql_text(st, 1));
    }
    sql_reset(st);
    return row;
}

int desk_count(struct desk *d)
{
    struct sql_stmt *st = sql_get(ledger_sql(d->ledger), "SELECT count(*) FROM signup");
    struct error e;
    bool row = false;
    desk_check(sql_step(st, &row, &e), &e);
    int n = row ? (int)sql_int(st, 0) : 0;
    sql_reset(st);
    return n;
}

void desk_set_code(struct desk *d, const char *id, const char *code)
{
    struct sql_stmt *st = sql_get(ledger_sql(d->ledger), "UPDATE signup SET code = :code WHERE id = :id");
    struct error e;
    sql_bind_text(st, ":code", code);
    sql_bind_text(st, ":id", id);
    desk_check(sql_run(st, &e), &e);
}

static void desk_tell(struct desk *d, const char *rest)
{
    struct error e;
    char line[400];
    snprintf(line, sizeof line, "{\"t\":\"decision\",\"dn\":%d,%s}", ++d->decisions, rest);
    desk_check(ledger_reply_begin(d->ledger, &e), &e);
    desk_check(ledger_reply_decision(d->ledger, line, strlen(line), &e), &e);
    desk_check(ledger_reply_commit(d->ledger, &e), &e);
}

void desk_decide(struct desk *d, const char *id, const char *state, int seat, int pos)
{
    char rest[300], seats[24] = "";
    if (seat)
        snprintf(seats, sizeof seats, "%d", seat);
    snprintf(rest, sizeof rest, "\"id\":\"%s\",\"st\":\"%s\",\"seats\":[%s],\"lease\":0,\"pos\":%d", id, state, seats, pos);
    desk_tell(d, rest);
}

void desk_find_answer(struct desk *d, const char *code, enum desk_event event)
{
    char rest[300], ev[CONTENT_ID], id[37];
    desk_event_id(ev, event);
    if (event)
        snprintf(rest, sizeof rest,
                 "\"st\":\"ticket\",\"code\":\"%s\",\"id\":\"%s\",\"ev\":\"%s\",\"state\":\"confirmed\",\"seats\":[3],\"party\":1", code,
                 item_id(id, "abc"), ev);
    else
        snprintf(rest, sizeof rest, "\"st\":\"unknown\",\"code\":\"%s\"", code);
    desk_tell(d, rest);
}

void desk_job(struct desk *d, const char *id, enum job_state state, enum job_fault fault)
{
    struct error e;
    struct job job;
    desk_check(ledger_job_of(d->ledger, id, &job, &e), &e);
    desk_check(ledger_job_set(d->ledger, job.id, state, fault, &e), &e);
}

/* A sign-up made by this process on the kiosk's ledger, for tests that begin with a ticket. */
void desk_sign_up(struct desk *d, enum desk_event event, int party, const char *code)
{
    struct error e;
    struct row row;
    struct content content;
    struct ticket t;
    char path[4096], occurrence[CONTENT_ID];
    struct buf key;
    struct replica *r = replica_open(file_join(path, d->folder, "replica.db"));
    buf_init(&key, 4096);
    desk_event_id(occurrence, event);
    desk_check(file_read(file_join(path, d->folder, "kiosk.key"), &key, &e), &e);
    desk_check(replica_get_occurrence(r, occurrence, &row, &content, &e), &e);
    const struct signup_draft draft = {.occurrence = &row, .event = &content, .party = party, .name = "Анна Петрова",
                                       .telephone = "+79123456789", .email = "", .lang = "ru",
                                       .sign_sk = (const uint8_t *)key.data};
    desk_check(ledger_sign_up(d->ledger, &draft, &t, &e), &e);
    desk_set_code(d, t.id, code);
    content_done(&content);
    replica_close(r);
    buf_done(&key);
}
