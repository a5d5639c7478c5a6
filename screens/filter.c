/* What of the events is wanted, in plain words, with the number of events that are left. A line is a row of one table: some are chosen
 * from a list above this one, the others have a few values that Enter goes through. */
#include "screens/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/pick.h"
#include "screens/screens.h"

enum { FILTER_COLS = 70, FILTER_LABEL = 26, FILTER_HEAD = 3, FILTER_FOOT = 2, FILTER_CLEAR = 1, FILTER_PICKED = 10 };

struct filter_line {
    const char *label, *any; /* any: while nothing is asked */
    const char *pick;        /* what pick_open() asks for; NULL: marks are gone through */
    uint64_t among;          /* of these marks one at most is chosen */
    size_t offset, size;     /* of the wish's text, when it is picked and no mark */
};
#define FILTER_SLOT(member) offsetof(struct wish, member), sizeof((struct wish *)0)->member

static const struct filter_line filter_lines[] = {
    {N_("Topic"), N_("everything"), "topic", 0, FILTER_SLOT(topic)},
    {N_("For whom"), N_("everybody"), NULL, MARK_AGES, 0, 0},
    {N_("Price"), N_("any price"), NULL, MARK_FREE, 0, 0},
    {N_("With a wheelchair"), N_("does not matter"), NULL, MARK_ACCESSIBLE, 0, 0},
    {N_("In which language"), N_("in any language"), "language", ~UINT64_C(0) << MARK_FIRST_LANGUAGE, 0, 0},
    {N_("Where"), N_("anywhere"), "place", 0, FILTER_SLOT(place)},
    {N_("In person or not"), N_("does not matter"), NULL, MARK_IN_PERSON | MARK_ONLINE, 0, 0},
    {N_("Whose"), N_("everybody's"), NULL, MARK_CITY | MARK_STATE, 0, 0},
    {N_("Town"), N_("all towns"), "city", 0, FILTER_SLOT(city)},
};
enum { FILTER_LINES = sizeof filter_lines / sizeof filter_lines[0] };

struct filter {
    struct wish wish;
    int action;
    struct list list; /* of the lines, and one that shows what was found */
    int lines;        /* without that of the towns where there is but one */
    int found;
    char value[FILTER_LINES][208]; /* in words */
    int top, left, rows, cols;     /* of the box */
};

void filter_open(struct ui *ui, const struct wish *w, int action)
{
    char text[WISH_TEXT], arg[WISH_TEXT + 16];
    snprintf(arg, sizeof arg, "%d %s", action, wish_write(text, w));
    shell_open(ui, SCREEN_FILTER, arg);
}

static void filter_enter(struct ui *ui, void *state, const char *arg)
{
    struct filter *s = state;
    char *text;
    (void)ui;
    s->action = (int)strtol(arg, &text, 10);
    wish_read(&s->wish, text + (*text == ' '));
}

/* ---- what is chosen, in words */

static char *filter_slot(struct filter *s, const struct filter_line *line) { return (char *)&s->wish + line->offset; }

static const char *filter_mark_word(const struct filter *s, const struct filter_line *line)
{
    uint64_t chosen = s->wish.marks & line->among;
    if (chosen)
        return find_mark_word(chosen);
    return _(line->any);
}

static void filter_say(struct ui *ui, struct filter *s, int i)
{
    const struct filter_line *line = &filter_lines[i];
    char *out = s->value[i];
    const char *slot = line->size ? filter_slot(s, line) : "";
    if (slot[0] && strcmp(line->pick, "topic") == 0)
        replica_topic_name(ui->replica, slot, out, sizeof s->value[i]);
    else if (slot[0] && strcmp(line->pick, "place") == 0)
        wish_place_name(ui, slot, out, sizeof s->value[i]);
    else
        snprintf(out, sizeof s->value[i], "%s", slot[0] ? slot : filter_mark_word(s, line));
}

static void filter_look(struct ui *ui, struct filter *s)
{
    struct event_filter f = {.from = find_from(ui)};
    wish_into(&s->wish, &f);
    s->found = replica_count_events(ui->replica, &f, FIND_COUNT_MAX);
    for (int i = 0; i < FILTER_LINES; i++)
        filter_say(ui, s, i);
}

static void filter_refresh(struct ui *ui, void *state)
{
    struct filter *s = state;
    struct row towns[2];
    s->lines = replica_cities(ui->replica, "event", towns, 2) > 1 || s->wish.city[0] ? FILTER_LINES : FILTER_LINES - 1;
    s->rows = FILTER_HEAD + s->lines + 1 + FILTER_FOOT;
    s->rows = s->rows < ui->rows ? s->rows : ui->rows;
    s->cols = FILTER_COLS < ui->cols ? FILTER_COLS : ui->cols;
    s->top = ui->rows > s->rows ? (ui->rows - s->rows) / 2 : 0;
    s->left = (ui->cols - s->cols) / 2;
    list_set_count(&s->list, s->lines + 1);
    list_place(&s->list, s->top + FILTER_HEAD, s->rows - FILTER_HEAD - 1, 1);
    filter_look(ui, s);
}

/* ---- keys */

