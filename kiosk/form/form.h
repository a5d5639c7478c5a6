/* A form: fields as data, one engine that walks a person through them. The focused field is open (label, answer, what is expected or
 * what is wrong); the others are one line each, so that a form of ordinary length is seen whole. Longer ones scroll. After the last
 * field comes a button. An answer is checked when its field is left; Enter stays until it is right, arrows and Tab go on. */
#ifndef KIOSK_FORM_FORM_H
#define KIOSK_FORM_FORM_H

#include "kiosk/form/field.h"
#include "kiosk/ui/canvas.h"
#include "kiosk/ui/keys.h"

enum { FORM_FIELDS = 18 };

struct form {
    struct field field[FORM_FIELDS];
    struct field_value value[FORM_FIELDS];
    int count;
    int focus;           /* 0..count; count: the button */
    const char *button;  /* its label; borrowed like the fields' texts */
    bool hides;          /* private answers are shown as stars (form_hide) */
    int row, rows, cols; /* where it is drawn in the body */
    int top;             /* first line shown */
    unsigned early;      /* the burst (struct key) of the last early character; 0: none. Where it went, and what was there: */
    int early_focus, early_top;
    struct field_value early_value;
};

/* Sets what is asked. Answers of fields whose id and type are known already are kept; a new field starts empty, a required number
 * with its least value. Texts are borrowed until the next call. */
void form_set(struct form *f, const struct field *fields, int count, const char *button);
void form_place(struct form *f, int row, int rows, int cols); /* in refresh */

/* Private answers (field_is_private) are seen, or only stars, while they are typed and after. Whoever shows them once more before they are
 * sent reads them with field_show. */
void form_hide(struct form *f, bool hide);

enum form_event { FORM_NOT_MINE, FORM_MINE, FORM_DONE /* the button was pressed and all is right */ };
enum form_event form_key(struct form *f, const struct key *k); /* K_UNTYPE: answer and focus are as before the scan */
void form_draw(struct canvas body, const struct form *f);

bool form_check(struct form *f);                              /* every answer; the focus goes to the first that is wrong */
/* The answer to a field as it is sent; "" when there is none, it is wrong, or no field has this id. out is returned. */
char *form_get(const struct form *f, const char *id, char out[FIELD_SIZE]);
bool form_is_touched(const struct form *f); /* something was typed or chosen */
void form_wipe(struct form *f);

#endif
