/* The engine of forms: focus, keys, checks, scrolling. */
#include "kiosk/form/form.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/form/form_layout.h"

/* ---- what is asked */

static int form_find(const struct form *f, const char *id)
{
    for (int i = 0; i < f->count; i++)
        if (strcmp(f->field[i].id, id) == 0)
            return i;
    return -1;
}

/* An answer chosen before must still be among the options. */
static int form_choices(const struct field *f) { return field_is_typed(f) ? 1 : field_options(f); }

/* The answer that was given to this field before, moved to where it belongs now. */
static void form_take(struct form *f, const struct form *old, int i)
{
    int was = form_find(old, f->field[i].id);
    char text[24] = "";
    if (was >= 0 && old->field[was].type == f->field[i].type && old->value[was].chosen < form_choices(&f->field[i])) {
        f->value[i] = old->value[was];
        return;
    }
    if (f->field[i].type == FIELD_NUMBER && f->field[i].required && f->field[i].min > 0)
        snprintf(text, sizeof text, "%ld", f->field[i].min);
    field_begin(&f->field[i], &f->value[i], text);
}

void form_hide(struct form *f, bool hide)
{
    f->hides = hide;
    for (int i = 0; i < f->count; i++)
        f->value[i].input.secret = hide && field_is_private(&f->field[i]);
}

void form_set(struct form *f, const struct field *fields, int count, const char *button)
{
    struct form old = *f;
    f->count = count < FORM_FIELDS ? count : FORM_FIELDS;
    f->early = 0;
    f->button = button;
    memcpy(f->field, fields, (size_t)f->count * sizeof *fields);
    explicit_bzero(f->value, sizeof f->value);
    for (int i = 0; i < f->count; i++)
        form_take(f, &old, i);
    if (f->focus > f->count)
        f->focus = f->count;
    form_hide(f, f->hides);
    if (old.count == 0 && f->count > 0)
        field_focus(&f->field[0], &f->value[0]);
    explicit_bzero(&old, sizeof old);
}

/* ---- scrolling */

/* An open field that is larger than the view: its text is read from the beginning, among its options the focus is in sight. */
static void form_scroll_inside(struct form *f, int start, int end)
{
    int line = form_focus_line(f);
    if (f->top > end - f->rows)
        f->top = end - f->rows;
    if (f->top < start)
        f->top = start;
    if (!f->field[f->focus].text && line < f->top)
        f->top = line;
    if (!f->field[f->focus].text && line >= f->top + f->rows)
        f->top = line - f->rows + 1;
}

static void form_scroll(struct form *f)
{
    int start = form_line_of(f, f->focus), end = start + form_lines(f, f->focus), all = form_line_of(f, f->count + 1);
    if (end - start > f->rows && f->focus < f->count) {
        form_scroll_inside(f, start, end);
        return;
    }
    if (f->top > start)
        f->top = start;
    if (end - f->top > f->rows)
        f->top = end - f->rows;
    if (f->top > all - f->rows)
        f->top = all - f->rows;
    if (f->top < 0)
        f->top = 0;
}

void form_place(struct form *f, int row, int rows, int cols)
{
    f->row = row;
    f->rows = rows;
    f->cols = cols;
    form_scroll(f);
}

/* ---- checks */

static bool form_group_is_empty(const struct form *f, int group)
{
    for (int i = 0; i < f->count; i++)
        if (f->field[i].group == group && !field_is_empty(&f->field[i], &f->value[i]))
            return false;
    return true;
}

static bool form_group_goes_on(const struct form *f, int i)
{
    for (int k = i + 1; k < f->count; k++)
        if (f->field[k].group == f->field[i].group)
            return true;
    return false;
}

/* An empty field of a group is blamed only when it is the last that could have been filled. */
static void form_check_group(struct form *f, int i)
{
    int group = f->field[i].group;
    if (!form_group_is_empty(f, group)) {
        for (int k = 0; k < f->count; k++)
            if (f->field[k].group == group && f->value[k].fault == FIELD_NEITHER)
                f->value[k].fault = FIELD_FINE;
    } else if (!form_group_goes_on(f, i)) {
        f->value[i].fault = FIELD_NEITHER;
    }
}

static bool form_check_field(struct form *f, int i)
{
    char text[FIELD_SIZE];
    f->value[i].fault = field_read(&f->field[i], &f->value[i], text);
    explicit_bzero(text, sizeof text);
    if (f->field[i].group > 0)
        form_check_group(f, i);
    return f->value[i].fault == FIELD_FINE;
}

static void form_go(struct form *f, int to)
{
    f->focus = to < 0 ? 0 : to > f->count ? f->count : to;
    if (f->focus < f->count)
        field_focus(&f->field[f->focus], &f->value[f->focus]);
}

bool form_check(struct form *f)
{
    int first = -1;
    for (int i = 0; i < f->count; i++)
        if (!form_check_field(f, i) && first < 0)
            first = i;
    if (first >= 0)
        form_go(f, first);
    form_scroll(f);
    return first < 0;
}

/* ---- keys */

/* The focus leaves for `to`; what it leaves is checked, but holds nobody back. */
static void form_move(struct form *f, int to)
{
    if (f->focus < f->count)
        form_check_field(f, f->focus);
    form_go(f, to);
}

