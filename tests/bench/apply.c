/* make bench: applying the feed's pages, beside a loop over the same pages that does nothing but unpack, parse and insert:
 * with prepared statements, with every row (order, sort key, days, words ...) given to it as the product made it, trusting
 * every byte and asking for no row before it writes one. Once with the search index and once without, in turns, on fresh files.
 * And the size of the sealed pages beside gzip -6 of the same bytes.
 * usage: apply KIOSK_PROGRAM FOLDER [EVENTS]   APPLY_RECORDS=50000 in the environment for another number than 20,000 */
#include <cjson/cJSON.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/schema.h"
#include "kiosk/base/sql.h"
#include "kiosk/store/replica_item.h"
#include "kiosk/store/replica_writer.h"
#include "sync/wire_zstd.h"
#include "tests/support/figures.h"
#include "tests/support/logpages.h"

enum { APPLY_ROUNDS = 3 };

enum { APPLY_TABLES = 16, APPLY_COLUMNS = 40 };

/* A row as the product made it, for the bare loop to insert. */
struct bench_row {
    int table; /* in the order of bare.tables */
    int columns;
    sqlite3_value *values[APPLY_COLUMNS];
    struct bench_row *next;
};

/* What the product made of one change. */
struct known {
    int64_t ord;
    char *words;
    struct bench_row *rows;
};

struct bench {
    const char *dir;
    int records;
    struct zone *zone;
    struct logpages log;
    struct known *known; /* [seq - 1] */
};

static void bench_check(enum err code, const struct error *e)
{
    if (code)
        die("bench: %s", e->text);
}

static void bench_ok(int rc, sqlite3 *db)
{
    if (rc != SQLITE_OK && rc != SQLITE_DONE)
        die("bench: %s", sqlite3_errmsg(db));
}

static void bench_remove(const struct bench *b, const char *name)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char path[4096 + 8], base[4096];
    file_join(base, b->dir, name);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s%s", base, ends[i]);
        unlink(path);
    }
}

/* Takes rows and drops them: what is left is everything but the index. */
static const char bench_no_index[] = "DROP TABLE search; CREATE VIEW search (search, rowid, text) AS SELECT '', 0, '';"
                                     "CREATE TRIGGER search_nothing INSTEAD OF INSERT ON search BEGIN SELECT 1; END";

/* ---- the product */
static struct replica_writer *bench_open(const struct bench *b, bool index)
{
    struct error e;
    struct replica_writer *w;
    char path[4096];
    bool damaged;
    bench_remove(b, "apply.db");
    bench_check(replica_writer_open(&w, file_join(path, b->dir, "apply.db"), b->zone, true, &damaged, &e), &e);
    if (!index)
        bench_check(sql_exec(w->db, bench_no_index, &e), &e);
    return w;
}

/* ---- what it made of each change */

/* The tables that hold rows of a change, by name: those with the column ord. */
static const char bench_tables[] = "SELECT m.name FROM sqlite_schema m WHERE m.type = 'table' AND m.name NOT LIKE 'search%' AND"
                                   " EXISTS (SELECT 1 FROM pragma_table_info(m.name) p WHERE p.name = 'ord')"
                                   " ORDER BY m.name";

static sqlite3_stmt *bench_prepare(sqlite3 *db, const char *format, const char *table)
{
    char text[600];
    sqlite3_stmt *st;
    const char *at = strstr(format, "%s"); /* for the table's name */
    snprintf(text, sizeof text, "%.*s%s%s", (int)(at - format), format, table, at + 2);
    bench_ok(sqlite3_prepare_v3(db, text, -1, SQLITE_PREPARE_PERSISTENT, &st, NULL), db);
    return st;
}

static void bench_learn_records(struct bench *b, sqlite3 *db)
{
    sqlite3_stmt *st = bench_prepare(db, "SELECT seq, ord, d FROM %s", "record");
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct known *k = &b->known[sqlite3_column_int64(st, 0) - 1];
        const char *d = (const char *)sqlite3_column_text(st, 2);
        struct error e;
        struct json *j;
        struct buf words;
        bench_check(json_parse(&j, d, strlen(d), WIRE_PAGE_MAX, &e), &e);
        replica_item_words(&words, j);
        *k = (struct known){.ord = sqlite3_column_int64(st, 1), .words = buf_take(&words)};
        buf_done(&words);
        json_free(j);
    }
    sqlite3_finalize(st);
}

static void bench_learn_table(struct bench *b, sqlite3 *db, const char *name, int table)
{
    sqlite3_stmt *st = bench_prepare(db, "SELECT r.seq, t.* FROM %s t JOIN record r USING (ord)", name);
    while (sqlite3_step(st) == SQLITE_ROW) {
        struct known *k = &b->known[sqlite3_column_int64(st, 0) - 1];
        struct bench_row *row = mem_new(1, sizeof *row);
        *row = (struct bench_row){.table = table, .columns = sqlite3_column_count(st) - 1, .next = k->rows};
        for (int i = 0; i < row->columns; i++)
            row->values[i] = sqlite3_value_dup(sqlite3_column_value(st, i + 1));
        k->rows = row;
    }
    sqlite3_finalize(st);
}

