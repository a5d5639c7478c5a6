/* A list of records of one kind. Keeps a window of rows around what is seen, so that a key costs the same in a long list. */
#include "screens/browse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/snippet.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/pick.h"

enum { BROWSE_HEAD = 3, BROWSE_SEARCH_COLS = 34, BROWSE_GAP = 4, BROWSE_ROWS = 100, BROWSE_MAX = 10000, BROWSE_ITEM = 2 };

struct browse_note {
    bool made;
    struct snippet snippet;
};

/* ---- filters every kind may have */

static void browse_apply_topic(struct record_filter *f, const char *value)
{
    snprintf(f->topic, sizeof f->topic, "%.23s", value);
}

static void browse_topic_words(char *out, size_t size, struct ui *ui, const char *value)
{
    char name[128];
    snprintf(out, size, _("Topic: %s"), replica_topic_name(ui->replica, value, name, sizeof name));
}

static void browse_apply_city(struct record_filter *f, const char *value)
{
    snprintf(f->city, sizeof f->city, "%.95s", value);
}

static void browse_city_words(char *out, size_t size, struct ui *ui, const char *value)
{
    (void)ui;
    snprintf(out, size, "%s", value);
}

static void browse_apply_marks(struct record_filter *f, const char *value) { f->marks |= strtoull(value, NULL, 10); }

static void browse_marks_words(char *out, size_t size, struct ui *ui, const char *value)
{
    (void)ui;
    snprintf(out, size, "%s", find_mark_word(strtoull(value, NULL, 10)));
}

const struct browse_filter browse_by_age = {"age", false, browse_apply_marks, browse_marks_words};
const struct browse_filter browse_by_language = {"speaks", false, browse_apply_marks, browse_marks_words};
const struct browse_filter browse_by_day = {"day", false, browse_apply_marks, browse_marks_words};
const struct browse_filter browse_by_topic = {"topic", false, browse_apply_topic, browse_topic_words};
const struct browse_filter browse_by_city = {"city", false, browse_apply_city, browse_city_words};

/* ---- what is shown */

void browse_enter(struct browse *b, const struct browse_kind *kind, const char *arg)
{
    b->kind = kind;
    b->row = mem_new(BROWSE_ROWS, sizeof *b->row);
    b->note = kind->notes ? mem_new(BROWSE_ROWS, sizeof *b->note) : NULL;
    b->search.max = 40;
    for (int i = 0; kind->filters[i]; i++) {
        size_t n = strlen(kind->filters[i]->name);
        if (strncmp(arg, kind->filters[i]->name, n) == 0 && arg[n] == ':')
            snprintf(b->value[i], sizeof b->value[i], "%.95s", arg + n + 1);
    }
}

static const struct row *browse_at(const struct browse *b, int index)
{
    int i = index - b->first;
    return i >= 0 && i < b->held ? &b->row[i] : NULL;
}

const struct row *browse_focus(const struct browse *b) { return browse_at(b, b->list.cursor); }

static bool browse_is_narrowed(const struct browse *b)
{
    for (int i = 0; b->kind->filters[i]; i++)
        if (b->value[i][0])
            return true;
    return false;
}

static void browse_set_filter(struct ui *ui, struct browse *b)
{
    size_t n = 0;
    b->filter = (struct record_filter){.kind = ""};
    b->said[0] = '\0';
    snprintf(b->filter.kind, sizeof b->filter.kind, "%s", b->kind->kind);
    snprintf(b->filter.text, sizeof b->filter.text, "%.95s", b->search.text);
    for (int i = 0; b->kind->filters[i]; i++) {
        char words[200];
        if (!b->value[i][0])
            continue;
        if (b->kind->filters[i]->apply)
            b->kind->filters[i]->apply(&b->filter, b->value[i]);
        b->kind->filters[i]->words(words, sizeof words, ui, b->value[i]);
        if (n < sizeof b->said)
            n += (size_t)snprintf(b->said + n, sizeof b->said - n, "%s%s", n ? " · " : "", words);
    }
    if (b->kind->base)
        b->kind->base(ui, b, &b->filter);
}

static int browse_list_cols(const struct ui *ui, const struct browse *b) { return b->wide ? ui->cols / 2 : ui->cols; }

/* Digits are typed once something is. */
static bool browse_has_numbers(const struct browse *b) { return b->search.text[0] == '\0'; }

/* Notes of the rows in view: each costs reading its record. */
static void browse_make_notes(struct ui *ui, struct browse *b)
{
    const struct list_look look = {.numbers = browse_has_numbers(b)};
    int page = list_page(&b->list), cols = list_item_cols(&b->list, &look, browse_list_cols(ui, b));
    for (int i = b->list.top; b->note && i < b->list.top + page; i++) {
        int at = i - b->first;
        if (at < 0 || at >= b->held || b->note[at].made)
            continue;
        replica_note(ui->replica, b->row[at].id, b->search.text, cols, &b->note[at].snippet);
        b->note[at].made = true;
    }
}

