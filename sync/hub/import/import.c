/* The command and the run: files are read whole and gone through twice: a rehearsal asks the calendars everything, the
 * second time is one short transaction; a dry run rolls it back. */
#include "sync/hub/import/import.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/base/cli.h"
#include "kiosk/base/file.h"
#include "kiosk/base/log.h"
#include "kiosk/base/sql.h"
#include "sync/hub/command.h"
#include "sync/hub/feed.h"
#include "sync/hub/feed_stage.h"
#include "sync/hub/hub_lock.h"

enum { IMPORT_SEAL_PAGES = 1000, IMPORT_TRIES = 3 };

__attribute__((format(printf, 3, 0))) static void import_say(struct import *im, int line, const char *fmt, va_list ap)
{
    char raw[1024], clean[1024];
    if (im->out == NULL)
        return;
    vsnprintf(raw, sizeof raw, fmt, ap);
    text_sanitize(clean, sizeof clean, raw, strlen(raw), TEXT_LINE);
    if (line > 0)
        fprintf(im->out, "%s:%d: %s\n", im->file, line, clean);
    else
        fprintf(im->out, "%s: %s\n", im->file, clean);
}

void import_tell(struct import *im, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    import_say(im, line, fmt, ap);
    va_end(ap);
}

void import_skip(struct import *im, int line, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    import_say(im, line, fmt, ap);
    va_end(ap);
    im->count.skipped++;
}

void import_counted(struct import *im, enum record_change change)
{
    int *const counters[] = {[RECORD_ADDED] = &im->count.added,
                             [RECORD_UPDATED] = &im->count.updated,
                             [RECORD_UNCHANGED] = &im->count.unchanged};
    ++*counters[change];
}

/* ---- reading files */

static enum err import_read_stdin(struct buf *out, struct error *e)
{
    char part[65536];
    for (;;) {
        ssize_t n = read(STDIN_FILENO, part, sizeof part);
        if (n == 0)
            return ERR_NONE;
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return error_set(e, ERR_IO, "standard input: %s", error_errno(errno));
        buf_add(out, part, (size_t)n);
        if (out->overflow)
            return error_set(e, ERR_TOO_BIG, "standard input: longer than %d bytes", IMPORT_FILE_MAX);
    }
}

static enum err import_read(const char *path, struct buf *out, struct error *e)
{
    return strcmp(path, "-") == 0 ? import_read_stdin(out, e) : file_read(path, out, e);
}

/* ---- a run */

static enum err import_set_source(struct import *im, const struct import_order *o, const char *path, struct error *e)
{
    char full[PATH_MAX];
    const char *name = o->source;
    if (name == NULL)
        name = strcmp(path, "-") != 0 && realpath(path, full) != NULL ? full : path;
    free((char *)im->source_name);
    im->source_name = mem_dup_str(name);
    const char *kind = strcmp(o->what, "ics") == 0 ? "ics" : o->json ? "json" : "csv";
    return record_source(&im->records, kind, name, &im->source, e);
}

static enum err import_one(struct import *im, const struct import_order *o, int file, bool *complete, struct error *e)
{
    const struct buf *bytes = &im->bytes[file];
    im->file = o->files[file];
    enum err code = import_set_source(im, o, im->file, e);
    if (code == ERR_NONE && bytes->len == 0) {
        import_tell(im, 0, "the file is empty; nothing is withdrawn");
        *complete = false;
    } else if (code == ERR_NONE && strcmp(o->what, "ics") == 0) {
        code = import_ics(im, bytes, complete, e);
    } else if (code == ERR_NONE) {
        code = import_csv(im, o->what, bytes, complete, e);
    }
    return code;
}

/* The files of one run are one source: what none of them has is withdrawn, at the end. */
static enum err import_files(struct import *im, const struct import_order *o, struct error *e)
{
    const char *kind = strcmp(o->what, "ics") == 0 ? "event" : import_csv_kind(o->what);
    bool whole = true;
    enum err code = ERR_NONE;
    for (int i = 0; i < o->file_count && code == ERR_NONE; i++) {
        bool complete = true;
        code = import_one(im, o, i, &complete, e);
        whole = whole && complete;
    }
    if (code == ERR_NONE && whole)
        code = record_withdraw_rest(&im->records, im->source, kind, &im->count.withdrawn, e);
    return code;
}

static enum err import_find_topic(struct import *im, const struct import_order *o, struct error *e)
{
    enum err code = content_topics_load(&im->topics, &im->records, e);
    if (code != ERR_NONE || o->topic == NULL)
        return code;
    im->topic = content_topic(im->topics, o->topic);
    return im->topic == NULL ? error_set(e, ERR_USAGE, "no topic \"%s\"", o->topic) : ERR_NONE;
}

static enum err import_pass(struct import *im, const struct import_order *o, struct error *e)
{
    content_topics_free(im->topics);
    im->topics = NULL;
    im->count = (struct import_count){0};
    enum err code = import_find_topic(im, o, e);
    return code == ERR_NONE ? import_files(im, o, e) : code;
}

/* Nothing is written or told; the calendars are asked, which is most of the work. What fails here fails again with its
 * words in the transaction. */
static enum err import_rehearse(struct import *im, const struct import_order *o, struct error *e)
{
    struct error unsaid;
    calendar_remember(im->records.calendar);
    im->records.rehearsal = true;
    im->out = NULL;
    if (import_pass(im, o, &unsaid) != ERR_NONE)
        log_line(LOG_DEBUG, "import", "rehearsal: %s", error_name(unsaid.code));
    im->out = o->out;
    return records_end_rehearsal(&im->records, e);
}