static void bench_learn(struct bench *b)
{
    sqlite3 *db;
    char path[4096];
    struct replica_writer *w = bench_open(b, true);
    struct replica_position at = {.scope = "all", .epoch = 1};
    for (int64_t n = 1; n <= b->log.count; n++)
        logpages_apply(&b->log, w, n, &at);
    replica_writer_retire(w);
    b->known = mem_new((size_t)b->log.count * WIRE_PER, sizeof *b->known);
    bench_ok(sqlite3_open(file_join(path, b->dir, "apply.db"), &db), db);
    bench_learn_records(b, db);
    sqlite3_stmt *tables = bench_prepare(db, "%s", bench_tables);
    for (int i = 0; sqlite3_step(tables) == SQLITE_ROW; i++)
        bench_learn_table(b, db, (const char *)sqlite3_column_text(tables, 0), i);
    sqlite3_finalize(tables);
    sqlite3_close(db);
}

static void bench_forget(struct bench *b)
{
    for (int64_t i = 0; i < b->log.count * WIRE_PER; i++) {
        for (struct bench_row *r = b->known[i].rows, *next; r; r = next) {
            next = r->next;
            for (int c = 0; c < r->columns; c++)
                sqlite3_value_free(r->values[c]);
            free(r);
        }
        free(b->known[i].words);
    }
    free(b->known);
}

/* ---- the bare loop */
struct bare {
    sqlite3 *db;
    sqlite3_stmt *tables[APPLY_TABLES], *search, *meta;
};

/* As many question marks as the table has columns. */
static sqlite3_stmt *bare_insert(sqlite3 *db, const char *name)
{
    char text[400];
    sqlite3_stmt *st = bench_prepare(db, "SELECT * FROM %s", name);
    int n = snprintf(text, sizeof text, "INSERT INTO %s VALUES (?", name);
    for (int i = sqlite3_column_count(st); i > 1; i--)
        n += snprintf(text + n, sizeof text - (size_t)n, ", ?");
    snprintf(text + n, sizeof text - (size_t)n, ")");
    sqlite3_finalize(st);
    return bench_prepare(db, "%s", text);
}

static void bare_open(struct bare *x, const struct bench *b, bool index)
{
    struct error e;
    struct sql *db;
    char path[4096];
    *x = (struct bare){0};
    bench_remove(b, "bare.db");
    bench_check(sql_open(&db, file_join(path, b->dir, "bare.db"), SQL_NORMAL, &e), &e);
    bench_check(sql_migrate(db, schema_replica, &e), &e);
    sql_close(db);
    bench_ok(sqlite3_open(path, &x->db), x->db);
    bench_ok(sqlite3_exec(x->db, "PRAGMA synchronous=NORMAL; PRAGMA cache_size=-24000", NULL, NULL, NULL), x->db);
    sqlite3_stmt *tables = bench_prepare(x->db, "%s", bench_tables);
    for (int i = 0; sqlite3_step(tables) == SQLITE_ROW; i++)
        x->tables[i] = bare_insert(x->db, (const char *)sqlite3_column_text(tables, 0));
    sqlite3_finalize(tables);
    x->search = index ? bench_prepare(x->db, "INSERT INTO %s (rowid, text) VALUES (?1, ?2)", "search") : NULL;
    x->meta = bench_prepare(x->db, "INSERT OR REPLACE INTO %s (name, value) VALUES ('seq', ?1)", "meta");
}

static void bare_close(struct bare *x)
{
    for (int i = 0; i < APPLY_TABLES; i++)
        sqlite3_finalize(x->tables[i]);
    sqlite3_finalize(x->search);
    sqlite3_finalize(x->meta);
    sqlite3_close(x->db);
}

static void bare_run(struct bare *x, sqlite3_stmt *st)
{
    bench_ok(sqlite3_step(st), x->db);
    sqlite3_reset(st);
}

static void bare_line(struct bare *x, const struct bench *b, const struct wire_line *line)
{
    cJSON *j = cJSON_ParseWithLength(line->s, line->n);
    const cJSON *seq = cJSON_GetObjectItemCaseSensitive(j, "seq");
    const struct known *k = &b->known[(int64_t)cJSON_GetNumberValue(seq) - 1];
    for (const struct bench_row *r = k->rows; r; r = r->next) {
        for (int i = 0; i < r->columns; i++)
            sqlite3_bind_value(x->tables[r->table], i + 1, r->values[i]);
        bare_run(x, x->tables[r->table]);
    }
    if (x->search) {
        sqlite3_bind_int64(x->search, 1, k->ord);
        sqlite3_bind_text(x->search, 2, k->words, -1, SQLITE_STATIC);
        bare_run(x, x->search);
    }
    cJSON_Delete(j);
}

