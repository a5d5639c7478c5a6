/* Who shares what, who seeks what: communities and kinds of help as a table. The cursor walks from cell to cell, what is typed looks
 * for communities and things, keys narrow it; Enter opens what stands in the cell. */
#include "screens/matrix.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/pick.h"
#include "screens/resources.h"
#include "screens/screens.h"

enum matrix_action {
    MATRIX_LEFTWARD = 1, MATRIX_RIGHTWARD, MATRIX_TOPIC, MATRIX_CITY, MATRIX_KIND, MATRIX_ONLY, MATRIX_HELPS, MATRIX_ALL,
    MATRIX_TOPIC_IS, MATRIX_CITY_IS, MATRIX_KIND_IS, MATRIX_ONLY_IS
};

const struct supply_row *matrix_at(const struct matrix *m, int index)
{
    int i = index - m->first;
    return i >= 0 && i < m->held ? &m->row[i] : NULL;
}

int matrix_times(const struct matrix *m, const struct supply_row *row, int cell)
{
    bool wanted = cell % 2;
    return m->only && wanted != (m->only == 2) ? 0 : row->times[cell];
}

/* ---- what is asked for */

/* The bits of the cells that count: of one kind or all, of one direction or both. */
static unsigned matrix_cells(const struct matrix *m)
{
    unsigned cells = 0;
    if (m->only_kind < 0 && !m->only)
        return 0;
    for (int i = 0; i < SUPPLY_CELLS; i++)
        if ((m->only_kind < 0 || i / 2 == m->only_kind) && (!m->only || i % 2 == m->only - 1))
            cells |= 1u << i;
    return cells;
}

static void matrix_say(struct matrix *m, const char *text)
{
    size_t n = strlen(m->said);
    if (text[0])
        snprintf(m->said + n, sizeof m->said - n, "%s%s", n ? " · " : "", text);
}

static void matrix_set_filter(struct ui *ui, struct matrix *m)
{
    char name[128], text[200];
    m->filter.cells = matrix_cells(m);
    snprintf(m->filter.text, sizeof m->filter.text, "%.95s", m->search.text);
    m->said[0] = '\0';
    if (m->filter.topic[0]) {
        snprintf(text, sizeof text, _("Topic: %s"), replica_topic_name(ui->replica, m->filter.topic, name, sizeof name));
        matrix_say(m, text);
    }
    matrix_say(m, m->filter.city);
    matrix_say(m, m->only_kind < 0 ? "" : _(marks_resources[m->only_kind].word));
    matrix_say(m, m->only == 1 ? _("only what is shared") : m->only == 2 ? _("only what is sought") : "");
}

/* ---- rows */

/* The window of rows around what is seen. */
static int matrix_window(const struct matrix *m)
{
    int page = list_page(&m->list);
    return m->list.top > page / 2 ? m->list.top - page / 2 : 0;
}

static int matrix_window_rows(const struct matrix *m)
{
    int want = 2 * list_page(&m->list) + 1;
    return want < MATRIX_ROWS ? want : MATRIX_ROWS;
}

static void matrix_fetch(struct ui *ui, struct matrix *m)
{
    int page = list_page(&m->list), last = m->list.top + page - 1;
    if (last >= m->list.count)
        last = m->list.count - 1;
    if (m->held > 0 && m->list.top >= m->first && last < m->first + m->held)
        return;
    m->first = matrix_window(m);
    m->held = supply_rows(ui->replica, &m->filter, m->first, m->row, matrix_window_rows(m));
}

/* "shared: hall for thirty; projector, and 3 more", added to what is there. */
static void matrix_tell_side(struct ui *ui, struct matrix *m, const struct supply_row *row, int cell)
{
    struct record_filter f = {.kind = "resource", .marks = MARK_RESOURCE(cell / 2) | (cell % 2 ? MARK_WANT : MARK_OFFER)};
    struct row found[MATRIX_SHOWN];
    int times = matrix_times(m, row, cell);
    if (times == 0)
        return;
    memcpy(f.owner, row->id, sizeof f.owner);
    int count = replica_records(ui->replica, &f, 0, found, MATRIX_SHOWN);
    char *out = m->inside;
    size_t n = strlen(out), size = sizeof m->inside;
    n += (size_t)snprintf(out + n, size - n, "%s%s", n ? " · " : "", cell % 2 ? _("seek: ") : _("share: "));
    for (int i = 0; i < count && n < size; i++)
        n += (size_t)snprintf(out + n, size - n, "%s%.120s", i ? "; " : "", found[i].name);
    if (times > count && n < size)
        snprintf(out + n, size - n, i18n_plural(", and %d more", ", and %d more", (unsigned long)(times - count)), times - count);
}

