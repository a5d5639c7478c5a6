/* kiosk-hub signups, requests: who comes, who asks for help or offers it. */
#include "sync/hub/command.h"

#include <string.h>

#include "kiosk/base/guard.h"
#include "kiosk/ticket/code.h"
#include "sync/hub/keys.h"
#include "sync/hub/seats/opened.h"
#include "sync/hub/passphrase.h"
#include "sync/hub/seats/request.h"

enum { SIGNUPS_MAX = 256 << 20 };

/* Asks for the passphrase only when a key is locked. */
static enum err signups_passphrase(struct hub *h, const char *file, char **out, struct error *e)
{
    struct keys *k = guard_new(sizeof *k);
    bool locked = false;
    enum err err = keys_load(k, h->dir, e);
    for (int i = 0; !err && !locked && i < k->doc.seal_count; i++)
        if (keys_seal_state(h->dir, k->doc.seal[i].id, &locked, NULL))
            locked = false;
    guard_free(k, sizeof *k);
    return err || !locked ? err : passphrase_read(file, out, e);
}

static int signups_print(struct hub *h, struct opened_query *q, const char *file)
{
    struct error e = {0};
    char *passphrase = NULL;
    struct buf out;
    buf_init(&out, SIGNUPS_MAX);
    enum err err = signups_passphrase(h, file, &passphrase, &e);
    q->passphrase = passphrase;
    if (!err)
        err = opened_list(h, q, &out, &e);
    int code = err ? command_fail(&e) : command_print(&out);
    buf_wipe(&out);
    passphrase_free(passphrase);
    buf_done(&out);
    return code;
}

/* The code as people write it. */
static int requests_pass(struct hub *h, const char *typed)
{
    struct error e = {0};
    char code[CODE_LEN + 1];
    if (code_read(code, typed, strlen(typed)) != CODE_OK)
        return command_usage("--passed wants the code of a request, ten letters and digits");
    return request_pass(h->db, code, &e) ? command_fail(&e) : CLI_DONE;
}

int command_requests(struct hub *h, int argc, char **argv)
{
    const char *format = "csv", *passed = NULL, *file = NULL;
    const struct cli_option options[] = {
        {"--format", "csv|json", "csv when not given", &format},
        {"--passed", "CODE", "list nothing: this request was passed on to the community", &passed},
        {"--passphrase-file", "FILE", "first line: the passphrase of the opener's key; else it is asked for", &file},
        {.name = NULL},
    };
    int words = command_parse(argc, argv, "requests [OPTION]...\nPrints personal data.", options);
    if (words < 0)
        return -1 - words;
    if (words > 0 || (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0))
        return command_usage("requests takes --format csv or json, and no words");
    if (passed)
        return requests_pass(h, passed);
    struct opened_query q = {.what = OPENED_REQUESTS, .format = format[0]};
    return signups_print(h, &q, file);
}

int command_signups(struct hub *h, int argc, char **argv)
{
    const char *format = "csv", *event = NULL, *file = NULL;
    const struct cli_option options[] = {
        {"--event", "ID", "only of this event, or of this one date of it", &event},
        {"--format", "csv|json", "csv when not given", &format},
        {"--passphrase-file", "FILE", "first line: the passphrase of the opener's key; else it is asked for", &file},
        {.name = NULL},
    };
    int words = command_parse(argc, argv, "signups [OPTION]...\nPrints personal data.", options);
    if (words < 0)
        return -1 - words;
    if (words > 0 || (strcmp(format, "csv") != 0 && strcmp(format, "json") != 0))
        return command_usage("signups takes --format csv or json, and no words");
    struct opened_query q = {.event = event, .format = format[0]};
    return signups_print(h, &q, file);
}