/* The mark after (step 1) or before (-1) the chosen one among those of a line; "none" is one of them. */
static uint64_t filter_next(uint64_t chosen, uint64_t among, int step)
{
    uint64_t option[16] = {0};
    int count = 1, at = 0;
    for (const struct mark *m = marks_table; m->word && count < 16; m++)
        if (m->bit & among) {
            at = chosen & m->bit ? count : at;
            option[count++] = m->bit;
        }
    return option[(at + step + count) % count];
}

static void filter_return(struct ui *ui, const struct filter *s)
{
    char text[WISH_TEXT];
    shell_return(ui, s->action, wish_write(text, &s->wish));
}

/* false: a line whose value is picked from a list. */
static bool filter_change(struct ui *ui, struct filter *s, int step)
{
    if (s->list.cursor >= s->lines || filter_lines[s->list.cursor].pick)
        return false;
    uint64_t among = filter_lines[s->list.cursor].among;
    s->wish.marks = (s->wish.marks & ~among) | filter_next(s->wish.marks & among, among, step);
    filter_look(ui, s);
    return true;
}

static void filter_choose(struct ui *ui, struct filter *s)
{
    if (s->list.cursor >= s->lines)
        filter_return(ui, s);
    else if (!filter_change(ui, s, 1))
        pick_open(ui, filter_lines[s->list.cursor].pick, "event", FILTER_PICKED + s->list.cursor);
}

static bool filter_key(struct ui *ui, void *state, const struct key *k)
{
    struct filter *s = state;
    if (k->code == K_ESC || k->code == K_F4) {
        filter_return(ui, s);
        return true;
    }
    if (k->code == K_LEFT || k->code == K_RIGHT)
        return filter_change(ui, s, k->code == K_RIGHT ? 1 : -1);
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        filter_choose(ui, s);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

static void filter_act(struct ui *ui, void *state, int action)
{
    struct filter *s = state;
    if (action == FILTER_CLEAR)
        wish_clear(&s->wish);
    if (action >= FILTER_PICKED && action < FILTER_PICKED + FILTER_LINES) {
        const struct filter_line *line = &filter_lines[action - FILTER_PICKED];
        s->wish.marks &= ~line->among;
        if (line->size)
            snprintf(filter_slot(s, line), line->size, "%s", ui->answer);
        else if (ui->answer[0])
            s->wish.marks |= marks_language(ui->answer);
    }
    filter_refresh(ui, s);
}

static bool filter_can(const struct ui *ui, const void *state, int action)
{
    const struct filter *s = state;
    (void)ui;
    return action != FILTER_CLEAR || !wish_is_any(&s->wish);
}

/* ---- drawing */

static void filter_draw_found(struct canvas area, const struct filter *s, enum style style)
{
    char text[160];
    if (s->found == 0)
        snprintf(text, sizeof text, "%s", _("Nothing like this: choose less"));
    else if (s->found >= FIND_COUNT_MAX)
        snprintf(text, sizeof text, _("Show more than %d events"), FIND_COUNT_MAX);
    else
        snprintf(text, sizeof text, i18n_plural("Show %d event", "Show %d events", (unsigned long)s->found), s->found);
    canvas_text(area, 0, 0, style == STYLE_TEXT ? STYLE_STRONG : style, text);
}

static void filter_draw_line(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct filter *s = ctx;
    if (index >= s->lines) {
        filter_draw_found(area, s, style);
        return;
    }
    const struct filter_line *line = &filter_lines[index];
    bool chosen = (s->wish.marks & line->among) != 0 || (line->size && ((const char *)&s->wish + line->offset)[0]);
    int label = area.cols > 2 * FILTER_LABEL ? FILTER_LABEL : area.cols / 2;
    canvas_text(canvas_area(area, 0, 0, 1, label), 0, 0, style, _(line->label));
    enum style plain = chosen ? STYLE_STRONG : STYLE_DIM;
    canvas_textf(canvas_area(area, 0, label + 1, 1, area.cols - label - 1), 0, 0,
                 style == STYLE_TEXT ? plain : style, line->pick ? "%s …" : "%s", s->value[index]);
}

static void filter_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct filter *s = state;
    struct canvas box = canvas_area(body, s->top, s->left, s->rows, s->cols);
    struct list_look look = {.item = filter_draw_line, .ctx = s, .numbers = true, .no_count = true};
    (void)ui;
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_BOX);
    canvas_text(canvas_area(box, 1, 3, 1, s->cols - 6), 0, 0, STYLE_HEADING, _("What would you like to see?"));
    list_draw(canvas_area(box, FILTER_HEAD, 2, s->rows - FILTER_HEAD - 1, s->cols - 4), &s->list, &look);
}

static const struct screen_key filter_keys[] = {
    {K_ENTER, N_("Change"), 0, N_("Change the marked line, or choose from a list")},
    {K_RIGHT, NULL, 0, N_("The next value; Left: the one before")},
    {K_F4, N_("Show"), 0, N_("Show what was found; Esc does the same")},
    {K_DELETE, N_("Show everything"), FILTER_CLEAR, N_("Ask for nothing again: everything is shown")},
    {0},
};

const struct screen screen_filter = {
    .name = "filter",
    .title = N_("Filter"),
    .state_size = sizeof(struct filter),
    .flags = SCREEN_DIALOG,
    .keys = filter_keys,
    .enter = filter_enter,
    .refresh = filter_refresh,
    .draw = filter_draw,
    .act = filter_act,
    .key = filter_key,
    .can = filter_can,
};