/* The first kind that the focused community has, unless it has the focused one. */
static void matrix_find_kind(struct matrix *m)
{
    const struct supply_row *row = matrix_at(m, m->list.cursor);
    for (int i = -1; row && i < MARK_RESOURCES; i++) {
        int kind = i < 0 ? m->kind : i;
        if (matrix_times(m, row, 2 * kind) + matrix_times(m, row, 2 * kind + 1) == 0)
            continue;
        m->kind = kind;
        return;
    }
}

/* The focused cell in words. */
static void matrix_tell(struct ui *ui, struct matrix *m)
{
    const struct supply_row *row = matrix_at(m, m->list.cursor);
    m->about[0] = m->inside[0] = '\0';
    if (!row)
        return;
    /* the centre's own town goes without saying */
    bool away = row->city[0] && strcmp(row->city, find_city(ui)) != 0;
    snprintf(m->about, sizeof m->about, "%s%s%s", row->name, away ? " · " : "", away ? row->city : "");
    matrix_tell_side(ui, m, row, 2 * m->kind);
    matrix_tell_side(ui, m, row, 2 * m->kind + 1);
    char told[sizeof m->inside];
    snprintf(told, sizeof told, "%s", m->inside[0] ? m->inside : _("nothing of this kind so far"));
    snprintf(m->inside, sizeof m->inside, "%s · %.700s", _(marks_resources[m->kind].word), told);
}

static void matrix_load(struct ui *ui, struct matrix *m, bool start_over)
{
    matrix_set_filter(ui, m);
    if (start_over)
        list_set_cursor(&m->list, 0);
    /* large letters: search, columns, communities, two lines about the focused cell */
    m->head = ui->rows < MATRIX_LOW ? 2 : 4;
    m->foot = ui->rows < MATRIX_LOW ? 2 : 4;
    list_place(&m->list, m->head, ui->rows - m->head - m->foot, 1);
    struct replica_window w = {.offset = matrix_window(m), .max = matrix_window_rows(m), .limit = MATRIX_MAX};
    int count;
    m->first = w.offset;
    m->held = supply_rows_counted(ui->replica, &m->filter, &w, m->row, &count);
    list_set_count(&m->list, count);
    matrix_fetch(ui, m);
    if (start_over)
        matrix_find_kind(m);
    matrix_place(m, ui->cols);
    matrix_tell(ui, m);
}

static void matrix_enter(struct ui *ui, void *state, const char *arg)
{
    struct matrix *m = state;
    (void)ui, (void)arg;
    m->row = mem_new(MATRIX_ROWS, sizeof *m->row);
    m->search.max = 40;
    m->only_kind = -1;
}

static void matrix_refresh(struct ui *ui, void *state)
{
    struct matrix *m = state;
    matrix_load(ui, m, !m->looked);
    m->looked = true;
}

/* ---- keys */

static void matrix_move(struct ui *ui, struct matrix *m, int kind)
{
    if (kind < 0 || kind >= MARK_RESOURCES)
        return;
    m->kind = kind;
    matrix_place(m, ui->cols);
    shell_later(ui);
}

static void matrix_open(struct ui *ui, struct matrix *m)
{
    const struct supply_row *row = matrix_at(m, m->list.cursor);
    if (!row)
        return;
    int offered = matrix_times(m, row, 2 * m->kind), wanted = matrix_times(m, row, 2 * m->kind + 1);
    if (offered + wanted == 0)
        shell_flash(ui, STYLE_TEXT, _("There is nothing of this kind here so far."));
    else
        resources_open(ui, row->id, m->kind, wanted == 0 ? 1 : offered == 0 ? 2 : 0);
}

static void matrix_narrow(struct matrix *m, int action, const char *answer)
{
    if (action == MATRIX_TOPIC_IS)
        snprintf(m->filter.topic, sizeof m->filter.topic, "%.23s", answer);
    if (action == MATRIX_CITY_IS)
        snprintf(m->filter.city, sizeof m->filter.city, "%.95s", answer);
    if (action == MATRIX_KIND_IS)
        m->only_kind = resources_kind(answer);
    if (action == MATRIX_ONLY_IS)
        m->only = answer[0] ? answer[0] - '0' : 0;
    if (action == MATRIX_ALL) {
        m->filter = (struct supply_filter){.cells = 0};
        m->only = 0;
        m->only_kind = -1;
        input_wipe(&m->search);
    }
    if (m->only_kind >= 0)
        m->kind = m->only_kind;
}

