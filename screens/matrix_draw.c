/* The table as it stands on the screen: names at the left, a column for each kind as far as there is room, the focused cell told in
 * words below. */
#include "screens/matrix.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"

enum { MATRIX_NAME_LEAST = 14, MATRIX_NAME = 20, MATRIX_NAME_MOST = 44, MATRIX_GAP = 1, MATRIX_SEARCH_COLS = 34, MATRIX_TIMES = 99 };

/* ---- columns */

/* "has 2 · wants 3", or "has·wants" where that is too long. */
static void matrix_cell_words(char *out, size_t size, const int times[2], bool roomy)
{
    const int offered = times[0] < MATRIX_TIMES ? times[0] : MATRIX_TIMES, wanted = times[1] < MATRIX_TIMES ? times[1] : MATRIX_TIMES;
    if (offered && wanted && roomy)
        snprintf(out, size, _("has %d, seeks %d"), offered, wanted);
    else if (offered && wanted)
        snprintf(out, size, "%s", _("has·seeks"));
    else if (offered > 1)
        snprintf(out, size, _("has %d"), offered);
    else if (wanted > 1)
        snprintf(out, size, _("seeks %d"), wanted);
    else
        snprintf(out, size, "%s", offered ? _("has") : wanted ? _("seeks") : "·");
}

static int matrix_cell_cols(bool roomy)
{
    static const int samples[][2] = {{1, 1}, {99, 0}, {0, 99}, {99, 99}};
    int most = 0;
    for (int i = 0; i < MARK_RESOURCES; i++) {
        int cols = text_width(_(marks_resources[i].word));
        most = cols > most ? cols : most;
    }
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        char text[80];
        matrix_cell_words(text, sizeof text, samples[i], roomy);
        most = text_width(text) > most ? text_width(text) : most;
    }
    return most + MATRIX_GAP;
}

void matrix_place(struct matrix *m, int cols)
{
    struct matrix_columns *c = &m->columns;
    int wide = matrix_cell_cols(true), room = cols - MATRIX_LEFT;
    c->roomy = room - MATRIX_NAME_MOST >= MARK_RESOURCES * (wide + MATRIX_GAP);
    c->cell_cols = c->roomy ? wide + MATRIX_GAP : matrix_cell_cols(false);
    c->count = (room - MATRIX_NAME) / c->cell_cols;
    if (c->count < 2)
        c->count = (room - MATRIX_NAME_LEAST) / c->cell_cols;
    if (c->count > MARK_RESOURCES)
        c->count = MARK_RESOURCES;
    if (c->count < 1)
        c->count = 1;
    c->name_cols = room - c->count * c->cell_cols;
    if (c->roomy && c->name_cols > MATRIX_NAME_MOST) {
        c->cell_cols += (c->name_cols - MATRIX_NAME_MOST) / MARK_RESOURCES;
        c->name_cols = room - c->count * c->cell_cols;
    }
    if (c->first > m->kind)
        c->first = m->kind;
    if (c->first + c->count <= m->kind)
        c->first = m->kind - c->count + 1;
    if (c->first + c->count > MARK_RESOURCES)
        c->first = MARK_RESOURCES - c->count;
}

/* ---- drawing */

static int matrix_col(const struct matrix_columns *c, int kind)
{
    return MATRIX_LEFT + c->name_cols + (kind - c->first) * c->cell_cols;
}

/* The keys that narrow it, where the bottom line has no room for them. */
static void matrix_draw_keys(struct canvas line)
{
    int col = 0;
    for (const struct screen_key *k = matrix_keys; k->key; k++) {
        char name[40];
        if (!k->label || k->key < K_F3 || k->key > K_F6)
            continue;
        col += canvas_text(line, 0, col, STYLE_STRONG, key_name(k->key, name, sizeof name)) + 1;
        col += canvas_text(line, 0, col, STYLE_DIM, _(k->label)) + 3;
    }
}

static void matrix_draw_head(const struct matrix *m, struct canvas head)
{
    const struct matrix_columns *c = &m->columns;
    char text[200];
    int search = m->head > 2 ? 1 : 0, columns = m->head - 1;
    if (search > 0 && m->list.count > 0 && m->list.count < MATRIX_MAX) {
        snprintf(text, sizeof text, i18n_plural("%d community shares or seeks", "%d communities share or seek", (unsigned long)m->list.count), m->list.count);
        canvas_text(head, 0, 0, STYLE_HEADING, text);
    }
    find_search_draw(canvas_area(head, search, 0, 1, MATRIX_SEARCH_COLS), &m->search);
    int left = MATRIX_SEARCH_COLS + 2;
    canvas_text(canvas_area(head, search, left, 1, head.cols - left), 0, 0, STYLE_STRONG, m->said);
    if (!c->roomy && search > 0 && !canvas_is_plain(head))
        matrix_draw_keys(canvas_area(head, 2, 0, 1, head.cols));
    if (m->list.count == 0)
        return;
    for (int i = c->first; i < c->first + c->count && !canvas_is_plain(head); i++)
        canvas_text(canvas_area(head, columns, matrix_col(c, i), 1, c->cell_cols), 0, 0, STYLE_HEADING, _(marks_resources[i].word));
    if (c->first > 0)
        canvas_text(head, columns, matrix_col(c, c->first) - 2, STYLE_STRONG, "<");
    if (c->first + c->count < MARK_RESOURCES)
        canvas_text(head, columns, head.cols - 1, STYLE_STRONG, ">");
}

