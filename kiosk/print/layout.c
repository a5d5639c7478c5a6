/* The paper of a ticket, block by block. */
#include "kiosk/print/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/print/words.h"
#include "kiosk/ticket/code.h"
#include "kiosk/ticket/token.h"

enum { LAYOUT_TEXT_MAX = 1000, LAYOUT_QR_VERSION = 11 };

void layout_init(struct layout *out) { *out = (struct layout){0}; }

void layout_add(struct layout *out, struct block block, const char *text)
{
    if (out->count == LAYOUT_BLOCKS || (text && !*text))
        return;
    if (text)
        block.text = text_dup_clean(text, strlen(text), LAYOUT_TEXT_MAX, TEXT_LINE);
    out->block[out->count++] = block;
}

void layout_add_qr(struct layout *out, const char *payload, int module, int width)
{
    struct qr *qr = mem_new(1, sizeof *qr);
    int widest = qr_make(qr, payload, LAYOUT_QR_VERSION, NULL) ? 0 : width / (qr->side + 2 * LAYOUT_QUIET);
    if (module > widest)
        module = widest;
    if (out->count == LAYOUT_BLOCKS || module < LAYOUT_MODULE_MIN) {
        free(qr);
        return;
    }
    out->block[out->count++] = (struct block){.kind = BLOCK_QR, .qr = qr, .module = module, .centred = true};
}

void layout_done(struct layout *out)
{
    for (int i = 0; i < out->count; i++) {
        free(out->block[i].text);
        free(out->block[i].qr);
    }
    out->count = 0;
}

void layout_gap(struct layout *out, enum block_size size)
{
    layout_add(out, (struct block){.kind = BLOCK_GAP, .size = size}, NULL);
}

void layout_rule(struct layout *out) { layout_add(out, (struct block){.kind = BLOCK_RULE}, NULL); }

void layout_printed(struct layout *out, const struct layout_where *where)
{
    char date[128], line[256];
    if (where->printed_at <= 0)
        return;
    snprintf(line, sizeof line, _("Printed on %s"), words_plain(date, sizeof date, where->printed_at, where->zone));
    layout_gap(out, SIZE_SMALL);
    layout_add(out, (struct block){.size = SIZE_SMALL, .centred = true, .lines = 3}, line);
}

/* ---- the event */

/* What is asked for, or what help is offered with, and whose it is: a request has no time and no place. */
static void layout_request(struct layout *out, const struct ticket *t)
{
    const struct block large = {.size = SIZE_LARGE, .bold = true, .lines = 5}, plain = {.size = SIZE_NORMAL, .lines = 4};
    layout_add(out, plain, t->facts.request == 'w' ? _("You offer help with:") : _("You ask for:"));
    layout_add(out, large, t->facts.title);
    layout_gap(out, SIZE_SMALL);
    layout_add(out, (struct block){.size = SIZE_NORMAL, .bold = true, .lines = 3}, t->facts.organizer);
}

static void layout_event(struct layout *out, const struct ticket *t, const struct zone *zone)
{
    char line[256];
    const struct block large = {.size = SIZE_LARGE, .bold = true, .lines = 5},
                       plain = {.size = SIZE_NORMAL, .lines = 4};
    const struct block strong = {.size = SIZE_NORMAL, .bold = true, .lines = 3};
    layout_add(out, large, t->facts.title);
    layout_gap(out, SIZE_SMALL);
    layout_add(out, strong, words_days(line, sizeof line, &t->facts, zone));
    layout_add(out, (struct block){.size = SIZE_LARGE, .bold = true}, words_hours(line, sizeof line, &t->facts, zone));
    layout_gap(out, SIZE_SMALL);
    layout_add(out, strong, t->facts.place);
    if (strcmp(t->facts.place, t->facts.address) != 0)
        layout_add(out, plain, t->facts.address);
    if (t->facts.organizer[0] && strcmp(t->facts.organizer, t->facts.place) != 0)
        layout_add(out, (struct block){.size = SIZE_SMALL, .lines = 2}, t->facts.organizer);
}

/* ---- the state, and what happens next */

/* A request: [0] the headline, [1] what happens next. */
static const char *layout_request_words(const struct ticket *t, bool next)
{
    switch (t->state) {
    case TICKET_CONFIRMED:
        return next ? _("The community has it now and will call or write to you.") : _("Your request was passed on");
    case TICKET_CANCELLED:
        return next ? _("Nobody will call you about it any more. You can ask again at any time.") : _("This request is cancelled");
    case TICKET_ASKING:
    case TICKET_WAITING:
        return next ? _("It will be passed on to the community, which will call or write to you.") : _("Your request is saved");
    default:
        return next ? _("Somebody will call or write to you. Please keep the code.") : _("Your request is being looked at");
    }
}

static const char *layout_headline(const struct ticket *t)
{
    if (t->facts.request)
        return layout_request_words(t, false);
    switch (t->state) {
    case TICKET_CONFIRMED:
        return _("You are signed up");
    case TICKET_ASKING:
    case TICKET_WAITING:
        return t->pos > 0 ? _("You are on the waiting list") : _("Your request is accepted");
    case TICKET_DISPLACED:
        return _("Your seat has changed: please ask");
    case TICKET_EVENT_CANCELLED:
        return _("The event will not take place");
    case TICKET_TERMS_CHANGED:
        return _("The event has changed: please check");
    case TICKET_CANCELLED:
        return _("You have cancelled");
    case TICKET_CONFLICT:
    case TICKET_QUARANTINED:
        break;
    }
    return _("Your request is being checked");
}

