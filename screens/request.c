/* A request: asking for what a community shares, or offering help with what it seeks. It is a sign-up without a time (signup.h): the
 * same form, the same last look, the same ticket with a code. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "screens/resources.h"
#include "screens/signup.h"

static bool request_is_help(const struct signup *s) { return s->event.direction && strcmp(s->event.direction, "want") == 0; }

static bool request_fetch(struct ui *ui, struct signup *s)
{
    return replica_get(ui->replica, s->id, &s->event, NULL) == ERR_NONE && strcmp(s->event.kind, "resource") == 0;
}

static enum signup_stuck request_judge(const struct ui *ui, const struct signup *s)
{
    (void)s;
    return signup_is_open(ui) ? SIGNUP_GOES_ON : SIGNUP_CLOSED;
}

static void request_ask(struct signup *s)
{
    struct field fields[FORM_FIELDS];
    const char *owner = s->event.owner_name && s->event.owner_name[0] ? s->event.owner_name : _("the community that has written this");
    snprintf(s->consent, sizeof s->consent,
             _("What you wrote is passed on only to: %s. It is used to answer you, and is deleted 30 days after it has arrived. You may change your "
               "mind at any time: cancel under “My ticket” with the code of your paper, or ask the staff."),
             owner);
    int n = signup_ask_who(fields);
    fields[n++] = (struct field){.id = "message", .type = FIELD_TEXT, .required = true,
                                 .label = request_is_help(s) ? _("How can you help, and when?") : _("What do you need it for, and when?"),
                                 .hint = _("A few words are enough.")};
    n += signup_ask_consent(s, fields + n);
    form_set(&s->form, fields, n, _("Next: check everything"));
}

static void request_below(char *out, size_t size, const struct ui *ui, const struct signup *s)
{
    char what[120];
    (void)ui;
    resources_what(what, sizeof what, s->event.resource_type ? s->event.resource_type : "", request_is_help(s));
    snprintf(out, size, "%s%s%s", what, s->event.owner_name ? " · " : "", s->event.owner_name ? s->event.owner_name : "");
}

static const struct signup_trouble request_troubles[] = {
    [SIGNUP_CLOSED] = {N_("Requests do not work on this terminal just now"),
                       N_("Please tell the staff, or call the community yourself: its telephone is on the page before. Everything else here works.")},
    [SIGNUP_GONE] = {N_("This is no longer shared or sought"),
                     N_("The community has taken it back a moment ago. Nothing was sent, and nothing you typed is kept.")},
    [SIGNUP_CANCELLED] = {N_("This is no longer shared or sought"),
                          N_("The community has taken it back a moment ago. Nothing was sent, and nothing you typed is kept.")},
    [SIGNUP_BEGUN] = {"", ""},
    [SIGNUP_NO_NEED] = {"", ""},
    [SIGNUP_DISK_FULL] = {N_("There is no room left to save your request"),
                          N_("Nothing was sent. Please tell the staff: they will see to the terminal.")},
    [SIGNUP_FAILED] = {N_("Your request could not be saved"),
                       N_("Nothing was sent. Please try once more; if it does not work, tell the staff.")},
};

const struct signup_kind signup_of_resource = {
    .send = N_("All right, send it"),
    .leave = N_("Leave without sending? What you typed will be gone."),
    .trouble = request_troubles,
    .fetch = request_fetch,
    .judge = request_judge,
    .ask = request_ask,
    .below = request_below,
};

/* arg: the resource's id. */
static void request_enter(struct ui *ui, void *state, const char *arg) { signup_begin(ui, state, &signup_of_resource, arg); }

const struct screen screen_request = {
    .name = "request",
    .title = N_("Ask or help"),
    .state_size = sizeof(struct signup),
    .flags = SCREEN_UNTYPES,
    .keys = signup_keys,
    .enter = request_enter,
    .refresh = signup_refresh,
    .draw = signup_draw,
    .act = signup_act,
    .key = signup_key,
    .leave = signup_leave,
    .can = signup_can,
};