static void browse_fetch_rows(struct ui *ui, struct browse *b)
{
    int page = list_page(&b->list), last = b->list.top + page - 1;
    if (last >= b->list.count)
        last = b->list.count - 1;
    if (b->held > 0 && b->list.top >= b->first && last < b->first + b->held)
        return;
    int want = 2 * page + 1 < BROWSE_ROWS ? 2 * page + 1 : BROWSE_ROWS;
    b->first = b->list.top > page / 2 ? b->list.top - page / 2 : 0;
    b->held = replica_records(ui->replica, &b->filter, b->first, b->row, want);
    if (b->note)
        memset(b->note, 0, BROWSE_ROWS * sizeof *b->note);
}

static void browse_fetch(struct ui *ui, struct browse *b)
{
    browse_fetch_rows(ui, b);
    browse_make_notes(ui, b);
}

static void browse_preview(struct ui *ui, struct browse *b)
{
    const struct row *focus = browse_focus(b);
    struct content c;
    page_begin(&b->page);
    if (!focus || strcmp(b->shown, focus->id) != 0)
        page_top(&b->page);
    snprintf(b->shown, sizeof b->shown, "%s", focus ? focus->id : "");
    if (!b->wide || !focus || replica_get(ui->replica, focus->id, &c, NULL))
        return;
    b->kind->fill(&b->page, ui, &c);
    page_place(&b->page, ui->rows - BROWSE_HEAD, ui->cols / 2 - BROWSE_GAP);
    content_done(&c);
}

static void browse_load(struct ui *ui, struct browse *b, bool start_over)
{
    b->wide = find_is_wide(ui->cols);
    browse_set_filter(ui, b);
    b->held = 0;
    if (start_over)
        list_set_cursor(&b->list, 0);
    list_place(&b->list, BROWSE_HEAD, ui->rows - BROWSE_HEAD, BROWSE_ITEM);
    list_set_count(&b->list, replica_count_records(ui->replica, &b->filter, BROWSE_MAX));
    browse_fetch(ui, b);
    browse_preview(ui, b);
}

void browse_refresh(struct ui *ui, void *state)
{
    struct browse *b = state;
    find_topics_load(ui, &b->topics);
    browse_load(ui, b, false);
}

/* ---- keys */

static void browse_ask(struct ui *ui, struct browse *b, int i)
{
    const struct browse_filter *f = b->kind->filters[i];
    if (f->is_switch) {
        snprintf(b->value[i], sizeof b->value[i], "%s", b->value[i][0] ? "" : "1");
        browse_load(ui, b, true);
        return;
    }
    pick_open(ui, f->name, b->kind->kind, BROWSE_ANSWER + i);
}

void browse_act(struct ui *ui, void *state, int action)
{
    struct browse *b = state;
    if (action >= BROWSE_FILTER && action < BROWSE_FILTER + BROWSE_FILTERS) {
        browse_ask(ui, b, action - BROWSE_FILTER);
        return;
    }
    if (action >= BROWSE_ANSWER && action < BROWSE_ANSWER + BROWSE_FILTERS)
        snprintf(b->value[action - BROWSE_ANSWER], BROWSE_VALUE, "%.95s", ui->answer);
    if (action == BROWSE_ALL) {
        memset(b->value, 0, sizeof b->value);
        input_wipe(&b->search);
    }
    browse_load(ui, b, true);
}

bool browse_can(const struct ui *ui, const void *state, int action)
{
    const struct browse *b = state;
    (void)ui;
    return action != BROWSE_ALL || b->search.text[0] || browse_is_narrowed(b);
}

/* ---- filters named above the list */

/* Where filter key i stands: false past the end. Drawing and touch walk the same. */
struct browse_hint {
    const struct screen_key *key;
    int filter, col, cols;
    char text[80];
};

static bool browse_next_hint(const struct browse *b, struct browse_hint *h)
{
    char name[32];
    h->key = h->key ? h->key + 1 : b->kind->keys;
    while (h->key && h->key->key && h->key->action < BROWSE_FILTER)
        h->key++;
    if (!h->key || !h->key->key)
        return false;
    h->filter = h->key->action - BROWSE_FILTER;
    h->col += h->cols ? h->cols + 2 : 0;
    snprintf(h->text, sizeof h->text, "%s %s", key_name(h->key->key, name, sizeof name), _(b->kind->hints[h->filter]));
    h->cols = text_width(h->text);
    return true;
}

/* At the right edge; on a narrow screen from the left on, as many as fit. */
static int browse_hint_left(const struct browse *b, int cols)
{
    struct browse_hint h = {0};
    while (browse_next_hint(b, &h))
        ;
    return h.col + h.cols < cols ? cols - h.col - h.cols : 0;
}

static bool browse_click(struct ui *ui, struct browse *b, const struct key *k)
{
    struct browse_hint h = {.col = browse_hint_left(b, ui->cols)};
    while (k->code == K_CLICK && k->row == 0 && browse_next_hint(b, &h)) {
        if (k->col >= h.col && k->col < h.col + h.cols) {
            browse_ask(ui, b, h.filter);
            return true;
        }
    }
    return false;
}

