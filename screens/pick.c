/* A dialog to pick one thing a list is narrowed by, from those that have something: a topic, a town. Typing narrows the choices, too. */
#include "screens/pick.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/store/supply.h"
#include "kiosk/ui/list.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"
#include "screens/screens.h"

enum { PICK_MAX = 1500, PICK_COLS = 56, PICK_HEAD = 3, PICK_SEARCH_COLS = 30, PICK_COUNT = 1000, PICK_LOOK = 5000 };

struct pick_item {
    char value[96], name[128];
    int count; /* 0: not told */
};

struct pick;
/* What can be asked for. */
struct pick_kind {
    const char *name, *question, *all;
    void (*fill)(struct ui *ui, struct pick *s);
};

struct pick {
    const struct pick_kind *what;
    char kind[12]; /* of the records */
    int action;
    struct pick_item *item; /* owned */
    int count;
    int *found, found_count; /* the items that fit what is typed; owned */
    struct input search;
    struct list list; /* of found */
    int rows, cols;   /* of the box */
};

/* ---- what there is to choose from */

static void pick_add(struct pick *s, const char *value, const char *name, int64_t count)
{
    if (s->count == PICK_MAX)
        return;
    struct pick_item *item = &s->item[s->count++];
    snprintf(item->value, sizeof item->value, "%.95s", value);
    snprintf(item->name, sizeof item->name, "%.127s", name);
    item->count = (int)count;
}

/* Communities that share or seek something are counted, not records of a kind. */
static bool pick_is_provider(const struct pick *s) { return strcmp(s->kind, "provider") == 0; }

static void pick_fill_topics(struct ui *ui, struct pick *s)
{
    struct row *rows = mem_new(PICK_MAX, sizeof *rows);
    int n = pick_is_provider(s) ? supply_topics(ui->replica, rows, PICK_MAX) : replica_topics(ui->replica, s->kind, rows, PICK_MAX);
    for (int i = 0; i < n; i++)
        if (rows[i].start > 0)
            pick_add(s, rows[i].id, rows[i].name, rows[i].start);
    free(rows);
}

/* The centre's own town stands first. */
static void pick_fill_cities(struct ui *ui, struct pick *s)
{
    struct row *rows = mem_new(PICK_MAX, sizeof *rows);
    int n = pick_is_provider(s) ? supply_cities(ui->replica, rows, PICK_MAX) : replica_cities(ui->replica, s->kind, rows, PICK_MAX);
    for (int own = 1; own >= 0; own--)
        for (int i = 0; i < n; i++)
            if ((strcmp(rows[i].place, find_city(ui)) == 0) == own)
                pick_add(s, rows[i].place, rows[i].name, rows[i].start);
    free(rows);
}

/* Kinds of opportunities; values are marks. */
static void pick_fill_calls(struct ui *ui, struct pick *s)
{
    for (int i = 0; marks_calls[i].code; i++) {
        char value[24];
        struct record_filter f = {.kind = "call", .marks = MARK_CALL(i)};
        if (ui->time_known)
            date_format(date_from_days(ui->today), f.since);
        snprintf(value, sizeof value, "%llu", (unsigned long long)MARK_CALL(i));
        int count = replica_count_records(ui->replica, &f, PICK_MAX);
        if (count > 0)
            pick_add(s, value, _(marks_calls[i].word), count);
    }
}

static void pick_fill_resources(struct ui *ui, struct pick *s)
{
    for (int i = 0; i < MARK_RESOURCES; i++) {
        struct supply_filter f = {.cells = 3u << 2 * i};
        int n = supply_count(ui->replica, &f, PICK_COUNT);
        if (n > 0)
            pick_add(s, marks_resources[i].code, _(marks_resources[i].word), n);
    }
}

static void pick_fill_only(struct ui *ui, struct pick *s)
{
    (void)ui;
    pick_add(s, "1", _("Only what is shared"), 0);
    pick_add(s, "2", _("Only what is sought"), 0);
}

