/* Inside of the form engine: where its fields lie. Lines count from 0 at the top of the whole form. */
#ifndef KIOSK_FORM_FORM_LAYOUT_H
#define KIOSK_FORM_FORM_LAYOUT_H

#include "kiosk/form/form.h"

enum { FORM_MARGIN = 2, FORM_COUNTER = 12, FORM_OPTION = 8, FORM_WIDE = 100, FORM_INPUT = 60, FORM_BRIEF = 2, FORM_NUMBER = 12, FORM_MESSAGE = 400, FORM_LOW = 10 };

bool form_is_low(const struct form *f); /* few rows: no blank lines, a field larger than the view is leafed through */
int form_focus_line(const struct form *f); /* of the form: where one types, or the option the focus is on */

/* Parts of the open field, in lines below its first. */
struct form_open {
    int label, text, answer, message; /* first lines */
    int lines;                        /* with the blank one after it */
};

int form_width(const struct form *f);                      /* columns used of those there are */
struct form_open form_open(const struct form *f, int i);
int form_lines(const struct form *f, int i);               /* of field i, or of the button (i == count) */
int form_line_of(const struct form *f, int i);             /* first line; i == count + 1: all lines */
int form_option_lines(const struct form *f, int i, int option);
const char *form_message(const struct form *f, int i, char out[FORM_MESSAGE]); /* fault or hint; "" none */
int form_label_cols(const struct form *f);                 /* of the closed fields */
int form_value_cols(const struct form *f);
/* The answer as the form shows it: a word instead of it when it is hidden. out is returned. */
char *form_shown(const struct form *f, int i, char out[FIELD_SIZE]);
int form_value_lines(const struct form *f, int i);
int form_text_cols(const struct form *f);                  /* of the open one */

#endif
