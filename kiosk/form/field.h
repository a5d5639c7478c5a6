/* One thing a form asks for: its kinds are a table of parse, key, validate and format. What is asked is data (struct field), what was
 * answered is a struct field_value; the engine of form.h walks through both. */
#ifndef KIOSK_FORM_FIELD_H
#define KIOSK_FORM_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "kiosk/ui/input.h"
#include "kiosk/ui/keys.h"

enum field_type { FIELD_TEXT, FIELD_NAME, FIELD_PHONE, FIELD_EMAIL, FIELD_NUMBER, FIELD_CHOICE, FIELD_YESNO, FIELD_CONSENT, FIELD_HOURS, FIELD_TYPES };

enum { FIELD_OPTIONS = 8, FIELD_SIZE = 256 }; /* bytes of an answer with its NUL */

/* What is wrong with an answer; field_fault_text has the words. */
enum field_fault {
    FIELD_FINE,
    FIELD_EMPTY, FIELD_NEITHER, FIELD_LONG,
    FIELD_NAME_LETTERS,
    FIELD_PHONE_SIGN, FIELD_PHONE_LOCAL, FIELD_PHONE_SHORT, FIELD_PHONE_LONG, FIELD_PHONE_NONE,
    FIELD_EMAIL_AT, FIELD_EMAIL_DOMAIN, FIELD_EMAIL_SIGN,
    FIELD_NUMBER_DIGITS, FIELD_NUMBER_RANGE,
    FIELD_CHOOSE, FIELD_AGREE, FIELD_HOURS_FORM,
};

/* Texts are in the reader's language already and borrowed: they outlive the form or are set anew (form_set). */
struct field {
    char id[28];
    const char *label;
    const char *hint; /* a line below while it has the focus; NULL none */
    const char *text; /* paragraphs above the answer (consent); NULL none */
    enum field_type type;
    bool required;
    int group;        /* > 0: of the fields with this number one answer suffices */
    long min, max;    /* of a number */
    const char *option[FIELD_OPTIONS];
    int option_count; /* of a choice; the others with options have their own */
};

struct field_value {
    struct input input; /* of those that are typed */
    int chosen;         /* option, -1 none */
    int cursor;         /* the option the focus is on */
    bool fresh;         /* a digit replaces what stands there instead of adding to it */
    enum field_fault fault;
};

/* Returns what came of a key. */
enum field_event {
    FIELD_NOT_MINE,
    FIELD_EDITED,
    FIELD_ANSWERED, /* and the next field may come */
};

void field_begin(const struct field *f, struct field_value *v, const char *text); /* empty, or with a text (or number) to start from */
void field_focus(const struct field *f, struct field_value *v);                   /* the focus comes */
enum field_event field_key(const struct field *f, struct field_value *v, const struct key *k);
bool field_is_empty(const struct field *f, const struct field_value *v);
bool field_is_typed(const struct field *f); /* has a line to type into, no options */
bool field_is_private(const struct field *f); /* says who somebody is, or how to reach them */
int field_options(const struct field *f);   /* how many */
const char *field_option(const struct field *f, int i);
/* The answer as it is sent: trimmed text, "+79123456789", "3", the option's text, "yes" or "no"; "" for none. FIELD_FINE or the
 * fault (out is "" then). group is the engine's matter. */
enum field_fault field_read(const struct field *f, const struct field_value *v, char out[FIELD_SIZE]);
/* The answer as people read it: "+7 912 345-67-89", "yes" in their language. out is returned; "" for none. */
char *field_show(const struct field *f, const struct field_value *v, char out[FIELD_SIZE]);
/* What to do about it, a sentence. Written to out, which is returned. */
char *field_fault_text(const struct field *f, const struct field_value *v, char *out, size_t size);
void field_wipe(struct field_value *v);

#endif
