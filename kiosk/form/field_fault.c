/* What is said below a field that is not right yet: what is expected, and an example. */
#include "kiosk/form/field.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "kiosk/form/phone.h"

/* Those that count have their numbers put in; the others stand as they are. */
static const char *const field_fault_words[] = {
    [FIELD_FINE] = "",
    [FIELD_EMPTY] = N_("Please fill this in."),
    [FIELD_NEITHER] = N_("Please give a phone number or an e-mail address: one of the two is enough."),
    [FIELD_LONG] = N_("This is too long. Please shorten it."),
    [FIELD_NAME_LETTERS] = N_("Please write your name in letters, for example: Anna Petrova."),
    [FIELD_PHONE_SIGN] = N_("A phone number has only digits, for example: 8 912 345-67-89."),
    [FIELD_PHONE_LOCAL] = N_("Please add the code of your town or operator, for example: 8 912 345-67-89."),
    [FIELD_PHONE_NONE] = N_("There are no such phone numbers. Please check it, for example: 8 912 345-67-89."),
    [FIELD_EMAIL_AT] = N_("An e-mail address has one @ sign, for example: anna@mail.ru."),
    [FIELD_EMAIL_DOMAIN] = N_("After the @ there is a name with a dot, for example: anna@mail.ru."),
    [FIELD_EMAIL_SIGN] = N_("An e-mail address has no spaces or commas, for example: anna@mail.ru."),
    [FIELD_NUMBER_DIGITS] = N_("Please write a number in digits."),
    [FIELD_HOURS_FORM] = N_("Please write it like this: Mo-Fr 10:00-19:00; Sa 11:00-17:00."),
    [FIELD_CHOOSE] = N_("Please choose one of these."),
    [FIELD_AGREE] = N_("Without your consent we cannot sign you up. Press Space or Enter to agree."),
};

char *field_fault_text(const struct field *f, const struct field_value *v, char *out, size_t size)
{
    int digits = 0;
    char number[PHONE_SIZE];
    switch (v->fault) {
    case FIELD_PHONE_SHORT:
    case FIELD_PHONE_LONG:
        phone_read(number, v->input.text, &digits);
        snprintf(out, size,
                 i18n_plural("A phone number has 11 digits, for example 8 912 345-67-89. Here is %d.",
                             "A phone number has 11 digits, for example 8 912 345-67-89. Here are %d.", (unsigned long)digits),
                 digits);
        break;
    case FIELD_NUMBER_RANGE:
        snprintf(out, size, _("Please write a number from %ld to %ld."), f->min, f->max);
        break;
    default:
        snprintf(out, size, "%s", field_fault_words[v->fault] && field_fault_words[v->fault][0] ? _(field_fault_words[v->fault]) : "");
    }
    return out;
}
