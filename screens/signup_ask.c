/* What a sign-up asks, and what becomes of the answers. */
#include "screens/signup.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/ui.h"

int signup_most_people(const struct content *event)
{
    if (event->capacity < 0 || event->capacity > LEDGER_SEATS_MAX)
        return LEDGER_SEATS_MAX;
    return event->capacity > 0 ? event->capacity : 1;
}

static struct field signup_field_of(const struct question *q)
{
    static const enum field_type types[] = {[QUESTION_TEXT] = FIELD_TEXT, [QUESTION_CHOICE] = FIELD_CHOICE,
                                            [QUESTION_NUMBER] = FIELD_NUMBER, [QUESTION_YESNO] = FIELD_YESNO};
    struct field f = {.label = q->label, .type = types[q->type], .required = q->required, .max = 999999999,
                      .option_count = q->option_count};
    snprintf(f.id, sizeof f.id, "%s", q->id);
    for (int i = 0; i < q->option_count && i < FIELD_OPTIONS; i++)
        f.option[i] = q->option[i];
    if (!q->required)
        f.hint = _("You may leave this empty.");
    return f;
}

static void signup_write_consent(struct signup *s)
{
    const char *owner = s->event.owner_name && s->event.owner_name[0] ? s->event.owner_name : _("the organiser of this event");
    snprintf(s->consent, sizeof s->consent,
             _("What you wrote is passed on only to: %s. It is used to prepare the event and to tell you when something changes, and "
               "is deleted 30 days after the event. You may change your mind at any time: cancel under “My ticket” with the "
               "code of your ticket, or ask the staff."),
             owner);
}

int signup_ask_who(struct field *fields)
{
    int n = 0;
    fields[n++] = (struct field){.id = ".name", .label = _("Your name"), .type = FIELD_NAME, .required = true,
                                 .hint = _("Type it and press Enter.")};
    fields[n++] = (struct field){.id = ".phone", .label = _("Phone"), .type = FIELD_PHONE, .group = 1,
                                 .hint = _("Phone or e-mail: one of the two is enough. Nothing to enter? Just press Enter.")};
    fields[n++] = (struct field){.id = ".email", .label = _("E-mail"), .type = FIELD_EMAIL, .group = 1,
                                 .hint = _("Phone or e-mail: one of the two is enough. Nothing to enter? Just press Enter.")};
    return n;
}

int signup_ask_consent(const struct signup *s, struct field *fields)
{
    fields[0] = (struct field){.id = ".consent", .label = _("Do you agree to pass this on?"),
                               .text = s->consent, .type = FIELD_CONSENT, .required = true,
                               .hint = _("Press Enter to agree.")};
    return 1;
}

/* Ids with a dot at the front are ours: a question's id never has one there. */
void signup_ask(struct signup *s)
{
    struct field fields[FORM_FIELDS];
    signup_write_consent(s);
    int n = signup_ask_who(fields);
    fields[n++] = (struct field){.id = ".party", .label = _("How many people will come, with you?"), .type = FIELD_NUMBER,
                                 .required = true, .min = 1, .max = signup_most_people(&s->event),
                                 .hint = _("Type a number, or press + and -.")};
    for (int i = 0; i < s->event.question_count && n < FORM_FIELDS - 1; i++)
        fields[n++] = signup_field_of(&s->event.question[i]);
    n += signup_ask_consent(s, fields + n);
    form_set(&s->form, fields, n, _("Next: check everything"));
}

/* What is handed to the ledger; wiped when it is back. */
struct signup_words {
    char name[FIELD_SIZE], phone[FIELD_SIZE], email[FIELD_SIZE], party[FIELD_SIZE];
    char value[CONTENT_QUESTIONS][FIELD_SIZE];
    struct signup_answer answer[CONTENT_QUESTIONS];
    int answers;
};

static void signup_collect(const struct signup *s, struct signup_words *w)
{
    form_get(&s->form, ".name", w->name);
    form_get(&s->form, ".phone", w->phone);
    form_get(&s->form, ".email", w->email);
    form_get(&s->form, ".party", w->party);
    for (int i = 0; i < s->form.count && w->answers < CONTENT_QUESTIONS; i++) {
        const char *id = s->form.field[i].id;
        if (id[0] == '.')
            continue;
        char *value = form_get(&s->form, id, w->value[w->answers]);
        if (value[0])
            w->answer[w->answers++] = (struct signup_answer){.id = id, .value = value};
    }
}

static int signup_number(const char *digits)
{
    int n = 0;
    for (; *digits >= '0' && *digits <= '9' && n < 1000; digits++)
        n = n * 10 + (*digits - '0');
    return n;
}

enum err signup_record(struct ui *ui, const struct signup *s, struct ticket *out, struct error *e)
{
    struct signup_words w = {.answers = 0};
    signup_collect(s, &w);
    const struct signup_draft draft = {.occurrence = s->row.occurrence[0] ? &s->row : NULL,
                                       .event = &s->event,
                                       .party = w.party[0] ? signup_number(w.party) : 1,
                                       .name = w.name,
                                       .telephone = w.phone,
                                       .email = w.email,
                                       .answers = w.answer,
                                       .answer_count = w.answers,
                                       .lang = ui->lang,
                                       .sign_sk = ui->sign_sk};
    enum err code = ledger_sign_up(ui->ledger, &draft, out, e);
    explicit_bzero(&w, sizeof w);
    return code;
}