static void matrix_act(struct ui *ui, void *state, int action)
{
    struct matrix *m = state;
    switch (action) {
    case MATRIX_LEFTWARD:
    case MATRIX_RIGHTWARD:
        matrix_move(ui, m, m->kind + (action == MATRIX_RIGHTWARD ? 1 : -1));
        return;
    case MATRIX_TOPIC:
        pick_open(ui, "topic", "provider", MATRIX_TOPIC_IS);
        return;
    case MATRIX_CITY:
        pick_open(ui, "city", "provider", MATRIX_CITY_IS);
        return;
    case MATRIX_KIND:
        pick_open(ui, "resource", "provider", MATRIX_KIND_IS);
        return;
    case MATRIX_ONLY:
        pick_open(ui, "only", "provider", MATRIX_ONLY_IS);
        return;
    case MATRIX_HELPS:
        shell_open(ui, SCREEN_HELPS, "");
        return;
    default:
        matrix_narrow(m, action, ui->answer);
        matrix_load(ui, m, true);
    }
}

static bool matrix_can(const struct ui *ui, const void *state, int action)
{
    const struct matrix *m = state;
    (void)ui;
    return action != MATRIX_ALL || m->search.text[0] || m->said[0];
}

/* A touch on a cell is meant for it, one on a name for all that community has. */
static void matrix_touch(struct ui *ui, struct matrix *m, int col)
{
    const struct matrix_columns *c = &m->columns;
    const struct supply_row *row = matrix_at(m, m->list.cursor);
    int i = (col - MATRIX_LEFT - c->name_cols) / c->cell_cols;
    if (row && (ui->plain || col < MATRIX_LEFT + c->name_cols))
        resources_open(ui, row->id, -1, m->only);
    else if (i < c->count) {
        matrix_move(ui, m, c->first + i);
        matrix_open(ui, m);
    }
}

static bool matrix_key(struct ui *ui, void *state, const struct key *k)
{
    struct matrix *m = state;
    if (find_search_key(&m->search, k) == FIND_TYPED) {
        matrix_load(ui, m, true);
        return true;
    }
    enum list_event event = list_key(&m->list, k);
    if (event == LIST_NOT_MINE)
        return false;
    matrix_fetch(ui, m);
    shell_later(ui);
    if (k->code == K_CLICK)
        matrix_touch(ui, m, k->col);
    else if (event == LIST_CHOSEN)
        matrix_open(ui, m);
    return true;
}

static void matrix_later(struct ui *ui, void *state) { matrix_tell(ui, state); }

static void matrix_leave(struct ui *ui, void *state)
{
    struct matrix *m = state;
    (void)ui;
    free(m->row);
}

const struct screen_key matrix_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Open what stands in the marked cell")},
    {K_RIGHT, NULL, MATRIX_RIGHTWARD, N_("The next kind: rooms, equipment, skills, transport, helpers")},
    {K_LEFT, NULL, MATRIX_LEFTWARD, N_("The kind before")},
    {K_F7, N_("Who helps whom"), MATRIX_HELPS, N_("Who could help whom: what one seeks and another shares")},
    {K_F3, N_("Topic"), MATRIX_TOPIC, N_("Only one topic")},
    {K_F4, N_("Town"), MATRIX_CITY, N_("Only one town or district")},
    {K_F5, N_("Kind"), MATRIX_KIND, N_("Only one kind: rooms, equipment, skills, transport, helpers")},
    {K_F6, N_("Share/seek"), MATRIX_ONLY, N_("Only what is shared, or only what is sought")},
    {K_DELETE, N_("See all"), MATRIX_ALL, N_("See everything again: all topics, all towns, all kinds")},
    {0},
};

const struct screen screen_matrix = {
    .name = "matrix",
    .title = N_("Sharing and seeking"),
    .state_size = sizeof(struct matrix),
    .flags = SCREEN_UNTYPES,
    .keys = matrix_keys,
    .enter = matrix_enter,
    .refresh = matrix_refresh,
    .draw = matrix_draw,
    .act = matrix_act,
    .key = matrix_key,
    .later = matrix_later,
    .can = matrix_can,
    .leave = matrix_leave,
};
