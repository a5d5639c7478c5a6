/* make bench: the hub taking in sign-ups in batches of 50, as durable as it is in service, beside the lesser of what bounds it:
 * checking one signature for each, and committing bare rows of the same bytes in groups of 50. In turns, batch by batch.
 * usage: ingest KIOSK_PROGRAM FOLDER [EVENTS]   BATCHES=n for another number than 200 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/file.h"
#include "tests/support/figures.h"
#include "tests/support/hubkit.h"

enum { INGEST_BATCH = 50, INGEST_PER_KIOSK = 10 };

static const char ingest_event[] = "00000000-0000-4000-8000-00000000e001";

struct ingest {
    struct hubkit k;
    struct hubkit_kiosk q;
    sqlite3 *db;
    sqlite3_stmt *insert;
    double hub, group, verify; /* seconds */
};

static void ingest_bare_open(struct ingest *b)
{
    char path[4096];
    if (sqlite3_open(file_join(path, b->k.dir, "bare.db"), &b->db) != SQLITE_OK ||
        sqlite3_exec(b->db, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                            "CREATE TABLE signup (id TEXT PRIMARY KEY, line TEXT NOT NULL) WITHOUT ROWID",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(b->db, "INSERT INTO signup (id, line) VALUES (?1, ?2)", -1, &b->insert, NULL) != SQLITE_OK)
        die("bench: %s", sqlite3_errmsg(b->db));
}

/* The lines of a message into the bare table, its first but one as the id. */
static void ingest_bare(struct ingest *b, const struct hubkit_message *m)
{
    struct wire_line line;
    size_t pos = 0;
    double from = figures_now();
    sqlite3_exec(b->db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    while (wire_next_line(m->body.data, m->body.len, &pos, &line)) {
        char id[40];
        crypto_uuid(id, 1767225600000);
        sqlite3_bind_text(b->insert, 1, id, -1, SQLITE_STATIC);
        sqlite3_bind_text(b->insert, 2, line.s, (int)line.n, SQLITE_STATIC);
        if (sqlite3_step(b->insert) != SQLITE_DONE)
            die("bench: %s", sqlite3_errmsg(b->db));
        sqlite3_reset(b->insert);
    }
    sqlite3_exec(b->db, "COMMIT", NULL, NULL, NULL);
    b->group += figures_now() - from;
}

static void ingest_verify(struct ingest *b, const struct hubkit_message *m)
{
    uint8_t sig[CRYPTO_SIGNATURE];
    const size_t n = m->body.len / INGEST_BATCH;
    crypto_sign_message(sig, m->body.data, n, b->q.sk);
    double from = figures_now();
    for (int i = 0; i < INGEST_BATCH; i++)
        if (!crypto_verify(sig, m->body.data, n, b->q.pk))
            die("bench: a signature does not hold");
    b->verify += figures_now() - from;
}

static void ingest_batch(struct ingest *b)
{
    struct hubkit_message m;
    struct intake_answer a;
    char id[WIRE_UUID + 1], code[CODE_LEN + 1];
    for (int i = 0; i < INGEST_BATCH; i++)
        hubkit_signup(&b->q, ingest_event, 1, id, code);
    hubkit_pack(&b->q, &m);
    double from = figures_now();
    hubkit_deliver(&b->k, &b->q, &m, &a);
    b->hub += figures_now() - from;
    if (a.status != 200)
        die("bench: the hub answers %d", a.status);
    hubkit_receive(&b->k, &b->q, &a);
    ingest_bare(b, &m);
    ingest_verify(b, &m);
    buf_done(&a.body);
    buf_done(&m.body);
}

int main(void)
{
    struct error e;
    struct ingest *b = mem_new(1, sizeof *b);
    int batches = figures_size("BATCHES", 200, 4);
    if (crypto_init(&e))
        die("bench: %s", e.text);
    hubkit_init(&b->k, INT64_C(1796126400000));
    if (!b->k.database[0] && sql_exec(b->k.hub.db, "PRAGMA synchronous = FULL", &e))
        die("bench: %s", e.text);
    hubkit_event(&b->k, ingest_event, -1, 86400);
    ingest_bare_open(b);
    for (int i = 0; i < batches; i++) {
        if (i % INGEST_PER_KIOSK == 0) {
            hubkit_kiosk_done(&b->q);
            hubkit_kiosk_init(&b->k, &b->q);
        }
        ingest_batch(b);
    }
    double n = (double)batches * INGEST_BATCH, least = n / (b->verify > b->group ? b->verify : b->group);
    figures_say("the hub takes in sign-ups in batches of %d: %.0f/s; signatures checked %.0f/s, bare group commit %.0f/s",
                INGEST_BATCH, n / b->hub, n / b->verify, n / b->group);
    figures_put("sign-ups taken in : lesser of signature checks, group commit", n / b->hub / least, "x", FIGURE_AT_LEAST,
                0.5);
    sqlite3_finalize(b->insert);
    sqlite3_close(b->db);
    hubkit_kiosk_done(&b->q);
    hubkit_done(&b->k);
    free(b);
    return 0;
}