static void matrix_draw_cell(const struct matrix *m, const struct supply_row *row, struct canvas cell, int kind, bool focus)
{
    char text[80];
    const int times[2] = {matrix_times(m, row, 2 * kind), matrix_times(m, row, 2 * kind + 1)};
    bool empty = times[0] + times[1] == 0;
    matrix_cell_words(text, sizeof text, times, m->columns.roomy);
    if (focus)
        canvas_clear(cell, STYLE_FOCUS);
    canvas_text(cell, 0, 0, focus ? STYLE_FOCUS : empty ? STYLE_DIM : times[1] ? STYLE_WARN : STYLE_GOOD, text);
    if (focus)
        canvas_cursor(cell, 0, 0);
}

/* A row that is read, not seen: "Sewing circle: equipment seeks 2; rooms has". */
static void matrix_draw_plain(const struct matrix *m, const struct supply_row *row, struct canvas line)
{
    char text[600], cell[80];
    size_t n = (size_t)snprintf(text, sizeof text, "%s", row->name);
    for (int i = 0; i < MARK_RESOURCES && n < sizeof text; i++) {
        const int times[2] = {matrix_times(m, row, 2 * i), matrix_times(m, row, 2 * i + 1)};
        if (times[0] + times[1] == 0)
            continue;
        matrix_cell_words(cell, sizeof cell, times, true);
        n += (size_t)snprintf(text + n, sizeof text - n, "; %s: %s", _(marks_resources[i].word), cell);
    }
    canvas_text(line, 0, 0, STYLE_TEXT, text);
}

static void matrix_draw_row(const struct matrix *m, struct canvas line, int index)
{
    const struct supply_row *row = matrix_at(m, index);
    const struct matrix_columns *c = &m->columns;
    bool focus = index == m->list.cursor;
    int digit = index - m->list.top + 1;
    if (!row)
        return;
    canvas_spot(line, &(struct spot){.kind = SPOT_ROW, .index = index, .count = m->list.count, .focus = focus});
    if (canvas_is_plain(line)) {
        matrix_draw_plain(m, row, line);
        return;
    }
    canvas_text(line, 0, 0, STYLE_STRONG, focus ? ">" : " ");
    if (digit <= 9 && m->search.text[0] == '\0')
        canvas_textf(line, 0, 2, STYLE_STRONG, "%d", digit);
    canvas_text(canvas_area(line, 0, MATRIX_LEFT, 1, c->name_cols - MATRIX_GAP), 0, 0, STYLE_TEXT, row->name);
    for (int i = c->first; i < c->first + c->count; i++)
        matrix_draw_cell(m, row, canvas_area(line, 0, matrix_col(c, i), 1, c->cell_cols - MATRIX_GAP), i, focus && i == m->kind);
}

static const char *matrix_empty_text(const struct ui *ui, const struct matrix *m)
{
    const char *why = find_why_empty(ui);
    if (why)
        return why;
    if (m->search.text[0])
        return _("Nobody was found for these letters. Esc empties the search.");
    return m->said[0] ? _("Nobody shares or seeks anything like this yet. Press Delete to see all.")
                      : _("Nobody has said yet what they can share or what they seek. It appears here by itself.");
}

/* The focused cell in words. */
static void matrix_draw_foot(const struct matrix *m, struct canvas foot)
{
    char position[80];
    int about = foot.rows > 2 ? 1 : 0;
    if (about > 0)
        canvas_rule(foot, 0, STYLE_BOX);
    if (about > 0 && m->list.count > 1) {
        find_position(position, sizeof position, m->list.cursor, m->list.count);
        canvas_textf(foot, 0, foot.cols - text_width(position) - 3, STYLE_DIM, " %s ", position);
    }
    canvas_text(foot, about, 0, STYLE_STRONG, m->about);
    canvas_wrap(canvas_area(foot, about + 1, 0, foot.rows - about - 1, foot.cols), 0, STYLE_TEXT, m->inside);
}

void matrix_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct matrix *m = state;
    matrix_draw_head(m, canvas_area(body, 0, 0, m->head, body.cols));
    if (m->list.count == 0) {
        canvas_cursor(body, m->head, 0);
        canvas_wrap(canvas_area(body, m->head, 0, body.rows - m->head, body.cols), 0, STYLE_TEXT, matrix_empty_text(ui, m));
        return;
    }
    int page = list_page(&m->list);
    for (int i = 0; i < page && m->list.top + i < m->list.count; i++)
        matrix_draw_row(m, canvas_area(body, m->list.row + i, 0, 1, body.cols), m->list.top + i);
    if (!canvas_is_plain(body))
        matrix_draw_foot(m, canvas_area(body, body.rows - m->foot, 0, m->foot, body.cols));
}