/* A place of the same name in another town is told by its town. */
static void pick_fill_places(struct ui *ui, struct pick *s)
{
    struct row *rows = mem_new(PICK_MAX, sizeof *rows);
    int n = replica_places(ui->replica, 0, rows, PICK_MAX);
    for (int i = 0; i < n; i++) {
        char name[128];
        bool twin = (i > 0 && strcmp(rows[i - 1].name, rows[i].name) == 0) ||
                    (i + 1 < n && strcmp(rows[i + 1].name, rows[i].name) == 0);
        snprintf(name, sizeof name, twin && rows[i].place[0] ? "%.80s (%.40s)" : "%.120s", rows[i].name, rows[i].place);
        pick_add(s, rows[i].id, name, rows[i].start);
    }
    free(rows);
}

static void pick_fill_languages(struct ui *ui, struct pick *s)
{
    (void)ui;
    for (int i = 0; marks_language_at(i); i++)
        pick_add(s, marks_language_at(i)->code, marks_language_at(i)->name, 0);
}

/* Those of some marks that records have; how many of them, where so few records were looked through that this is known. */
static void pick_fill_marks(struct ui *ui, struct pick *s, uint64_t among)
{
    struct candidate *c = mem_new(PICK_LOOK, sizeof *c);
    struct record_filter f = {.kind = ""};
    char value[24];
    snprintf(f.kind, sizeof f.kind, "%s", s->kind);
    int n = replica_candidates(ui->replica, &f, c, PICK_LOOK);
    for (int bit = 0; bit < 63; bit++) {
        uint64_t mark = UINT64_C(1) << bit;
        int with = 0;
        for (int i = 0; i < n && (among & mark); i++)
            with += (c[i].marks & mark) != 0;
        if (with == 0)
            continue;
        snprintf(value, sizeof value, "%llu", (unsigned long long)mark);
        pick_add(s, value, find_mark_word(mark), n < PICK_LOOK ? with : 0);
    }
    free(c);
}

static void pick_fill_ages(struct ui *ui, struct pick *s) { pick_fill_marks(ui, s, MARK_AGES); }
static void pick_fill_spoken(struct ui *ui, struct pick *s) { pick_fill_marks(ui, s, MARK_SPOKEN); }
static void pick_fill_days(struct ui *ui, struct pick *s) { pick_fill_marks(ui, s, MARK_WEEKDAYS); }

static const struct pick_kind pick_kinds[] = {
    {"call", N_("What are you looking for?"), N_("Everything"), pick_fill_calls},
    {"topic", N_("Which topic?"), N_("All topics"), pick_fill_topics},
    {"city", N_("Which town?"), N_("All towns"), pick_fill_cities},
    {"resource", N_("What kind of help?"), N_("All kinds"), pick_fill_resources},
    {"only", N_("Shared or sought?"), N_("Both"), pick_fill_only},
    {"place", N_("Which place?"), N_("All places"), pick_fill_places},
    {"language", N_("Which language?"), N_("All languages"), pick_fill_languages},
    {"age", N_("For whom?"), N_("All ages"), pick_fill_ages},
    {"speaks", N_("Which language?"), N_("All languages"), pick_fill_spoken},
    {"day", N_("When?"), N_("All days"), pick_fill_days},
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
    char what[12];
    (void)ui;
    if (sscanf(arg, "%11s %11s %d", what, s->kind, &s->action) != 3)
        die("pick: %s", arg);
    for (size_t i = 0; i < sizeof pick_kinds / sizeof pick_kinds[0]; i++)
        if (strcmp(pick_kinds[i].name, what) == 0)
            s->what = &pick_kinds[i];
    if (!s->what)
        die("pick: %s", arg);
    s->search.max = PICK_SEARCH_COLS;
}

