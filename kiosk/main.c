/* kiosk: the full-screen program. Builds everything, runs it, tears it down. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kiosk/base/cli.h"
#include "kiosk/base/clock.h"
#include "kiosk/base/config.h"
#include "kiosk/base/date.h"
#include "kiosk/base/file.h"
#include "kiosk/base/guard.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/log.h"
#include "kiosk/base/settings.h"
#include "kiosk/store/ledger.h"
#include "kiosk/store/ledger_anchor.h"
#include "kiosk/store/replica.h"
#include "kiosk/ticket/key.h"
#include "kiosk/ui/loop.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/term.h"
#include "screens/screens.h"

static const char main_name[] = "kiosk";

/* A larger ledger is checked by kiosk-sync, which nobody waits for. */
enum { MAIN_CHECK_BYTES = 1 << 20 };

struct main_args {
    const char *data, *lang, *config, *plain;
};

struct main_kiosk {
    struct main_args args;
    struct clock clock;
    struct config *config;
    struct zone *zone;
    struct replica *replica;
    struct ledger *ledger;
    uint8_t *key; /* CRYPTO_SIGN_SECRET bytes; NULL: none that works */
    struct ui ui;
    struct shell *shell;
    struct term *term;
    struct plain_tty *lines;
    struct speech *speech;
};

/* SOSEDI_CLOCK ("2026-05-12T10:30:00Z") stops the wall clock there, for tests and pictures; waiting goes on as ever. */
static int64_t main_stopped_wall(const struct clock *c) { return c->test_wall_ms; }

static enum err main_set_clock(struct clock *clock, struct error *e)
{
    const char *fixed = getenv("SOSEDI_CLOCK");
    int64_t at;
    *clock = clock_system();
    if (!fixed || !*fixed)
        return ERR_NONE;
    if (!instant_parse(fixed, &at))
        return error_set(e, ERR_USAGE, "SOSEDI_CLOCK: %s is no time like 2026-05-12T10:30:00Z", fixed);
    clock->wall_ms = main_stopped_wall;
    clock->test_wall_ms = at * 1000;
    clock->quality = CLOCK_OK;
    return ERR_NONE;
}

static void main_load_key(struct main_kiosk *k)
{
    struct error e = {.code = ERR_NONE};
    k->key = guard_new(CRYPTO_SIGN_SECRET);
    if (key_load(k->key, k->args.data, &e) == ERR_NONE)
        return;
    if (e.code != ERR_NOT_FOUND)
        log_line(LOG_ERROR, "key-read", "error=%s", error_name(e.code));
    guard_free(k->key, CRYPTO_SIGN_SECRET);
    k->key = NULL;
}

/* Without a readable ledger or key the kiosk still shows what there is; it takes no sign-ups then. */
static void main_open_data(struct main_kiosk *k)
{
    char path[4096];
    struct error e = {.code = ERR_NONE};
    struct stat st;
    k->replica = replica_open(file_join(path, k->args.data, "replica.db"));
    bool check = stat(file_join(path, k->args.data, "ledger.db"), &st) == 0 && st.st_size <= MAIN_CHECK_BYTES;
    if (ledger_open(&k->ledger, k->args.data, &k->clock, check, &e) != ERR_NONE) {
        char quoted[400];
        log_line(LOG_ERROR, "ledger-open", "error=%s", log_quote(quoted, sizeof quoted, e.text));
        k->ledger = NULL;
    }
    if (k->ledger && ledger_use_anchor(k->ledger, config_str(k->config, "anchor", "file"), &e) != ERR_NONE)
        log_line(LOG_ERROR, "anchor", "error=%s", error_name(e.code));
    if (k->ledger)
        ledger_learn_clock(k->ledger, &k->clock);
    if (k->ledger && ledger_identity(k->ledger, &k->ui.identity, &e) != ERR_NONE)
        k->ui.identity = (struct ledger_identity){.epoch = 0};
    main_load_key(k);
}

static void main_choose_lang(const struct main_kiosk *k, char out[8])
{
    const char *list = config_str(k->config, "centre", "languages");
    struct i18n_lang first;
    int n = (int)strcspn(list, " ,");
    if (k->args.lang)
        snprintf(out, 8, "%s", k->args.lang);
    else if (n > 0)
        snprintf(out, 8, "%.*s", n < 7 ? n : 7, list);
    else
        snprintf(out, 8, "%s", i18n_list(&first, 1) > 0 ? first.code : "en");
}

