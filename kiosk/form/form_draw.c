/* Drawing of forms, by the lines of form_layout.h. */
#include "kiosk/form/form.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/form/buttons.h"
#include "kiosk/form/form_layout.h"
#include "kiosk/ui/spot.h"

/* A line to write on, as on paper forms: seen without colours, and quiet beside the open field. */
static const char form_blank[] = "________________________";

static void form_draw_mark(struct canvas c, int line, const struct form *f, int option)
{
    static const char *const round[2] = {"( )", "(*)"}, *const square[2] = {"[ ]", "[x]"};
    const struct field_value *v = &f->value[f->focus];
    bool focused = v->cursor == option;
    enum style style = focused ? STYLE_FOCUS : STYLE_TEXT;
    if (canvas_is_plain(c)) {
        if (v->chosen == option)
            canvas_text(c, line, 0, style, "(*)");
        return;
    }
    const char *mark = (f->field[f->focus].type == FIELD_CONSENT ? square : round)[v->chosen == option];
    canvas_textf(c, line, 0, style, "%s %s", focused ? ">" : " ", mark);
    if (field_options(&f->field[f->focus]) > 1)
        canvas_textf(c, line, 6, style, "%d", option + 1);
    if (focused)
        canvas_cursor(c, line, 1); /* beside the mark, which a block cursor would hide */
}

static void form_draw_options(struct canvas c, int line, const struct form *f)
{
    const struct field *field = &f->field[f->focus];
    struct canvas text = canvas_area(c, 0, FORM_OPTION, c.rows, c.cols - FORM_OPTION);
    for (int k = 0; k < field_options(field); k++) {
        int lines = form_option_lines(f, f->focus, k);
        bool focused = f->value[f->focus].cursor == k;
        canvas_spot(canvas_area(c, line, 0, lines, c.cols),
                    &(struct spot){.kind = SPOT_OPTION, .index = k, .count = field_options(field), .focus = focused});
        for (int row = 0; focused && row < lines; row++)
            if (line + row >= 0)
                canvas_clear(canvas_area(c, line + row, 0, 1, c.cols), STYLE_FOCUS);
        canvas_wrap(text, line, focused ? STYLE_FOCUS : STYLE_TEXT, field_option(field, k));
        form_draw_mark(c, line, f, k);
        line += lines;
    }
}

static void form_draw_typed(struct canvas c, int line, const struct form *f)
{
    int cols = f->field[f->focus].type == FIELD_NUMBER ? FORM_NUMBER : FORM_INPUT;
    if (line >= 0)
        input_draw(canvas_area(c, line, 0, 1, cols), &f->value[f->focus].input, true, NULL);
}

static void form_draw_message(struct canvas c, int line, const struct form *f, int i)
{
    char message[FORM_MESSAGE];
    bool fault = f->value[i].fault != FIELD_FINE;
    canvas_wrap(c, line, fault ? STYLE_WARN : STYLE_DIM, form_message(f, i, message));
}

/* line: of its first line in c; may be above it, when the field is larger than the screen. */
static void form_draw_open(struct canvas c, int line, const struct form *f)
{
    const struct field *field = &f->field[f->focus];
    struct form_open o = form_open(f, f->focus);
    struct canvas in = canvas_area(c, 0, FORM_MARGIN, c.rows, form_text_cols(f));
    char counter[48];
    snprintf(counter, sizeof counter, _("%d of %d"), f->focus + 1, f->count);
    canvas_spot(canvas_area(c, line, 0, o.lines, c.cols),
                &(struct spot){.kind = SPOT_FIELD, .index = f->focus, .count = f->count, .focus = true});
    if (!canvas_is_plain(c))
        canvas_text(c, line + o.label, 0, STYLE_STRONG, ">");
    canvas_right(in, line + o.label, STYLE_DIM, counter);
    canvas_wrap(canvas_area(in, 0, 0, in.rows, in.cols - FORM_COUNTER), line + o.label, STYLE_STRONG, field->label);
    if (field->text)
        canvas_wrap(in, line + o.text, STYLE_TEXT, field->text);
    form_draw_message(in, line + o.message, f, f->focus);
    if (field_is_typed(field))
        form_draw_typed(in, line + o.answer, f);
    else
        form_draw_options(in, line + o.answer, f);
}

static void form_draw_closed(struct canvas c, const struct form *f, int i)
{
    const struct field *field = &f->field[i];
    char text[FIELD_SIZE];
    int label = form_label_cols(f), cols = form_value_cols(f), lines = form_value_lines(f, i);
    canvas_spot(c, &(struct spot){.kind = SPOT_FIELD, .index = i, .count = f->count});
    int brief = c.rows < FORM_BRIEF ? c.rows : FORM_BRIEF;
    canvas_wrap(canvas_area(c, 0, FORM_MARGIN, brief, label - 1), 0, STYLE_DIM, field->label);
    struct canvas right = canvas_area(c, 0, FORM_MARGIN + label + 1, c.rows, cols);
    if (field_is_empty(field, &f->value[i]) && !canvas_is_plain(c))
        canvas_textf(right, 0, 0, STYLE_DIM, "%.*s", cols, form_blank);
    else
        canvas_wrap(canvas_area(right, 0, 0, lines, cols), 0, STYLE_TEXT, form_shown(f, i, text));
    form_draw_message(canvas_area(right, lines, 0, c.rows, cols), 0, f, i);
    explicit_bzero(text, sizeof text);
}

static void form_draw_button(struct canvas c, int line, const struct form *f)
{
    struct buttons b = {.count = 0};
    buttons_add(&b, f->button, 1);
    buttons_place(&b, line + 1, c.cols);
    if (f->focus != f->count)
        b.focus = -1;
    buttons_draw(c, &b);
}

/* The text of the open field goes on below: said over its last row in sight. */
static void form_draw_more(struct canvas c, const struct form *f)
{
    int left = f->focus < f->count && f->field[f->focus].text ? form_line_of(f, f->focus + 1) - f->top - f->rows : 0;
    if (left <= 0)
        return;
    struct canvas row = canvas_area(c, c.rows - 1, 0, 1, c.cols);
    canvas_clear(row, STYLE_TEXT);
    canvas_textf(row, 0, FORM_MARGIN, STYLE_DIM, i18n_plural("PgDn: %d more line", "PgDn: %d more lines", (unsigned long)left + 1),
                 left + 1);
    spot_more(row, left + 1);
    canvas_cursor(c, 0, 1); /* where one reads on */
}

void form_draw(struct canvas body, const struct form *f)
{
    struct canvas c = canvas_area(body, f->row, 0, f->rows, form_width(f));
    for (int i = 0, line = -f->top; i <= f->count && line < c.rows; i++) {
        int lines = form_lines(f, i);
        if (i == f->count)
            form_draw_button(c, line, f);
        else if (i == f->focus)
            form_draw_open(c, line, f);
        else if (line >= 0) /* the head of a closed one that is half above is not missed */
            form_draw_closed(canvas_area(c, line, 0, lines, c.cols), f, i);
        line += lines;
    }
    form_draw_more(c, f);
}
