/* What became of a stick, in words for somebody who has it in the hand. */
#include "screens/staff_stick.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/log.h"
#include "kiosk/store/ledger_carry.h"

static const struct {
    const char *fault, *text;
} staff_stick_words[] = {
    {"full", N_("there is no room on it. Nothing is lost. Make some room, or take another one.")},
    {"readonly", N_("it lets nothing be written. If it has a little switch, push it; or take another one.")},
    {"damaged", N_("what is on it was not copied to the end. Nothing is lost. Please have it copied once more.")},
    {"stranger", N_("it comes from another hub. Nothing was taken from it.")},
    {"broken", N_("it cannot be read, or was taken out too early. Nothing is lost. Please put it in once more.")},
    {"disk", N_("this machine cannot write to its own disk. Call the operator.")},
};

static void staff_stick_add(struct staff_fact *f, const char *sentence)
{
    size_t n = strlen(f->text);
    snprintf(f->text + n, sizeof f->text - n, "%s%s", n ? " " : "", sentence);
}

static void staff_stick_fault(const struct ledger_stick *s, struct staff_fact *f)
{
    f->bad = true;
    for (size_t i = 0; i < sizeof staff_stick_words / sizeof staff_stick_words[0]; i++)
        if (strcmp(s->fault, staff_stick_words[i].fault) == 0)
            staff_stick_add(f, _(staff_stick_words[i].text));
    if (s->items > 0)
        staff_stick_add(f, _("What is new was taken."));
}

static void staff_stick_done(const struct ledger_stick *s, struct staff_fact *f)
{
    char words[160];
    staff_stick_add(f, _("you can take it out."));
    if (s->items > 0)
        staff_stick_add(f, _("What is new was taken."));
    if (s->answered)
        staff_stick_add(f, _("The hub's answers have come."));
    if (s->sent == 0 && !s->answered && s->items == 0)
        staff_stick_add(f, _("There was nothing new on it."));
    if (s->sent == 0)
        return;
    snprintf(
        words, sizeof words,
        i18n_plural("It carries %d message to the hub.", "It carries %d messages to the hub.", (unsigned long)s->sent),
        s->sent);
    staff_stick_add(f, words);
}

int staff_say_stick(struct ledger *l, struct staff_fact *f)
{
    struct ledger_stick s;
    if (ledger_stick(l, &s, NULL) != ERR_NONE || s.state == LEDGER_STICK_NONE)
        return 0;
    *f = (struct staff_fact){.label = _("USB stick")};
    if (s.state == LEDGER_STICK_FOUND)
        staff_stick_add(f, _("found"));
    else if (s.state == LEDGER_STICK_BUSY)
        staff_stick_add(f, _("being read and written. Please leave it in."));
    else if (s.fault[0])
        staff_stick_fault(&s, f);
    else
        staff_stick_done(&s, f);
    return 1;
}

void staff_ask_stick(struct ledger *l)
{
    struct error e;
    if (ledger_stick_ask(l, &e) != ERR_NONE)
        log_line(LOG_ERROR, "ledger", "why=%s", error_name(e.code));
}

bool staff_use_stick(struct ledger *l)
{
    struct ledger_stick s;
    if (ledger_stick(l, &s, NULL) != ERR_NONE)
        return false;
    if (s.state == LEDGER_STICK_FOUND && !s.asked)
        staff_ask_stick(l);
    return s.state == LEDGER_STICK_DONE;
}
