/* How many lines everything takes. */
#include "kiosk/form/form_layout.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"

static int form_min(int a, int b) { return a < b ? a : b; }
static int form_max(int a, int b) { return a > b ? a : b; }

int form_width(const struct form *f) { return form_min(f->cols, FORM_WIDE); }
int form_label_cols(const struct form *f) { return form_width(f) * 2 / 5; }
int form_text_cols(const struct form *f) { return form_width(f) - 2 * FORM_MARGIN; }
int form_value_cols(const struct form *f) { return form_width(f) - FORM_MARGIN - form_label_cols(f) - 1; }

bool form_is_low(const struct form *f) { return f->rows < FORM_LOW; }

const char *form_message(const struct form *f, int i, char out[FORM_MESSAGE])
{
    if (f->value[i].fault != FIELD_FINE)
        return field_fault_text(&f->field[i], &f->value[i], out, FORM_MESSAGE);
    return f->focus == i && f->field[i].hint ? f->field[i].hint : "";
}

int form_option_lines(const struct form *f, int i, int option)
{
    return form_max(1, canvas_wrap_rows(field_option(&f->field[i], option), form_text_cols(f) - FORM_OPTION));
}

struct form_open form_open(const struct form *f, int i)
{
    const struct field *field = &f->field[i];
    char message[FORM_MESSAGE];
    struct form_open o = {.label = i > 0 && !form_is_low(f) ? 1 : 0};
    o.text = o.label + form_max(1, canvas_wrap_rows(field->label, form_text_cols(f) - FORM_COUNTER));
    o.answer = o.text + (field->text ? canvas_wrap_rows(field->text, form_text_cols(f)) : 0);
    o.message = o.answer + (field_is_typed(field) ? 1 : 0);
    for (int k = 0; k < field_options(field); k++)
        o.message += form_option_lines(f, i, k);
    o.lines = o.message + canvas_wrap_rows(form_message(f, i, message), form_text_cols(f)) + !form_is_low(f);
    return o;
}

char *form_shown(const struct form *f, int i, char out[FIELD_SIZE])
{
    if (!f->value[i].input.secret || field_is_empty(&f->field[i], &f->value[i]))
        return field_show(&f->field[i], &f->value[i], out);
    snprintf(out, FIELD_SIZE, "%s", _("filled in, hidden"));
    return out;
}

int form_value_lines(const struct form *f, int i)
{
    char text[FIELD_SIZE];
    int lines = canvas_wrap_rows(form_shown(f, i, text), form_value_cols(f));
    explicit_bzero(text, sizeof text);
    return form_min(form_max(1, lines), FORM_BRIEF);
}

static int form_closed_lines(const struct form *f, int i)
{
    char message[FORM_MESSAGE];
    int label = form_min(form_max(1, canvas_wrap_rows(f->field[i].label, form_label_cols(f) - 1)), FORM_BRIEF);
    int right = form_value_lines(f, i) + canvas_wrap_rows(form_message(f, i, message), form_value_cols(f));
    return form_max(label, right);
}

int form_lines(const struct form *f, int i)
{
    if (i == f->count)
        return 2;
    return i == f->focus ? form_open(f, i).lines : form_closed_lines(f, i);
}

int form_line_of(const struct form *f, int i)
{
    int line = 0;
    for (int k = 0; k < i; k++)
        line += form_lines(f, k);
    return line;
}

int form_focus_line(const struct form *f)
{
    int line = form_line_of(f, f->focus);
    if (f->focus == f->count)
        return line + 1;
    line += form_open(f, f->focus).answer;
    for (int k = 0; k < f->value[f->focus].cursor && k < field_options(&f->field[f->focus]); k++)
        line += form_option_lines(f, f->focus, k);
    return line;
}