bool browse_key(struct ui *ui, void *state, const struct key *k)
{
    struct browse *b = state;
    if (browse_click(ui, b, k))
        return true;
    if (find_search_key(&b->search, k) == FIND_TYPED) {
        browse_load(ui, b, true);
        return true;
    }
    enum list_event event = list_key(&b->list, k);
    if (event == LIST_NOT_MINE)
        return false;
    browse_fetch(ui, b);
    if (b->wide && browse_focus(b) && strcmp(browse_focus(b)->id, b->shown) != 0)
        shell_later(ui);
    if (event == LIST_CHOSEN && browse_focus(b))
        shell_open(ui, b->kind->screen, browse_focus(b)->id);
    return true;
}

void browse_later(struct ui *ui, void *state) { browse_preview(ui, state); }

/* ---- drawing */

struct browse_look {
    const struct ui *ui;
    const struct browse *b;
};

/* Words that were found stand out by brightness. */
static void browse_draw_note(struct canvas area, const struct snippet *s)
{
    int col = 0;
    size_t at = 0;
    for (int i = 0; i <= s->marks; i++) {
        size_t from = i < s->marks ? s->mark[i].from : strlen(s->text);
        col += canvas_textf(area, 1, col, STYLE_DIM, "%.*s", (int)(from - at), s->text + at);
        if (i < s->marks)
            col += canvas_textf(area, 1, col, STYLE_STRONG, "%.*s", s->mark[i].bytes, s->text + from);
        at = i < s->marks ? from + s->mark[i].bytes : from;
    }
}

static void browse_draw_item(struct canvas area, int index, enum style style, const void *ctx)
{
    (void)style;
    const struct browse_look *look = ctx;
    const struct browse *b = look->b;
    const struct row *row = browse_at(b, index);
    char below[260] = "", mark[80] = "";
    if (!row)
        return;
    if (b->kind->below)
        b->kind->below(below, sizeof below, b, row);
    if (b->kind->mark)
        b->kind->mark(mark, sizeof mark, look->ui, row);
    int cols = mark[0] ? text_width(mark) + 2 : 0;
    canvas_right(area, 0, STYLE_DIM, mark);
    int used = find_draw_two(area, &(struct find_two){.name = row->name, .name_cols = area.cols - cols});
    struct canvas rest = canvas_area(area, 0, used ? used + 3 : 0, area.rows, area.cols - (used ? used + 3 : 0));
    bool told = b->note ? b->note[index - b->first].snippet.text[0] : below[0];
    if (!told || rest.cols < FIND_TWO_LEAST)
        return;
    if (used)
        canvas_text(area, 1, used, STYLE_DIM, " · ");
    if (b->note)
        browse_draw_note(rest, &b->note[index - b->first].snippet);
    else
        canvas_text(rest, 1, 0, STYLE_DIM, below);
}

static void browse_draw_head(const struct browse *b, struct canvas head)
{
    char text[200];
    find_search_draw(canvas_area(head, 1, 0, 1, BROWSE_SEARCH_COLS), &b->search);
    int left = BROWSE_SEARCH_COLS + 2;
    canvas_text(canvas_area(head, 1, left, 1, head.cols - left), 0, 0, STYLE_STRONG, b->said);
    struct browse_hint h = {.col = browse_hint_left(b, head.cols)};
    while (!canvas_is_plain(head) && browse_next_hint(b, &h))
        canvas_text(head, 0, h.col, b->value[h.filter][0] ? STYLE_STRONG : STYLE_DIM, h.text);
    if (b->list.count == 0 || b->list.count >= BROWSE_MAX)
        return;
    b->kind->heading(text, sizeof text, b->list.count);
    if (canvas_is_plain(head) || text_width(text) < browse_hint_left(b, head.cols)) /* the list tells the number, too */
        canvas_text(head, 0, 0, STYLE_HEADING, text);
}

static const char *browse_empty_text(const struct ui *ui, const struct browse *b)
{
    const char *why = find_why_empty(ui);
    if (why)
        return why;
    if (b->search.text[0])
        return _(b->kind->not_found);
    return browse_is_narrowed(b) ? _(b->kind->none_like) : _(b->kind->none_yet);
}

void browse_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct browse *b = state;
    struct browse_look ctx = {.ui = ui, .b = b};
    int left = browse_list_cols(ui, b);
    struct canvas list = canvas_area(body, BROWSE_HEAD, 0, body.rows - BROWSE_HEAD, left);
    struct list_look look = {.item = browse_draw_item, .ctx = &ctx, .numbers = browse_has_numbers(b)};
    browse_draw_head(b, canvas_area(body, 0, 0, 2, body.cols));
    if (b->list.count == 0) {
        canvas_cursor(list, 1, 0);
        canvas_wrap(list, 1, STYLE_TEXT, browse_empty_text(ui, b));
        return;
    }
    list_draw(list, &b->list, &look);
    if (b->wide)
        page_draw(canvas_area(body, BROWSE_HEAD, left + BROWSE_GAP, list.rows, body.cols - left - BROWSE_GAP), &b->page);
}

void browse_leave(struct ui *ui, void *state)
{
    struct browse *b = state;
    (void)ui;
    free(b->row);
    free(b->note);
    page_done(&b->page);
}
