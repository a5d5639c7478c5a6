/* A dialog to pick a topic or a city from those that have something. */
#include "screens/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/screens.h"

enum { PICK_MAX = 250, PICK_COLS = 56 };

struct pick_item {
    char value[96], name[128];
    int count;
};

struct pick {
    char what[12], kind[12];
    int action, count;
    struct pick_item *item; /* count, owned */
    struct list list;
    int rows, cols; /* of the box */
};

void pick_open(struct ui *ui, const char *what, const char *kind, int action)
{
    char arg[64];
    snprintf(arg, sizeof arg, "%s %s %d", what, kind, action);
    shell_open(ui, SCREEN_PICK, arg);
}

static void pick_enter(struct ui *ui, void *state, const char *arg)
{
    struct pick *s = state;
    (void)ui;
    if (sscanf(arg, "%11s %11s %d", s->what, s->kind, &s->action) != 3)
        die("pick: %s", arg);
}

static bool pick_is_city(const struct pick *s) { return strcmp(s->what, "city") == 0; }

static void pick_add(struct pick *s, const char *value, const char *name, int64_t count)
{
    struct pick_item *item = &s->item[s->count++];
    snprintf(item->value, sizeof item->value, "%.95s", value);
    snprintf(item->name, sizeof item->name, "%.127s", name);
    item->count = (int)count;
}

static void pick_refresh(struct ui *ui, void *state)
{
    struct pick *s = state;
    struct row *rows = mem_new(PICK_MAX, sizeof *rows);
    int n = pick_is_city(s) ? replica_cities(ui->replica, s->kind, rows, PICK_MAX)
                            : replica_topics(ui->replica, s->kind, rows, PICK_MAX);
    free(s->item);
    s->item = mem_new(PICK_MAX + 1, sizeof *s->item);
    s->count = 0;
    pick_add(s, "", pick_is_city(s) ? _("All towns") : _("All topics"), 0);
    for (int i = 0; i < n; i++)
        if (rows[i].start > 0)
            pick_add(s, pick_is_city(s) ? rows[i].place : rows[i].id, rows[i].name, rows[i].start);
    free(rows);
    s->rows = s->count + 4 < ui->rows ? s->count + 4 : ui->rows;
    s->cols = PICK_COLS < ui->cols ? PICK_COLS : ui->cols;
    list_set_count(&s->list, s->count);
    list_place(&s->list, (ui->rows - s->rows) / 2 + 3, s->rows - 4, 1);
}

/* A letter goes to the next name that begins with it. */
static bool pick_jump(struct pick *s, const struct key *k)
{
    char typed[8] = "", want[16], name[300];
    if (k->code != K_CHAR)
        return false;
    text_encode(k->ch, typed);
    size_t n = text_fold(want, sizeof want, typed);
    for (int i = 1; i <= s->count && n > 0; i++) {
        int at = (s->list.cursor + i) % s->count;
        text_fold(name, sizeof name, s->item[at].name);
        if (strncmp(name, want, n) == 0) {
            list_set_cursor(&s->list, at);
            return true;
        }
    }
    return true;
}

static bool pick_key(struct ui *ui, void *state, const struct key *k)
{
    struct pick *s = state;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        shell_return(ui, s->action, s->item[s->list.cursor].value);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return pick_jump(s, k);
    }
}

static void pick_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct pick *s = ctx;
    int cols = area.cols;
    if (s->item[index].count > 0) {
        char count[16];
        snprintf(count, sizeof count, "%d", s->item[index].count);
        canvas_right(area, 0, style == STYLE_TEXT ? STYLE_DIM : style, count);
        cols -= 6;
    }
    canvas_text(canvas_area(area, 0, 0, 1, cols), 0, 0, style, s->item[index].name);
}

static void pick_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct pick *s = state;
    struct canvas box = canvas_area(body, (ui->rows - s->rows) / 2, (ui->cols - s->cols) / 2, s->rows, s->cols);
    struct list_look look = {.item = pick_draw_item, .ctx = s, .numbers = true, .no_count = true};
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_BOX);
    canvas_text(canvas_area(box, 1, 3, 1, s->cols - 6), 0, 0, STYLE_HEADING,
                pick_is_city(s) ? _("Which town?") : _("Which topic?"));
    list_draw(canvas_area(box, 3, 2, s->rows - 4, s->cols - 4), &s->list, &look);
}

static void pick_leave(struct ui *ui, void *state)
{
    struct pick *s = state;
    (void)ui;
    free(s->item);
}

static const struct screen_key pick_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Take the marked choice; a letter goes to the name that begins with it")},
    {0},
};

const struct screen screen_pick = {
    .name = "pick",
    .title = N_("Choose"),
    .state_size = sizeof(struct pick),
    .flags = SCREEN_DIALOG,
    .keys = pick_keys,
    .enter = pick_enter,
    .refresh = pick_refresh,
    .draw = pick_draw,
    .key = pick_key,
    .leave = pick_leave,
};
