/* A stick's coming, use and going. */
#include "sync/agent_stick.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/log.h"
#include "kiosk/store/ledger_carry.h"
#include "sync/bundle.h"
#include "sync/stick.h"

enum { AGENT_STICK_AGAIN_MS = 60000 };

static void agent_stick_tell(struct agent *a, const struct ledger_stick *s)
{
    struct error e;
    a->stick = s->state;
    if (ledger_stick_tell(a->ledger, s, &e) == ERR_NONE)
        return;
    a->stick_at = clock_mono_ms(&a->clock) + AGENT_STICK_AGAIN_MS;
    log_line(LOG_ERROR, "ledger", "why=%s", error_name(e.code));
}

bool agent_stick_look(struct agent *a)
{
    struct ledger_stick s;
    bool there = stick_is_there(config_str(a->config, "usb", "folder"));
    if (!there && a->stick == LEDGER_STICK_NONE && a->stick_known)
        return false;
    if (ledger_stick(a->ledger, &s, NULL) != ERR_NONE)
        return false;
    a->stick = s.state;
    /* What an earlier run said last may be over. */
    bool begun = s.state == LEDGER_STICK_BUSY;
    if (there ? s.state == LEDGER_STICK_NONE || begun : s.state != LEDGER_STICK_NONE) {
        bool asked = s.asked;
        s = (struct ledger_stick){.state = there ? LEDGER_STICK_FOUND : LEDGER_STICK_NONE};
        log_line(LOG_INFO, there ? "stick-found" : "stick-gone", "%s", "");
        agent_stick_tell(a, &s);
        s.asked = asked && there;
    }
    a->stick_known = true;
    return there && s.asked && clock_mono_ms(&a->clock) >= a->stick_at;
}

/* The word for what failed: for people, who can do something about a stick. */
static const char *agent_stick_fault(const struct bundle_report *r, enum err code)
{
    if (!code)
        return "";
    switch (r->stick) {
    case ERR_NONE:
        return code == ERR_NOT_FOUND || code == ERR_IO ? "broken" : "disk";
    case ERR_FULL:
        return "full";
    case ERR_DENIED:
        return "readonly";
    case ERR_CORRUPT:
    case ERR_INVALID:
    case ERR_TOO_BIG:
        return "damaged";
    default:
        return "broken";
    }
}

static void agent_stick_log(const char *event, const struct error *e)
{
    char why[400];
    log_line(LOG_WARN, event, "why=%s", log_quote(why, sizeof why, e->text));
}

void agent_stick_do(struct agent *a)
{
    const char *dir = config_str(a->config, "usb", "folder");
    struct bundle_report in, out;
    struct error e = {0};
    agent_stick_tell(a, &(struct ledger_stick){.state = LEDGER_STICK_BUSY});
    enum err code = bundle_import(a, dir, &in, &e);
    /* A stick that nobody has written to yet. */
    if (code == ERR_NOT_FOUND && !in.stick)
        code = ERR_NONE;
    const char *fault = code && in.stick == ERR_DENIED ? "stranger" : agent_stick_fault(&in, code);
    if (code)
        agent_stick_log("stick-import", &e);
    code = bundle_export(a, dir, &out, &e);
    if (code)
        agent_stick_log("stick-export", &e);
    /* What the staff page can do about it: a stick that cannot be written before what was wrong with what was on it. */
    if (code)
        fault = agent_stick_fault(&out, code);
    struct ledger_stick s = {.state = LEDGER_STICK_DONE,
                             .sent = out.operations,
                             .items = in.items,
                             .news = in.news,
                             .answered = in.receipts + out.receipts > 0};
    snprintf(s.fault, sizeof s.fault, "%s", fault);
    if (!stick_is_there(dir))
        s = (struct ledger_stick){.state = LEDGER_STICK_NONE};
    agent_stick_tell(a, &s);
}