static void bare_page(struct bare *x, const struct bench *b, int64_t n)
{
    struct buf bytes;
    struct wire_line line;
    size_t pos = 0;
    buf_init(&bytes, WIRE_PAGE_MAX);
    logpages_read(&b->log, n, &bytes);
    bench_ok(sqlite3_exec(x->db, "BEGIN IMMEDIATE", NULL, NULL, NULL), x->db);
    if (!wire_next_line(bytes.data, bytes.len, &pos, &line))
        die("bench: an empty page");
    while (wire_next_line(bytes.data, bytes.len, &pos, &line))
        bare_line(x, b, &line);
    sqlite3_bind_int64(x->meta, 1, n);
    bare_run(x, x->meta);
    bench_ok(sqlite3_exec(x->db, "COMMIT", NULL, NULL, NULL), x->db);
    buf_done(&bytes);
}

/* Page by page in turns: what else the machine does weighs on both. */
static double bench_round(struct bench *b, bool index, double *ours, double *bare)
{
    struct bare x;
    struct replica_writer *w = bench_open(b, index);
    struct replica_position at = {.scope = "all", .epoch = 1};
    *ours = *bare = 0;
    bare_open(&x, b, index);
    for (int64_t n = 1; n <= b->log.count; n++) {
        double from = figures_now();
        logpages_apply(&b->log, w, n, &at);
        double middle = figures_now();
        bare_page(&x, b, n);
        *ours += middle - from;
        *bare += figures_now() - middle;
    }
    bare_close(&x);
    replica_writer_retire(w);
    return *bare / *ours;
}

static void bench_compare(struct bench *b, bool index, const char *what)
{
    double ratios[APPLY_ROUNDS], ours = 0, bare = 0, records = (double)b->log.count * WIRE_PER;
    int rounds = figures_are_short() ? 1 : APPLY_ROUNDS;
    for (int i = 0; i < rounds; i++)
        ratios[i] = bench_round(b, index, &ours, &bare);
    figures_say("  %s index: %.0f records/s applied, %.0f by the bare loop", index ? "with" : "without", records / ours,
                records / bare);
    figures_put(what, figures_rank(ratios, rounds, 0.5), "x", FIGURE_AT_LEAST, 0.85);
}

/* ---- size */
static int64_t bench_gzip(const struct bench *b, const struct buf *bytes)
{
    char plain[4096], packed[4096 + 8], command[2 * 4096 + 64];
    struct error e;
    struct stat st;
    file_join(plain, b->dir, "plain");
    snprintf(packed, sizeof packed, "%s.gz", plain);
    bench_check(file_write(plain, bytes->data, bytes->len, 0600, &e), &e);
    snprintf(command, sizeof command, "gzip -6 -n -f '%s'", plain);
    if (system(command) != 0 || stat(packed, &st) != 0)
        die("bench: gzip does not run");
    unlink(packed);
    return (int64_t)st.st_size;
}

static void bench_size(const char *dir, int records)
{
    struct bench b = {.dir = dir};
    struct buf bytes;
    int64_t gzip = 0;
    logpages_make(&b.log, dir, records, WIRE_LEVEL_PAGE);
    buf_init(&bytes, WIRE_PAGE_MAX);
    for (int64_t n = 1; n <= b.log.count; n++) {
        logpages_read(&b.log, n, &bytes);
        gzip += bench_gzip(&b, &bytes);
    }
    int64_t count = b.log.count * WIRE_PER;
    figures_say("  bytes of a record: %lld plain, %lld in a sealed page, %lld by gzip -6", (long long)(b.log.plain_bytes / count),
                (long long)(b.log.bytes / count), (long long)(gzip / count));
    figures_put("bytes of sealed pages : the same pages by gzip -6", (double)b.log.bytes / (double)gzip, "x", FIGURE_AT_MOST, 0.8);
    buf_done(&bytes);
    logpages_done(&b.log);
}

int main(int argc, char **argv)
{
    struct error e;
    struct bench b = {.dir = argc > 2 ? argv[2] : ".", .zone = zone_new("Europe/Moscow")};
    b.records = figures_size("APPLY_RECORDS", 20000, 1000);
    bench_check(crypto_init(&e), &e);
    figures_say("applying the feed: %d records in pages of %d", b.records, WIRE_PER);
    logpages_make(&b.log, b.dir, b.records, 3);
    bench_learn(&b);
    bench_compare(&b, false, "feed applied without search index : bare insert loop");
    bench_compare(&b, true, "feed applied with search index : bare insert and FTS5 loop");
    logpages_done(&b.log);
    bench_forget(&b);
    bench_size(b.dir, figures_are_short() ? 500 : 5000);
    bench_remove(&b, "apply.db");
    bench_remove(&b, "bare.db");
    zone_free(b.zone);
    return 0;
}