/* A name fits when one of its words begins with what is typed. */
static bool pick_fits(const char *name, const char *want)
{
    char folded[400];
    size_t n = strlen(want);
    text_fold(folded, sizeof folded, name);
    for (const char *word = folded; *word;) {
        if (strncmp(word, want, n) == 0)
            return true;
        word += strcspn(word, " -(");
        word += strspn(word, " -(");
    }
    return n == 0;
}

/* "All" always stays: there is a way out of every search. */
static void pick_narrow(struct pick *s)
{
    char want[INPUT_BYTES];
    text_fold(want, sizeof want, s->search.text);
    s->found_count = 0;
    for (int i = 0; i < s->count; i++)
        if (i == 0 || pick_fits(s->item[i].name, want))
            s->found[s->found_count++] = i;
    list_set_count(&s->list, s->found_count);
}

static void pick_refresh(struct ui *ui, void *state)
{
    struct pick *s = state;
    free(s->item);
    free(s->found);
    s->item = mem_new(PICK_MAX, sizeof *s->item);
    s->found = mem_new(PICK_MAX, sizeof *s->found);
    s->count = 0;
    pick_add(s, "", _(s->what->all), 0);
    s->what->fill(ui, s);
    int rows = PICK_HEAD + s->count + 1;
    s->rows = rows < ui->rows ? rows : ui->rows;
    s->cols = PICK_COLS < ui->cols ? PICK_COLS : ui->cols;
    pick_narrow(s);
    list_place(&s->list, (ui->rows - s->rows) / 2 + PICK_HEAD, s->rows - PICK_HEAD - 1, 1);
}

/* ---- keys */

/* With one town left, Enter takes it. */
static bool pick_type(struct pick *s, const struct key *k)
{
    if (find_search_key(&s->search, k) != FIND_TYPED)
        return false;
    pick_narrow(s);
    list_set_cursor(&s->list, s->search.text[0] && s->found_count > 1 ? 1 : 0);
    return true;
}

static bool pick_key(struct ui *ui, void *state, const struct key *k)
{
    struct pick *s = state;
    if (!key_digit(k) && pick_type(s, k))
        return true;
    switch (list_key(&s->list, k)) {
    case LIST_CHOSEN:
        shell_return(ui, s->action, s->item[s->found[s->list.cursor]].value);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return false;
    }
}

/* ---- drawing */

static void pick_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct pick *s = ctx;
    const struct pick_item *item = &s->item[s->found[index]];
    int cols = area.cols;
    if (item->count > 0) {
        char count[16];
        snprintf(count, sizeof count, "%d", item->count);
        canvas_right(area, 0, style == STYLE_TEXT ? STYLE_DIM : style, count);
        cols -= 6;
    }
    canvas_text(canvas_area(area, 0, 0, 1, cols), 0, 0, style, item->name);
}

static void pick_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct pick *s = state;
    struct canvas box = canvas_area(body, (ui->rows - s->rows) / 2, (ui->cols - s->cols) / 2, s->rows, s->cols);
    struct list_look look = {.item = pick_draw_item, .ctx = s, .numbers = true, .no_count = true};
    canvas_clear(box, STYLE_TEXT);
    canvas_box(box, STYLE_BOX);
    int cols = canvas_text(canvas_area(box, 1, 3, 1, s->cols - 6), 0, 0, STYLE_HEADING, _(s->what->question)) + 5;
    find_search_draw(canvas_area(box, 1, cols, 1, s->cols - cols - 3), &s->search);
    list_draw(canvas_area(box, PICK_HEAD, 2, s->rows - PICK_HEAD - 1, s->cols - 4), &s->list, &look);
}

static void pick_leave(struct ui *ui, void *state)
{
    struct pick *s = state;
    (void)ui;
    free(s->item);
    free(s->found);
}

static const struct screen_key pick_keys[] = {
    {K_ENTER, N_("Choose"), 0, N_("Take the marked choice; letters narrow the choices")},
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