static const char *layout_next(const struct ticket *t)
{
    if (t->facts.request)
        return layout_request_words(t, true);
    switch (t->state) {
    case TICKET_CONFIRMED:
        return _("We look forward to seeing you. Please show this paper at the entrance.");
    case TICKET_ASKING:
    case TICKET_WAITING:
        return t->pos > 0
                   ? _("As soon as a place comes free, you will be told by phone or e-mail. You can also ask at any "
                       "kiosk with the code below.")
                   : _("You will be told by phone or e-mail whether there is a place. You can also ask at any kiosk "
                       "with the code below.");
    case TICKET_DISPLACED:
        return _("We are sorry: this seat could not be kept. You are first in line for another one. Please speak to "
                 "the staff.");
    case TICKET_EVENT_CANCELLED:
        return _("We are sorry. Any kiosk will show you what else is on nearby.");
    case TICKET_TERMS_CHANGED:
        return _("The time or the place is new. Enter the code below at any kiosk to see it and to say whether it "
                 "suits you.");
    case TICKET_CANCELLED:
        return _("Thank you for telling us: your place goes to a neighbour. You are welcome another time.");
    case TICKET_CONFLICT:
    case TICKET_QUARANTINED:
        break;
    }
    return _("A person is looking into it and will be in touch with you. You can also ask at any kiosk with the code "
             "below.");
}

static bool layout_is_open(enum ticket_state state)
{
    return state != TICKET_CANCELLED && state != TICKET_EVENT_CANCELLED;
}

static void layout_seats(struct layout *out, const struct ticket *t)
{
    char numbers[160], line[256];
    const struct block strong = {.size = SIZE_LARGE, .bold = true, .centred = true};
    if (t->state == TICKET_CONFIRMED && t->seat_count > 0) {
        words_numbers(numbers, sizeof numbers, t->seats, t->seat_count);
        snprintf(line, sizeof line, i18n_plural("Seat %s", "Seats %s", (unsigned long)t->seat_count), numbers);
        layout_add(out, strong, line);
    }
    if (t->state == TICKET_WAITING && t->pos > 0 && !t->facts.request) {
        snprintf(line, sizeof line, _("Your number in the list: %d"), t->pos);
        layout_add(out, strong, line);
    }
    if (layout_is_open(t->state) && !t->facts.request) {
        snprintf(line, sizeof line, i18n_plural("for %d person", "for %d people", (unsigned long)t->party), t->party);
        layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true}, line);
    }
}

static void layout_state(struct layout *out, const struct ticket *t)
{
    enum block_kind kind = t->state == TICKET_CONFIRMED ? BLOCK_BANNER : BLOCK_FRAME;
    layout_add(out, (struct block){.kind = kind, .size = SIZE_LARGE, .bold = true, .centred = true},
               layout_headline(t));
    layout_gap(out, SIZE_SMALL);
    layout_seats(out, t);
    layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true}, layout_next(t));
}

/* ---- the code */

static void layout_code(struct layout *out, const struct ticket *t, const struct layout_where *where)
{
    char shown[CODE_SHOWN + 1], url[CODE_URL_MAX];
    code_show(shown, t->code);
    layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true}, _("Your code"));
    layout_add(out, (struct block){.size = SIZE_HUGE, .bold = true, .centred = true, .lines = 1}, shown);
    bool has_url = where->host[0] && code_url(url, where->host, t->code);
    layout_add_qr(out, has_url ? url : t->code, where->module, where->width);
    if (t->facts.request && layout_is_open(t->state))
        layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true},
                   _("Enter the code at any kiosk under “My ticket”: there you see how far it has come, and can cancel it."));
    else if (layout_is_open(t->state))
        layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true},
                   _("Plans changed? Enter the code at any kiosk and cancel: a neighbour will be glad of the place."));
    else
        layout_add(out, (struct block){.size = SIZE_NORMAL, .centred = true},
                   _("Enter the code at any kiosk to look it up."));
}

/* The signed token proves a seat; a ticket that stands for none has nothing to prove. */
static void layout_token(struct layout *out, const struct ticket *t, const struct layout_where *where)
{
    if (!t->has_token || !layout_is_open(t->state))
        return;
    char text[TOKEN_TEXT + 1];
    token_text(text, t->token);
    int smaller = where->module > LAYOUT_MODULE_MIN ? where->module - 1 : LAYOUT_MODULE_MIN;
    layout_rule(out);
    layout_add(out, (struct block){.size = SIZE_SMALL, .centred = true}, _("For the check at the entrance"));
    layout_add_qr(out, text, smaller < 5 ? smaller : 5, where->width);
}

void layout_ticket(struct layout *out, const struct ticket *t, const struct layout_where *where)
{
    const struct block small = {.size = SIZE_SMALL, .centred = true, .lines = 3};
    layout_init(out);
    layout_add(out, small, where->centre);
    layout_rule(out);
    if (t->facts.request)
        layout_request(out, t);
    else
        layout_event(out, t, where->zone);
    layout_gap(out, SIZE_NORMAL);
    layout_state(out, t);
    layout_rule(out);
    layout_code(out, t, where);
    layout_token(out, t, where);
    layout_printed(out, where);
}
