/* kiosk-hub revoke: a person takes a kiosk's rights away, and perhaps its seats, once the risk was said. */
#include "sync/hub/command.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kiosk/ticket/crypto.h"
#include "sync/hub/seats/seats.h"
#include "sync/hub/seats/writeoff.h"

/* The kiosk's id from its id or its name, when only one has it. */
static enum err revoke_find(struct sql *db, const char *who, char kid[CRYPTO_KID + 1], struct error *e)
{
    struct sql_stmt *st = sql_get(
        db, "SELECT kid FROM kiosk WHERE kid = :who OR (name = :who AND state <> 'gone') ORDER BY kid <> :who LIMIT 2");
    bool row = false;
    sql_bind_text(st, ":who", who);
    enum err err = sql_step(st, &row, e);
    if (err)
        return err;
    if (!row)
        return error_set(e, ERR_NOT_FOUND, "no kiosk has the id or name %s", who);
    snprintf(kid, CRYPTO_KID + 1, "%s", sql_text(st, 0));
    err = sql_step(st, &row, e);
    sql_reset(st);
    if (!err && row && strcmp(kid, who) != 0)
        return error_set(e, ERR_USAGE, "several kiosks are called %s: give the id", who);
    return err;
}

static enum err revoke_set(struct sql *db, const char *kid, bool write_off, struct error *e)
{
    struct sql_stmt *st = sql_get(db, "UPDATE kiosk SET state = :state WHERE kid = :kid AND state <> 'gone'");
    sql_bind_text(st, ":state", write_off ? "gone" : "revoked");
    sql_bind_text(st, ":kid", kid);
    enum err err = sql_run(st, e);
    return err || !write_off ? err : seats_write_off(db, kid, e);
}

static enum err revoke_run(struct sql *db, const char *kid, bool write_off, struct error *e)
{
    enum err err = sql_begin_alone(db, e);
    if (!err)
        err = revoke_set(db, kid, write_off, e);
    if (!err)
        err = sql_commit(db, e);
    if (err)
        sql_rollback(db);
    return err;
}

/* The answer of whoever sits there, "yes" and nothing less. */
static bool revoke_asks(void)
{
    char line[16] = "";
    fputs("Write it off? Type yes: ", stderr);
    return fgets(line, sizeof line, stdin) && strcmp(line, "yes\n") == 0;
}

/* Says what a write-off risks; an error unless a person wants it all the same. */
static enum err revoke_confirm(struct hub *h, const char *kid, bool yes, struct error *e)
{
    struct buf risk;
    int64_t seats = 0;
    buf_init(&risk, 64 << 10);
    enum err err = writeoff_describe(h, kid, &risk, &seats, e);
    if (!err)
        fputs(risk.data, stderr);
    buf_done(&risk);
    if (err || yes)
        return err;
    if (!isatty(STDIN_FILENO))
        return error_set(e, ERR_USAGE, "nothing was written off: read what it risks, then say --yes");
    return revoke_asks() ? ERR_NONE : error_set(e, ERR_STATE, "nothing was written off");
}

int command_revoke(struct hub *h, int argc, char **argv)
{
    const char *write_off = NULL, *yes = NULL;
    const struct cli_option options[] = {
        {"--write-off", NULL, "it will never speak again: give its unsold seats to others", &write_off},
        {"--yes", NULL, "with --write-off: the risk is known, do not ask", &yes},
        {.name = NULL}};
    struct error e = {0};
    char kid[CRYPTO_KID + 1];
    int words =
        command_parse(argc, argv,
                      "revoke [--write-off [--yes]] KIOSK\nKIOSK is an id or a name of \"kiosk-hub kiosks\". "
                      "What it still sends is kept for a person.\nTickets it sold and did not report are valid: after "
                      "--write-off their seats may be sold again. How many\nthose can be is said first.",
                      options);
    if (words < 0)
        return -1 - words;
    if (words != 1)
        return command_usage("revoke wants one KIOSK");
    enum err err = revoke_find(h->db, argv[1], kid, &e);
    if (!err && write_off)
        err = revoke_confirm(h, kid, yes != NULL, &e);
    if (!err)
        err = revoke_run(h->db, kid, write_off != NULL, &e);
    return err ? command_fail(&e) : CLI_DONE;
}
