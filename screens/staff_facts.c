/* The state of the terminal in plain words: line, freshness, what waits, printer, clock, who it is. */
#include "screens/staff_facts.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/ledger_anchor.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/staff_report.h"
#include "screens/staff_stick.h"

enum { STAFF_STALE_S = 86400 };

struct staff_word {
    const char *code, *text;
};

static const struct staff_word staff_line_words[] = {
    {"", N_("works; last exchange: %s")},
    {"net", N_("no connection; last exchange: %s. Check cable and router.")},
    {"tls", N_("the other side cannot prove who it is; last exchange: %s. Call the operator.")},
    {"clock", N_("the date of this machine is wrong; last exchange: %s. It is set by itself when there is a connection.")},
    {"busy", N_("the other side is busy; last exchange: %s. It is tried again by itself.")},
    {"disk", N_("this machine cannot write to its disk; last exchange: %s. Call the operator.")},
    {"old", N_("the program of this machine is too old; last exchange: %s. Call the operator.")},
    {"revoked", N_("this terminal has been blocked by the operator; last exchange: %s. Call the operator.")},
    {"sign", N_("the other side cannot prove who it is; last exchange: %s. Call the operator.")},
    {NULL, N_("does not work; last exchange: %s. If it stays so for a day, call the operator.")}};

static const struct staff_word staff_printer_words[] = {
    {"ok", N_("ready")},
    {"low", N_("ready, but the paper is nearly used up: have a new roll at hand")},
    {"paper", N_("out of paper: put in a new roll. What waits is printed by itself.")},
    {"cover", N_("the cover is open: close it. What waits is printed by itself.")},
    {"offline", N_("does not answer: is it switched on and plugged in?")},
    {"stalled", N_("stuck: switch it off and on again.")},
    {"error", N_("reports a fault: look at its lights, switch it off and on again.")},
    {"unknown", N_("prints, but does not tell how it is")},
    {NULL, N_("nothing has been heard of it")}};

static const char *staff_word(const struct staff_word *words, const char *code)
{
    while (words->code && strcmp(words->code, code) != 0)
        words++;
    return words->text;
}

static const char *staff_when(const struct ui *ui, int64_t at, char *out, size_t size)
{
    struct when w = when_of(ui);
    if (at <= 0)
        snprintf(out, size, "%s", _("never"));
    else
        when_moment(out, size, at, &w);
    return out;
}

static struct staff_fact *staff_add(struct staff_fact *out, int *n, const char *label)
{
    out[*n] = (struct staff_fact){.label = label};
    return &out[(*n)++];
}

static void staff_say_line(const struct ui *ui, const struct ledger_status *s, struct staff_fact *f)
{
    char when[80], sentence[STAFF_TEXT];
    snprintf(sentence, sizeof sentence, "%s", _(staff_word(staff_line_words, s->contact_fault)));
    if (!s->contact_fault[0] && s->contact_at <= 0)
        snprintf(sentence, sizeof sentence, "%s", _("no exchange has been tried yet: is kiosk-sync running?"));
    staff_when(ui, s->contact_at, when, sizeof when);
    char *at = strstr(sentence, "%s");
    if (!at)
        memcpy(f->text, sentence, sizeof f->text);
    else
        snprintf(f->text, sizeof f->text, "%.*s%s%s", (int)(at - sentence), sentence, when, at + 2);
    f->bad = s->contact_fault[0] || s->contact_at <= 0 || (ui->time_known && ui->now - s->contact_at > STAFF_STALE_S);
}

/* ledger_status.line in words; false: there is nothing to say. */
static bool staff_say_network(const struct ledger_status *s, struct staff_fact *f)
{
    int signal, used = 0;
    if (strncmp(s->line, "wire ", 5) == 0) {
        snprintf(f->text, sizeof f->text, _("by cable (%s)"), s->line + 5);
    } else if (sscanf(s->line, "radio %d %n", &signal, &used) == 1 && used > 0) {
        const char *how = signal >= 60 ? _("the signal is good") : signal >= 30 ? _("the signal is fair") : _("the signal is weak");
        snprintf(f->text, sizeof f->text, _("by radio, network “%s”: %s (%d of 100)"), s->line[used] ? s->line + used : "?", how, signal);
        f->bad = signal < 30;
    } else {
        snprintf(f->text, sizeof f->text, "%s", _("no network: is the cable in, is the radio on?"));
        f->bad = true;
    }
    return s->contact_try_at > 0;
}

static void staff_say_content(const struct ui *ui, struct staff_fact *f)
{
    char when[80];
    switch (replica_state(ui->replica)) {
    case REPLICA_READY:
        snprintf(f->text, sizeof f->text, _("as of %s"), staff_when(ui, ui->fresh_at, when, sizeof when));
        break;
    case REPLICA_EMPTY:
    case REPLICA_MISSING:
        snprintf(f->text, sizeof f->text, "%s", _("nothing yet: it comes with the first exchange"));
        f->bad = true;
        break;
    case REPLICA_DAMAGED:
        snprintf(f->text, sizeof f->text, "%s", _("damaged: it is fetched again by itself when there is a connection"));
        f->bad = true;
    }
}

