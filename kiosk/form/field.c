/* The kinds of field, one row each, and what is said about mistakes. */
#include "kiosk/form/field.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/hours.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/form/email.h"
#include "kiosk/form/phone.h"

/* parse: what was typed or chosen, to what is sent. key: what a key does. validate: is what was parsed within its bounds.
 * format: what is sent, for people. NULL: nothing special. */
struct field_kind {
    const char *name;
    int max; /* characters one may type; 0: not typed */
    enum field_fault (*parse)(const struct field *f, const struct field_value *v, char out[FIELD_SIZE]);
    enum field_event (*key)(const struct field *f, struct field_value *v, const struct key *k);
    enum field_fault (*validate)(const struct field *f, const char *parsed);
    void (*format)(const struct field *f, const char *parsed, char out[FIELD_SIZE]);
};

static const struct field_kind field_kinds[FIELD_TYPES];

/* ---- typed ones */

static enum field_event field_key_typed(const struct field *f, struct field_value *v, const struct key *k)
{
    (void)f;
    return input_key(&v->input, k) ? FIELD_EDITED : FIELD_NOT_MINE;
}

static enum field_fault field_parse_text(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    (void)f;
    size_t n = strlen(v->input.text);
    if (n >= FIELD_SIZE)
        return FIELD_LONG;
    text_sanitize(out, FIELD_SIZE, v->input.text, n, TEXT_LINE);
    return FIELD_FINE;
}

/* A letter has two cases, or is beyond the alphabets that have: enough to tell a name from a number. */
static enum field_fault field_validate_name(const struct field *f, const char *parsed)
{
    (void)f;
    int letters = 0;
    size_t left = strlen(parsed), n;
    for (; left > 0; parsed += n, left -= n) {
        uint32_t cp;
        n = text_decode(parsed, left, &cp);
        letters += (cp | 0x20) >= 'a' && (cp | 0x20) <= 'z' ? 1 : cp >= 0xC0 ? 1 : 0;
    }
    return letters >= 2 ? FIELD_FINE : FIELD_NAME_LETTERS;
}

static enum field_fault field_parse_phone(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    (void)f;
    static const enum field_fault faults[] = {
        [PHONE_OK] = FIELD_FINE, [PHONE_SIGN] = FIELD_PHONE_SIGN, [PHONE_LOCAL] = FIELD_PHONE_LOCAL,
        [PHONE_SHORT] = FIELD_PHONE_SHORT, [PHONE_LONG] = FIELD_PHONE_LONG, [PHONE_NONE] = FIELD_PHONE_NONE};
    return faults[phone_read(out, v->input.text, NULL)];
}

static void field_format_phone(const struct field *f, const char *parsed, char out[FIELD_SIZE])
{
    (void)f;
    phone_show(out, parsed);
}

static enum field_event field_key_email(const struct field *f, struct field_value *v, const struct key *k)
{
    struct key meant = *k;
    if (k->code == K_CHAR)
        meant.ch = email_key(k->ch);
    return field_key_typed(f, v, &meant);
}

static enum field_fault field_parse_email(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    (void)f;
    static const enum field_fault faults[] = {[EMAIL_OK] = FIELD_FINE, [EMAIL_AT] = FIELD_EMAIL_AT,
                                              [EMAIL_DOMAIN] = FIELD_EMAIL_DOMAIN, [EMAIL_SIGN] = FIELD_EMAIL_SIGN,
                                              [EMAIL_LONG] = FIELD_LONG};
    return faults[email_read(out, v->input.text)];
}

static enum field_fault field_validate_hours(const struct field *f, const char *parsed)
{
    struct hours h;
    (void)f;
    return hours_parse(&h, parsed) ? FIELD_FINE : FIELD_HOURS_FORM;
}

/* ---- numbers */

static bool field_digits(const char *s, long *out)
{
    char *end;
    size_t n = strspn(s, "0123456789");
    if (n == 0 || n > 9 || s[n])
        return false;
    *out = strtol(s, &end, 10);
    return true;
}

static enum field_fault field_parse_number(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    long number;
    enum field_fault fault = field_parse_text(f, v, out);
    if (fault != FIELD_FINE)
        return fault;
    if (!field_digits(out, &number))
        return FIELD_NUMBER_DIGITS;
    snprintf(out, FIELD_SIZE, "%ld", number);
    return FIELD_FINE;
}

static enum field_fault field_validate_number(const struct field *f, const char *parsed)
{
    long number;
    return field_digits(parsed, &number) && number >= f->min && number <= f->max ? FIELD_FINE : FIELD_NUMBER_RANGE;
}

/* Digits are typed; plus and minus count from what stands there. */
static enum field_event field_key_number(const struct field *f, struct field_value *v, const struct key *k)
{
    long number = 0;
    bool digit = k->code == K_CHAR && k->ch >= '0' && k->ch <= '9';
    int step = k->code != K_CHAR ? 0 : k->ch == '+' || k->ch == '=' ? 1 : k->ch == '-' ? -1 : 0;
    if (step != 0) {
        bool known = field_digits(v->input.text, &number);
        number = !known ? f->min : number + step < f->min ? f->min : number + step > f->max ? f->max : number + step;
        char text[24];
        snprintf(text, sizeof text, "%ld", number);
        input_set(&v->input, text);
        return FIELD_EDITED;
    }
    if (k->code == K_CHAR && !digit && k->ch != ' ')
        return FIELD_EDITED; /* a letter is no number: nothing happens */
    if (v->fresh && digit)
        input_set(&v->input, "");
    v->fresh = false;
    return field_key_typed(f, v, k);
}

/* ---- options */

