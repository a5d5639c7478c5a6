/* What is said about a ticket: its state, what happens next, its seats, its paper. */
#include "screens/printing.h"
#include "screens/ticket.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/ui.h"

/* One row per state. The place in a waiting list is known only when the hub has answered, so waiting has two. */
static const struct ticket_word {
    const char *title, *next;
    enum style style;
} ticket_words[] = {
    [TICKET_ASKING] = {N_("One moment, asking…"), N_("Your sign-up is saved. Now we ask whether there is still room."), STYLE_WARN},
    [TICKET_CONFIRMED] = {N_("You are signed up"), N_("Bring the ticket or this code with you."), STYLE_GOOD},
    [TICKET_WAITING] = {N_("Your sign-up is saved"),
                        N_("It is not confirmed yet. The organiser will call or write to you; you can also look under “My ticket”."),
                        STYLE_WARN},
    [TICKET_DISPLACED] = {N_("There is no seat for you yet"),
                          N_("You are first on the waiting list. The organiser will call or write to you."), STYLE_WARN},
    [TICKET_EVENT_CANCELLED] = {N_("The event has been called off"), N_("There is nothing for you to do."), STYLE_WARN},
    [TICKET_TERMS_CHANGED] = {N_("The time or the place has changed"),
                              N_("Please look at the event again. The organiser will call or write to you."), STYLE_WARN},
    [TICKET_CONFLICT] = {N_("Your sign-up is being looked at"), N_("Somebody will call or write to you. Please keep the code."), STYLE_WARN},
    [TICKET_QUARANTINED] = {N_("Your sign-up is being looked at"), N_("Somebody will call or write to you. Please keep the code."),
                            STYLE_WARN},
    [TICKET_CANCELLED] = {N_("This sign-up is cancelled"), N_("Nobody expects you any more. You can sign up again at any time."),
                          STYLE_WARN},
};
static const struct ticket_word ticket_in_line = {
    N_("You are on the waiting list"), N_("If a place comes free, the organiser will call or write to you."), STYLE_WARN};

/* A request has no seat and no time: it is here, it is there, it was passed on. */
static const struct ticket_word ticket_request_words[] = {
    [TICKET_WAITING] = {N_("Your request is saved"),
                        N_("It goes out as soon as there is a line. You can look under “My ticket” how far it has come."), STYLE_GOOD},
    [TICKET_CONFIRMED] = {N_("Your request was passed on"), N_("The community has it now and will call or write to you."), STYLE_GOOD},
    [TICKET_CANCELLED] = {N_("This request is cancelled"), N_("Nobody will call you about it any more. You can ask again at any time."),
                          STYLE_WARN},
};
static const struct ticket_word ticket_request_arrived = {
    N_("Your request has arrived"), N_("It will be passed on to the community, which will call or write to you."), STYLE_GOOD};
static const struct ticket_word ticket_request_looked_at = {
    N_("Your request is being looked at"), N_("Somebody will call or write to you. Please keep the code."), STYLE_WARN};

static const struct ticket_word *ticket_request_word(const struct ticket *t)
{
    enum ticket_state state = t->state == TICKET_ASKING ? TICKET_WAITING : t->state;
    if (state == TICKET_WAITING && t->pos > 0)
        return &ticket_request_arrived;
    bool has_words = state == TICKET_WAITING || state == TICKET_CONFIRMED || state == TICKET_CANCELLED;
    return has_words ? &ticket_request_words[state] : &ticket_request_looked_at;
}

static const struct ticket_word *ticket_word(const struct ticket_view *v)
{
    if (v->ticket.facts.request)
        return ticket_request_word(&v->ticket);
    return v->ticket.state == TICKET_WAITING && v->ticket.pos > 0 ? &ticket_in_line : &ticket_words[v->ticket.state];
}

const char *ticket_title(const struct ticket_view *v) { return _(ticket_word(v)->title); }
enum style ticket_title_style(const struct ticket_view *v) { return ticket_word(v)->style; }
const char *ticket_next(const struct ticket_view *v) { return _(ticket_word(v)->next); }

bool ticket_is_alive(const struct ticket_view *v)
{
    return v->here && v->ticket.state != TICKET_CANCELLED && v->ticket.state != TICKET_EVENT_CANCELLED;
}

char *ticket_seats(const struct ticket_view *v, char *out, size_t size)
{
    const struct ticket *t = &v->ticket;
    char list[LEDGER_SEATS_MAX * 8] = "";
    size_t n = 0;
    out[0] = '\0';
    if (t->facts.request)
        return out;
    for (int i = 0; i < t->seat_count && i < LEDGER_SEATS_MAX; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "%s%d", i ? ", " : "", t->seats[i] % 100000);
    if (t->state == TICKET_CONFIRMED && t->seat_count > 0)
        snprintf(out, size, i18n_plural("Your seat: %s", "Your seats: %s", (unsigned long)t->seat_count), list);
    else if (t->state == TICKET_WAITING && t->pos > 0)
        snprintf(out, size, _("Your place in the line: %d"), t->pos);
    else
        snprintf(out, size, i18n_plural("For %d person", "For %d people", (unsigned long)t->party), t->party);
    return out;
}

/* ---- the paper */

static const char *ticket_fault(enum job_fault fault)
{
    switch (fault) {
    case JOB_PAPER:
        return _("The printer is out of paper. Your sign-up is safe: write the code down, or ask the staff.");
    case JOB_COVER:
        return _("The printer is open. Your sign-up is safe: write the code down, or ask the staff.");
    default:
        return _("The printer does not answer. Your sign-up is safe: write the code down, or ask the staff.");
    }
}

static const char *ticket_job_words(const struct ui *ui, const struct ticket_view *v)
{
    const struct job *j = &v->job;
    bool old = v->looked_up && j->id == v->old_job;
    if (j->state == JOB_PRINTED)
        return old ? "" : _("Your ticket is printed. Please take it.");
    if (j->state == JOB_UNSURE)
        return old ? "" : _("We cannot tell whether your ticket was printed. If it was not, print it again.");
    if (j->state == JOB_PRINTING)
        return _("Printing your ticket…");
    if (j->state == JOB_CANCELLED || v->ticket.state == TICKET_ASKING)
        return "";
    if (!printing_has_printer(ui))
        return _("There is no printer here. Please write the code down or take a photo.");
    if (j->fault != JOB_FINE || ui->mono - v->job_since > PRINTING_PATIENCE_MS)
        return ticket_fault(j->fault);
    return _("Your ticket will be printed at once…");
}

char *ticket_printing(const struct ui *ui, const struct ticket_view *v, char *out, size_t size)
{
    snprintf(out, size, "%s", v->job.id && ticket_is_alive(v) ? ticket_job_words(ui, v) : "");
    return out;
}