static void staff_say_queue(const struct ledger_status *s, struct staff_fact *f)
{
    if (s->unsent > 0)
        snprintf(f->text, sizeof f->text,
                 i18n_plural("%d message waits to be sent; it is kept safely and goes by itself",
                             "%d messages wait to be sent; they are kept safely and go by themselves", (unsigned long)s->unsent),
                 s->unsent);
    else
        snprintf(f->text, sizeof f->text, "%s", _("everything has been sent"));
}

static void staff_say_printer(const struct ui *ui, const struct ledger_status *s, struct staff_fact *f)
{
    char waiting[120] = "";
    bool none = !s->printer[0] && ui->config && !config_str(ui->config, "printer", "url")[0];
    if (s->jobs_open > 0)
        snprintf(waiting, sizeof waiting, _(" (still to be printed: %d)"), s->jobs_open);
    snprintf(f->text, sizeof f->text, "%s%s", none ? _("none is set up") : _(staff_word(staff_printer_words, s->printer)), waiting);
    f->bad = strcmp(s->printer, "ok") != 0 && strcmp(s->printer, "unknown") != 0 && !none;
}

/* Nothing to say where there is no second medium and nothing is in doubt. */
static int staff_say_anchor(struct ledger *l, struct staff_fact *f)
{
    static const char *const words[] = {
        [LEDGER_ANCHOR_GOOD] = N_("in place; the records agree with it"),
        [LEDGER_ANCHOR_AWAY] = N_("cannot be written. Seats are not promised here until it can: is it plugged in? Call the operator."),
        [LEDGER_ANCHOR_LOST] = N_("does not agree with the records. Seats are promised here again after the next exchange."),
    };
    enum ledger_anchor_state state = ledger_anchor_state(l);
    if (state == LEDGER_ANCHOR_NONE)
        return 0;
    *f = (struct staff_fact){.label = _("Second memory"), .bad = state != LEDGER_ANCHOR_GOOD};
    snprintf(f->text, sizeof f->text, "%s", _(words[state]));
    return 1;
}

static void staff_say_clock(const struct ui *ui, struct staff_fact *f)
{
    f->bad = !ui->time_known;
    if (ui->time_known)
        staff_when(ui, ui->now, f->text, sizeof f->text);
    else
        snprintf(f->text, sizeof f->text, "%s", _("not known: it comes with the first exchange"));
}

static void staff_say_signups(const struct ui *ui, struct staff_fact *f)
{
    if (!ui->ledger)
        snprintf(f->text, sizeof f->text, "%s", _("not possible: the records cannot be opened. Call the operator."));
    else if (!ui->identity.kid[0] || !ui->sign_sk)
        snprintf(f->text, sizeof f->text, "%s", _("not possible: this terminal has not been introduced yet (kiosk-sync enrol)."));
    else if (!ui->identity.has_seal)
        snprintf(f->text, sizeof f->text, "%s", _("not possible until the first exchange."));
    else
        snprintf(f->text, sizeof f->text, "%s", _("possible"));
    f->bad = !ui->ledger || !ui->identity.kid[0] || !ui->sign_sk || !ui->identity.has_seal;
}

int staff_facts(const struct ui *ui, struct staff_fact out[STAFF_FACTS])
{
    struct ledger_status s = {.unsent = 0};
    struct error e;
    char hash[STAFF_HASH];
    int n = 0;
    struct staff_fact *f = staff_add(out, &n, _("This terminal"));
    snprintf(f->text, sizeof f->text, "%s%s%s", ui->identity.name[0] ? ui->identity.name : _("no name yet"),
             ui->identity.kid[0] ? ", " : "", ui->identity.kid);
    staff_say_signups(ui, staff_add(out, &n, _("Signing up")));
    staff_say_content(ui, staff_add(out, &n, _("Programme")));
    if (ui->ledger && ledger_status(ui->ledger, &s, &e) == ERR_NONE) {
        staff_say_line(ui, &s, staff_add(out, &n, _("Connection")));
        if (!staff_say_network(&s, staff_add(out, &n, _("Network"))))
            n--;
        staff_say_queue(&s, staff_add(out, &n, _("To be sent")));
        staff_say_printer(ui, &s, staff_add(out, &n, _("Printer")));
    }
    if (ui->ledger)
        n += staff_say_stick(ui->ledger, &out[n]);
    if (ui->ledger)
        n += staff_say_anchor(ui->ledger, &out[n]);
    staff_say_clock(ui, staff_add(out, &n, _("Date and time")));
    f = staff_add(out, &n, _("Version"));
    snprintf(f->text, sizeof f->text, "Sosedi %s, %s", SOSEDI_VERSION, staff_program_hash(hash));
    return n;
}