static void form_enter(struct form *f)
{
    form_go(f, f->focus + (form_check_field(f, f->focus) ? 1 : 0)); /* a wrong number may be typed over */
}

static enum form_event form_finish(struct form *f) { return form_check(f) ? FORM_DONE : FORM_MINE; }

/* A click on an option of the open field chooses it. */
static void form_click_open(struct form *f, int line)
{
    struct form_open o = form_open(f, f->focus);
    int at = o.answer;
    for (int k = 0; k < field_options(&f->field[f->focus]); k++) {
        int lines = form_option_lines(f, f->focus, k);
        if (line >= at && line < at + lines) {
            f->value[f->focus].cursor = k;
            field_key(&f->field[f->focus], &f->value[f->focus], &(struct key){.code = K_ENTER});
            form_enter(f);
            return;
        }
        at += lines;
    }
}

static enum form_event form_click(struct form *f, const struct key *k)
{
    int line = k->row - f->row + f->top, at = 0;
    if (k->row < f->row || k->row >= f->row + f->rows)
        return FORM_NOT_MINE;
    for (int i = 0; i <= f->count; i++) {
        int lines = form_lines(f, i);
        if (line < at || line >= at + lines) {
            at += lines;
            continue;
        }
        if (i == f->count) {
            form_move(f, i);
            return form_finish(f);
        }
        if (i == f->focus)
            form_click_open(f, line - at);
        else
            form_move(f, i);
        break;
    }
    return FORM_MINE;
}

/* Keys that lead from field to field, and those of editing, which do nothing at a field's end. */
static enum form_event form_key_walk(struct form *f, const struct key *k)
{
    switch (k->code) {
    case K_ENTER:
        if (f->focus == f->count)
            return form_finish(f);
        form_enter(f);
        return FORM_MINE;
    case K_TAB: case K_DOWN: case K_WHEEL_DOWN:
        form_move(f, f->focus + 1);
        return FORM_MINE;
    case K_BACKTAB: case K_UP: case K_WHEEL_UP:
        form_move(f, f->focus - 1);
        return FORM_MINE;
    case K_PAGE_DOWN:
        form_move(f, f->count);
        return FORM_MINE;
    case K_PAGE_UP:
        form_move(f, 0);
        return FORM_MINE;
    case K_END: case K_LEFT: case K_RIGHT: case K_BACKSPACE: case K_DELETE:
        return FORM_MINE;
    default:
        return FORM_NOT_MINE;
    }
}

static void form_note_early(struct form *f, const struct key *k)
{
    if (k->code != K_CHAR || k->early == f->early)
        return;
    f->early = f->focus < f->count ? k->early : 0;
    f->early_focus = f->focus;
    f->early_top = f->top;
    explicit_bzero(&f->early_value, sizeof f->early_value);
    if (f->early)
        f->early_value = f->value[f->focus];
}

static enum form_event form_untype(struct form *f, const struct key *k)
{
    if (f->early == 0 || k->early != f->early)
        return FORM_NOT_MINE;
    f->focus = f->early_focus;
    f->top = f->early_top;
    f->value[f->focus] = f->early_value;
    f->early = 0;
    form_scroll(f);
    return FORM_MINE;
}

/* Leafs through a text that is larger than the view: it is read before it is answered. */
static bool form_leaf(struct form *f, const struct key *k)
{
    int step = k->code == K_DOWN || k->code == K_WHEEL_DOWN ? 1 : k->code == K_UP || k->code == K_WHEEL_UP ? -1 : 0;
    if (k->code == K_PAGE_DOWN || k->code == K_ENTER || key_is(k, ' ') || key_digit(k))
        step = f->rows - 1;
    if (k->code == K_PAGE_UP)
        step = 1 - f->rows;
    if (step == 0 || f->focus == f->count || !f->field[f->focus].text || form_lines(f, f->focus) <= f->rows)
        return false;
    int was = f->top;
    f->top += step;
    form_scroll(f);
    return f->top != was;
}

enum form_event form_key(struct form *f, const struct key *k)
{
    enum form_event event = FORM_MINE;
    enum field_event what = FIELD_NOT_MINE;
    if (k->code == K_UNTYPE)
        return form_untype(f, k);
    form_note_early(f, k);
    if (form_leaf(f, k))
        return FORM_MINE;
    if (k->code == K_CLICK)
        event = form_click(f, k);
    else if (f->focus < f->count)
        what = field_key(&f->field[f->focus], &f->value[f->focus], k);
    if (what == FIELD_ANSWERED)
        form_enter(f);
    else if (what == FIELD_NOT_MINE && k->code != K_CLICK)
        event = form_key_walk(f, k);
    form_scroll(f);
    return event;
}

/* ---- answers */

char *form_get(const struct form *f, const char *id, char out[FIELD_SIZE])
{
    int i = form_find(f, id);
    out[0] = 0;
    if (i >= 0 && field_read(&f->field[i], &f->value[i], out) != FIELD_FINE)
        out[0] = 0;
    return out;
}

bool form_is_touched(const struct form *f)
{
    for (int i = 0; i < f->count; i++)
        if (f->field[i].type != FIELD_NUMBER && !field_is_empty(&f->field[i], &f->value[i]))
            return true;
    return false;
}

void form_wipe(struct form *f) { explicit_bzero(f, sizeof *f); }