static void main_build_ui(struct main_kiosk *k)
{
    const struct shell_setup setup = {
        .screens = screens,
        .count = SCREEN_COUNT,
        .attract = SCREEN_ATTRACT,
        .home = SCREEN_HOME,
        .help = SCREEN_HELP,
        .language = SCREEN_LANGUAGE,
        .idle = SCREEN_IDLE,
        .confirm = SCREEN_CONFIRM,
        .scan = SCREEN_MYTICKET,
        .staff = SCREEN_STAFF,
        .idle_ms = (int)config_int(k->config, "screen", "idle") * 1000,
        .gone_ms = (int)config_int(k->config, "screen", "idle_grace") * 1000,
    };
    struct ui *ui = &k->ui;
    ui->replica = k->replica;
    ui->ledger = k->ledger;
    ui->config = k->config;
    ui->data = k->args.data;
    ui->clock = &k->clock;
    ui->zone = k->zone;
    ui->sign_sk = k->key;
    ui->plain = k->args.plain != NULL;
    ui->contrast = config_bool(k->config, "screen", "contrast");
    ui->can_qr = !ui->plain && term_can_qr(k->term);
    main_choose_lang(k, ui->lang);
    k->shell = shell_new(ui, &setup);
    if (ui->plain)
        k->lines = plain_tty_open(k->shell);
    if (config_bool(k->config, "speech", "on"))
        k->speech = speech_new(config_str(k->config, "speech", "socket"));
}

/* Log lines go where the service manager reads them; on the person's screen they would only tear holes. */
static void main_mute_tty_log(void)
{
    int null = isatty(STDERR_FILENO) ? open("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
    if (null >= 0) {
        dup2(null, STDERR_FILENO);
        close(null);
    }
}

static enum err main_run(struct main_kiosk *k, struct error *e)
{
    enum err code = ERR_NONE;
    (void)((code = guard_begin(e)) || (code = main_set_clock(&k->clock, e)) || (code = crypto_init(e)) ||
           (code = i18n_init(e)) || (code = settings_load(&k->config, k->args.data, k->args.config, e)) ||
           (!k->args.plain && (code = term_open(&k->term, !config_bool(k->config, "screen", "colors"), e))) ||
           (code = file_make_dir(k->args.data, 0700, e)));
    if (code)
        return code;
    main_mute_tty_log();
    k->zone = zone_new(config_str(k->config, "centre", "timezone"));
    main_open_data(k);
    main_build_ui(k);
    struct loop_setup loop = {
        .data = k->args.data, .clock = &k->clock, .no_scanner = !config_bool(k->config, "screen", "scanner"),
        .plain = k->lines, .speech = k->speech};
    return loop_run(&k->ui, k->term, &loop, e);
}

static void main_done(struct main_kiosk *k)
{
    speech_free(k->speech);
    plain_tty_close(k->lines);
    shell_free(k->shell);
    term_close(k->term);
    guard_free(k->key, CRYPTO_SIGN_SECRET);
    ledger_close(k->ledger);
    replica_close(k->replica);
    zone_free(k->zone);
    config_free(k->config);
}

int main(int argc, char **argv)
{
    struct main_kiosk k = {.args = {.data = "/var/lib/sosedi"}};
    const struct cli_option options[] = {
        {"--data", "DIR", "folder with replica.db, ledger.db and kiosk.conf (/var/lib/sosedi)", &k.args.data},
        {"--lang", "CODE", "language to start with: ru, en, ... (the first of the settings)", &k.args.lang},
        {"--config", "FILE", "settings to read instead of DIR/kiosk.conf", &k.args.config},
        {"--plain", NULL, "numbered lines on standard input and output, for braille, speech and serial lines", &k.args.plain},
        {0}};
    struct error e = {.code = ERR_NONE};
    int words = cli_parse(argc, argv, main_name, "[--data DIR] [--lang CODE] [--config FILE] [--plain]", options);
    enum err code = ERR_NONE;
    if (words > 0)
        code = error_set(&e, ERR_USAGE, "unexpected argument: %s", argv[1]);
    else if (words == 0)
        code = main_run(&k, &e);
    main_done(&k);
    return code ? cli_fail(main_name, &e) : words < 0 ? -1 - words : CLI_DONE;
}