int field_options(const struct field *f)
{
    return f->type == FIELD_CHOICE ? f->option_count : f->type == FIELD_YESNO ? 2 : f->type == FIELD_CONSENT ? 1 : 0;
}

const char *field_option(const struct field *f, int i)
{
    if (f->type == FIELD_YESNO)
        return i == 0 ? _("Yes") : _("No");
    return f->type == FIELD_CONSENT ? _("Yes, I agree") : f->option[i];
}

/* Space marks and unmarks, Enter and a digit mark and go on. */
static enum field_event field_key_option(const struct field *f, struct field_value *v, const struct key *k)
{
    int count = field_options(f), digit = key_digit(k);
    if (digit > 0 && digit <= count) {
        v->cursor = v->chosen = digit - 1;
        return FIELD_ANSWERED;
    }
    if (k->code == K_ENTER) {
        v->chosen = v->cursor;
        return FIELD_ANSWERED;
    }
    if (k->code == K_CHAR && k->ch == ' ') {
        v->chosen = v->chosen == v->cursor ? -1 : v->cursor;
        return FIELD_EDITED;
    }
    int step = k->code == K_UP || k->code == K_LEFT ? -1 : k->code == K_DOWN || k->code == K_RIGHT ? 1 : 0;
    if (step == 0 || v->cursor + step < 0 || v->cursor + step >= count)
        return FIELD_NOT_MINE;
    v->cursor += step;
    return FIELD_EDITED;
}

static enum field_fault field_parse_choice(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    size_t n = text_sanitize(out, FIELD_SIZE, f->option[v->chosen], strlen(f->option[v->chosen]), TEXT_LINE);
    return n > 0 ? FIELD_FINE : FIELD_CHOOSE;
}

static enum field_fault field_parse_yesno(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    (void)f;
    snprintf(out, FIELD_SIZE, "%s", v->chosen == 0 ? "yes" : "no");
    return FIELD_FINE;
}

static void field_format_yesno(const struct field *f, const char *parsed, char out[FIELD_SIZE])
{
    snprintf(out, FIELD_SIZE, "%s", field_option(f, strcmp(parsed, "yes") == 0 ? 0 : 1));
}

/* ---- all */

static const struct field_kind field_kinds[FIELD_TYPES] = {
    [FIELD_TEXT] = {"text", 120, field_parse_text, field_key_typed, NULL, NULL},
    [FIELD_NAME] = {"name", 80, field_parse_text, field_key_typed, field_validate_name, NULL},
    [FIELD_PHONE] = {"phone", 40, field_parse_phone, field_key_typed, NULL, field_format_phone},
    [FIELD_EMAIL] = {"email", 120, field_parse_email, field_key_email, NULL, NULL},
    [FIELD_NUMBER] = {"number", 9, field_parse_number, field_key_number, field_validate_number, NULL},
    [FIELD_CHOICE] = {"choice", 0, field_parse_choice, field_key_option, NULL, NULL},
    [FIELD_YESNO] = {"yesno", 0, field_parse_yesno, field_key_option, NULL, field_format_yesno},
    [FIELD_HOURS] = {"hours", 120, field_parse_text, field_key_typed, field_validate_hours, NULL},
    [FIELD_CONSENT] = {"consent", 0, field_parse_yesno, field_key_option, NULL, field_format_yesno},
};

void field_begin(const struct field *f, struct field_value *v, const char *text)
{
    explicit_bzero(v, sizeof *v);
    v->chosen = -1;
    v->input.max = field_kinds[f->type].max;
    input_set(&v->input, text);
}

void field_focus(const struct field *f, struct field_value *v)
{
    v->fresh = f->type == FIELD_NUMBER;
    v->cursor = v->chosen >= 0 ? v->chosen : 0;
}

enum field_event field_key(const struct field *f, struct field_value *v, const struct key *k)
{
    enum field_event event = field_kinds[f->type].key(f, v, k);
    if (event != FIELD_NOT_MINE)
        v->fault = FIELD_FINE; /* said again, if need be, when the field is left */
    return event;
}

bool field_is_typed(const struct field *f) { return field_kinds[f->type].max > 0; }

bool field_is_private(const struct field *f)
{
    return f->type == FIELD_NAME || f->type == FIELD_PHONE || f->type == FIELD_EMAIL;
}

bool field_is_empty(const struct field *f, const struct field_value *v)
{
    return field_is_typed(f) ? input_is_empty(&v->input) : v->chosen < 0 || v->chosen >= field_options(f);
}

enum field_fault field_read(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    const struct field_kind *kind = &field_kinds[f->type];
    out[0] = 0;
    if (field_is_empty(f, v)) {
        if (!f->required)
            return FIELD_FINE;
        return f->type == FIELD_CONSENT ? FIELD_AGREE : field_is_typed(f) ? FIELD_EMPTY : FIELD_CHOOSE;
    }
    enum field_fault fault = kind->parse(f, v, out);
    if (fault == FIELD_FINE && kind->validate)
        fault = kind->validate(f, out);
    if (fault != FIELD_FINE)
        explicit_bzero(out, FIELD_SIZE);
    return fault;
}

char *field_show(const struct field *f, const struct field_value *v, char out[FIELD_SIZE])
{
    char parsed[FIELD_SIZE];
    const struct field_kind *kind = &field_kinds[f->type];
    if (field_read(f, v, parsed) != FIELD_FINE)
        snprintf(out, FIELD_SIZE, "%.*s", (int)text_fit(v->input.text, 80), v->input.text);
    else if (parsed[0] && kind->format)
        kind->format(f, parsed, out);
    else
        memcpy(out, parsed, FIELD_SIZE);
    explicit_bzero(parsed, sizeof parsed);
    return out;
}

void field_wipe(struct field_value *v) { explicit_bzero(v, sizeof *v); }
