/* The pages of a sign-up: the event at the top, everything once more before it is sent, and why it cannot be. */
#include "screens/signup.h"

#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

enum { SIGNUP_TITLE_ROWS = 2, SIGNUP_LABEL = 30, SIGNUP_WIDE = 100 };

int signup_draw_head(const struct ui *ui, const struct signup *s, struct canvas body)
{
    char text[400] = "";
    if (ui->rows < SIGNUP_LOW) {
        canvas_text(body, 0, 0, STYLE_HEADING, s->event.name);
        return 1;
    }
    int row = canvas_wrap(canvas_area(body, 0, 0, SIGNUP_TITLE_ROWS, body.cols), 0, STYLE_HEADING, s->event.name);
    s->kind->below(text, sizeof text, ui, s);
    canvas_text(body, row, 0, STYLE_DIM, text);
    return row + 2;
}

static int signup_label_cols(int cols) { return cols < 2 * SIGNUP_LABEL ? cols / 2 : SIGNUP_LABEL; }
static int signup_larger(int a, int b) { return a > b ? a : b; }

static const char *signup_answer_text(const struct signup *s, int i, char text[FIELD_SIZE])
{
    field_show(&s->form.field[i], &s->form.value[i], text);
    return text[0] ? text : _("not filled in");
}

/* Every answer is shown whole, however long: this is what will be sent. */
static int signup_answer_lines(const struct signup *s, int i, int cols)
{
    char text[FIELD_SIZE];
    int label = signup_label_cols(cols);
    int lines = signup_larger(canvas_wrap_rows(s->form.field[i].label, label - 2),
                              canvas_wrap_rows(signup_answer_text(s, i, text), cols - label));
    explicit_bzero(text, sizeof text);
    return signup_larger(lines, 1);
}

int signup_answers_lines(const struct signup *s, int cols)
{
    int lines = 0;
    cols = cols > SIGNUP_WIDE ? SIGNUP_WIDE : cols;
    for (int i = 0; i < s->form.count; i++)
        lines += signup_answer_lines(s, i, cols);
    return lines;
}

int signup_draw_answers(const struct signup *s, struct canvas c, int line)
{
    int cols = c.cols > SIGNUP_WIDE ? SIGNUP_WIDE : c.cols, label = signup_label_cols(cols), first = line;
    for (int i = 0; i < s->form.count; i++) {
        char text[FIELD_SIZE];
        bool empty = field_is_empty(&s->form.field[i], &s->form.value[i]);
        canvas_wrap(canvas_area(c, 0, 0, c.rows, label - 2), line, STYLE_DIM, s->form.field[i].label);
        canvas_wrap(canvas_area(c, 0, label, c.rows, cols - label), line, empty ? STYLE_DIM : STYLE_STRONG,
                    signup_answer_text(s, i, text));
        explicit_bzero(text, sizeof text);
        line += signup_answer_lines(s, i, cols);
    }
    return line - first;
}

const struct signup_trouble signup_event_troubles[] = {
    [SIGNUP_CLOSED] = {N_("Signing up does not work on this terminal just now"),
                       N_("Please tell the staff: they can write you down, and they can see on their own page what is missing. Everything "
                          "else here works.")},
    [SIGNUP_GONE] = {N_("This event is no longer on the programme"),
                     N_("The organiser has taken it back a moment ago. You have not been signed up, and nothing you typed is kept.")},
    [SIGNUP_CANCELLED] = {N_("This event has been called off"),
                          N_("The organiser has cancelled it. You have not been signed up, and nothing you typed is kept.")},
    [SIGNUP_BEGUN] = {N_("This event has already begun"),
                      N_("It is too late to sign up here. You may just go there and ask.")},
    [SIGNUP_NO_NEED] = {N_("You need not sign up for this event"), N_("Everybody is welcome: just come.")},
    [SIGNUP_DISK_FULL] = {N_("There is no room left to save your sign-up"),
                          N_("You have not been signed up. Please tell the staff: they can write you down, and will see to the terminal.")},
    [SIGNUP_FAILED] = {N_("Your sign-up could not be saved"),
                       N_("You have not been signed up. Please try once more; if it does not work, tell the staff.")},
};