static enum err import_try(struct import *im, const struct import_order *o, struct error *e)
{
    struct sql *db = im->records.hub->db;
    enum err code = sql_begin(db, e);
    if (code == ERR_NONE)
        code = hub_lock_wait(db, HUB_LOCK_IMPORT, e);
    if (code == ERR_NONE)
        code = import_pass(im, o, e);
    if (code == ERR_NONE && !o->dry)
        code = sql_commit(db, e);
    if (code != ERR_NONE || o->dry)
        sql_rollback(db);
    return code;
}

/* Kiosks wait while an import holds the database: so it does that for as short as it can. Where several write at once
 * it may have waited crosswise with a kiosk's batch and been turned back, and does it again. */
static enum err import_transact(struct import *im, const struct import_order *o, struct error *e)
{
    enum err code = import_rehearse(im, o, e);
    if (code == ERR_NONE)
        code = import_try(im, o, e);
    for (int i = 1; i < IMPORT_TRIES && code == ERR_BUSY && sql_is_shared(im->records.hub->db); i++)
        code = import_try(im, o, e);
    return code;
}

static void import_sum_up(const struct import *im, const struct import_order *o)
{
    const struct import_count *n = &im->count;
    fprintf(o->out, "%s: %d added, %d updated, %d unchanged, %d withdrawn, %d skipped%s\n", o->what, n->added,
            n->updated, n->unchanged, n->withdrawn, n->skipped, o->dry ? " (nothing was changed: --dry-run)" : "");
}

static void import_done(struct import *im, int files)
{
    for (int i = 0; i < files; i++)
        buf_done(&im->bytes[i]);
    free(im->bytes);
    free((char *)im->source_name);
    content_topics_free(im->topics);
    records_end(&im->records);
}

enum err import_run(struct hub *h, const struct import_order *order, struct error *e)
{
    struct import im = {.city = order->city,
                        .json = order->json,
                        .registration = order->registration == NULL ? "open" : order->registration,
                        .bytes = mem_new((size_t)order->file_count + 1, sizeof *im.bytes)};
    int left = 0;
    enum err code = records_begin(&im.records, h, order->calendar, e);
    for (int i = 0; i < order->file_count; i++) {
        buf_init(&im.bytes[i], IMPORT_FILE_MAX);
        if (code == ERR_NONE)
            code = import_read(order->files[i], &im.bytes[i], e);
    }
    if (code == ERR_NONE)
        code = import_transact(&im, order, e);
    if (code == ERR_NONE)
        import_sum_up(&im, order);
    import_done(&im, order->file_count);
    if (code == ERR_NONE && !order->dry)
        code = feed_number_all(h->db, e);
    return code == ERR_NONE && !order->dry ? feed_seal(h->db, IMPORT_SEAL_PAGES, &left, e) : code;
}

/* ---- the command */

static int import_usage(const char *text)
{
    fprintf(stderr, "kiosk-hub import: %s\n", text);
    return CLI_USAGE;
}

/* Files without a common source have nothing to do with one another: one that fails does not keep the others out. */
static int import_each(struct hub *h, const struct import_order *order)
{
    int code = CLI_DONE;
    int runs = order->source == NULL ? order->file_count : 1;
    for (int i = 0; i < runs; i++) {
        struct import_order one = *order;
        struct error e;
        if (order->source == NULL) {
            one.files = order->files + i;
            one.file_count = 1;
        }
        if (import_run(h, &one, &e) != ERR_NONE)
            code = cli_fail("kiosk-hub", &e);
    }
    return code;
}

static bool import_is_table(const char *word) { return strcmp(word, "csv") == 0 || strcmp(word, "json") == 0; }

int import_main(struct hub *h, int argc, char **argv)
{
    static const char usage[] =
        "import ics FILE... [OPTION]...\n"
        "       kiosk-hub ... import csv|json TABLE FILE [OPTION]...\n"
        "TABLE: topics cities places communities events resources articles calls notices. FILE -: standard input.";
    const char *source = NULL, *topic = NULL, *city = NULL, *registration = NULL, *dry = NULL;
    const struct cli_option options[] = {
        {"--source", "NAME",
         "name of the source; a later import of it updates and withdraws (default: the file's path)", &source},
        {"--topic", "T", "a topic for every event of the calendar", &topic},
        {"--city", "C", "the city of events that name no place of it", &city},
        {"--registration", "HOW", "open or none: whether people can sign up for the calendar's events (default open)",
         &registration},
        {"--dry-run", NULL, "say what would happen and change nothing", &dry},
        {NULL, NULL, NULL, NULL},
    };
    int words = command_parse(argc, argv, usage, options);
    if (words < 0)
        return -1 - words;
    struct import_order order = {.source = source,
                                 .topic = topic,
                                 .city = city,
                                 .registration = registration,
                                 .dry = dry != NULL,
                                 .out = stderr};
    if (registration != NULL && strcmp(registration, "open") != 0 && strcmp(registration, "none") != 0)
        return import_usage("--registration is open or none");
    if (words >= 2 && strcmp(argv[1], "ics") == 0) {
        order.what = "ics";
        order.files = argv + 2;
        order.file_count = words - 1;
    } else if (words >= 2 && import_is_table(argv[1]) && import_csv_kind(argv[2]) == NULL) {
        return import_usage("TABLE is one of: topics cities places communities events resources articles calls notices");
    } else if (words == 3 && import_is_table(argv[1])) {
        order.what = argv[2];
        order.json = strcmp(argv[1], "json") == 0;
        order.files = argv + 3;
        order.file_count = 1;
    } else {
        return import_usage("wants: ics FILE..., or csv TABLE FILE, or json TABLE FILE (see --help)");
    }
    return import_each(h, &order);
}
