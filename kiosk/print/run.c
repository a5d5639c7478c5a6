/* Settings, the watch on the ledger, and the errands. */
#include "kiosk/print/run.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/log.h"
#include "kiosk/base/settings.h"
#include "kiosk/base/watch.h"
#include "kiosk/print/worker.h"

/* A failing disk is tried again after this long; nothing else of the ledger passes by itself. */
enum { PRINT_LEDGER_RETRY_MS = 5000 };

struct print {
    struct clock clock;
    struct config *config;
    struct zone *zone;
    struct watch watch;
    struct ledger *ledger;
    struct worker worker;
};

enum err print_check_words(struct print_options *o, int words, const char *word, struct error *e)
{
    static const char *const errands[] = {[PRINT_RUN] = "run", [PRINT_ONCE] = "once", [PRINT_TEST_PAGE] = "test-page"};
    bool found = false;
    for (int i = PRINT_RUN; i <= PRINT_TEST_PAGE && !found; i++) {
        found = words == 1 && strcmp(word, errands[i]) == 0;
        o->errand = (enum print_errand)i;
    }
    if (!found)
        return error_set(e, ERR_USAGE, "run, once or test-page? See kiosk-print --help");
    if (!o->data && (o->errand != PRINT_TEST_PAGE || (!o->printer && !o->config)))
        return error_set(e, ERR_USAGE, "--data DIR is missing");
    return ERR_NONE;
}

/* ---- settings */

static enum err print_read_cut(const char *word, enum escpos_cut *out, struct error *e)
{
    static const char *const words[] = {
        [ESCPOS_CUT_NONE] = "none", [ESCPOS_CUT_PARTIAL] = "partial", [ESCPOS_CUT_FULL] = "full"};
    for (int i = ESCPOS_CUT_NONE; i <= ESCPOS_CUT_FULL; i++)
        if (strcmp(words[i], word) == 0) {
            *out = (enum escpos_cut)i;
            return ERR_NONE;
        }
    return error_set(e, ERR_USAGE, "[printer] cut = %s: none, partial or full", word);
}

static enum err print_read_paper(const struct config *c, struct sheet_paper *out, struct error *e)
{
    const char *mode = config_str(c, "printer", "mode"), *charset = config_str(c, "printer", "charset");
    *out = (struct sheet_paper){.width = (int)config_int(c, "printer", "width"),
                                .module = (int)config_int(c, "printer", "module"),
                                .codepage_number = (int)config_int(c, "printer", "codepage"),
                                .text = strcmp(mode, "text") == 0};
    if (out->width != 384 && out->width != 512 && out->width != 576)
        return error_set(e, ERR_USAGE, "[printer] width = %d: 384, 512 or 576", out->width);
    if (!out->text && strcmp(mode, "raster") != 0)
        return error_set(e, ERR_USAGE, "[printer] mode = %s: raster or text", mode);
    if (!codepage_by_name(charset, &out->codepage))
        return error_set(e, ERR_USAGE, "[printer] charset = %s: cp866 or cp1251", charset);
    return print_read_cut(config_str(c, "printer", "cut"), &out->cut, e);
}

static enum err print_configure(struct print *p, const struct print_options *o, struct error *e)
{
    struct worker *w = &p->worker;
    enum err failed = settings_load(&p->config, o->data ? o->data : "", o->config, e);
    if (!failed)
        failed = print_read_paper(p->config, &w->paper, e);
    if (failed)
        return failed;
    const char *url = o->printer ? o->printer : config_str(p->config, "printer", "url");
    if (*url)
        failed = port_check(url, e);
    else if (o->errand != PRINT_RUN)
        failed =
            error_set(e, ERR_USAGE, "no printer: give --printer URL or set url in section [printer] of kiosk.conf");
    p->clock = clock_system();
    p->zone = zone_new(config_str(p->config, "centre", "timezone"));
    w->torn = true; /* whoever printed before may have been cut off */
    w->clock = &p->clock;
    w->zone = p->zone;
    w->centre = config_str(p->config, "centre", "name");
    w->port = (struct port_config){
        .baud = (int)config_int(p->config, "printer", "baud"), .stop_fd = -1, .limits = port_limits()};
    snprintf(w->port.url, sizeof w->port.url, "%s", url);
    return failed;
}

/* ---- errands */

static enum err print_open_ledger(struct print *p, const struct print_options *o, struct error *e)
{
    enum err failed = watch_open(&p->watch, o->data, "print.lock", e);
    if (!failed)
        failed = ledger_open(&p->ledger, o->data, &p->clock, false, e);
    if (!failed)
        failed = ledger_jobs_recover(p->ledger, e);
    p->worker.ledger = p->ledger;
    p->worker.port.stop_fd = p->watch.signal_fd;
    return failed;
}

/* A kiosk without a printer runs too: its tickets are on the screen. */
static void print_idle(struct print *p)
{
    log_line(LOG_INFO, "printer", "state=none");
    while (!p->watch.ending) {
        watch_wait(&p->watch, -1);
        watch_drain(&p->watch);
    }
}

static enum err print_run(struct print *p, struct error *e)
{
    enum err failed = worker_look(&p->worker, e);
    while (!p->watch.ending) {
        int64_t wait_ms = -1;
        if (!failed)
            failed = worker_step(&p->worker, &wait_ms, e);
        bool news = watch_drain(&p->watch); /* what came during the step was perhaps not seen by it */
        if (failed && !p->watch.ending) {
            log_line(LOG_ERROR, "ledger", "error=%s", e->text);
            wait_ms = PRINT_LEDGER_RETRY_MS;
            news = false;
        }
        failed = ERR_NONE;
        if (!news && !p->watch.ending) {
            watch_wait(&p->watch, wait_ms);
            watch_drain(&p->watch);
        }
    }
    return ERR_NONE;
}

/* Held tickets are waited for (they are about to be answered); a printer with a fault is not. */
static enum err print_once(struct print *p, struct error *e)
{
    int64_t wait_ms = -1;
    for (;;) {
        enum err failed = worker_step(&p->worker, &wait_ms, e);
        if (failed)
            return failed;
        if (p->worker.waiting)
            return error_set(e, ERR_STATE, "tickets wait: the printer says: %s", p->worker.word);
        if (wait_ms < 0)
            return ERR_NONE;
        watch_wait(&p->watch, wait_ms);
        watch_drain(&p->watch);
        if (p->watch.ending)
            return error_set(e, ERR_STATE, "asked to end");
    }
}

enum err print_main(const struct print_options *o, struct error *e)
{
    struct print p = {.watch = {.signal_fd = -1, .inotify_fd = -1, .lock_fd = -1}};
    enum err failed = print_configure(&p, o, e);
    if (failed)
        goto out;
    if (o->errand == PRINT_TEST_PAGE) {
        struct i18n_lang first;
        i18n_set(i18n_list(&first, 1) > 0 ? first.code : "en");
        failed = worker_test_page(&p.worker, e);
        goto out;
    }
    failed = print_open_ledger(&p, o, e);
    if (!failed && !p.worker.port.url[0])
        print_idle(&p);
    else if (!failed)
        failed = o->errand == PRINT_ONCE ? print_once(&p, e) : print_run(&p, e);
out:
    ledger_close(p.ledger);
    watch_close(&p.watch);
    zone_free(p.zone);
    config_free(p.config);
    return failed;
}
