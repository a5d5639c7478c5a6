/* A page of facts and text that scrolls. */
#include "screens/page.h"

#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"

enum { PAGE_LABEL_MAX = 26, PAGE_LINES = 2000, PAGE_COLS = 76, PAGE_TALL = 34 };

void page_begin(struct page *p)
{
    for (int i = 0; i < p->items; i++) {
        free(p->item[i].label);
        free(p->item[i].text);
    }
    p->items = 0;
    p->lines = 0;
}

void page_done(struct page *p)
{
    page_begin(p);
    free(p->item);
    free(p->line);
    *p = (struct page){.line = NULL};
}

/* Label and text are copied. */
static void page_add(struct page *p, struct page_item item)
{
    if (p->items == PAGE_ITEMS)
        return;
    if (!p->item)
        p->item = mem_new(PAGE_ITEMS, sizeof *p->item);
    item.label = mem_dup_str(item.label);
    item.text = mem_dup_str(item.text);
    p->item[p->items++] = item;
}

void page_text(struct page *p, enum style style, const char *text)
{
    if (text && text[0])
        page_add(p, (struct page_item){.style = style, .text = (char *)text});
}

void page_fact(struct page *p, const char *label, const char *text)
{
    if (text && text[0])
        page_add(p, (struct page_item){.style = STYLE_TEXT, .label = (char *)label, .text = (char *)text});
}

void page_entry(struct page *p, const char *mark, const char *text)
{
    if (text && text[0])
        page_add(p, (struct page_item){.style = STYLE_TEXT, .is_entry = true, .label = (char *)mark, .text = (char *)text});
}

void page_gap(struct page *p)
{
    if (p->items > 0 && p->item[p->items - 1].text[0])
        page_add(p, (struct page_item){.style = STYLE_TEXT, .text = (char *)""});
}

/* ---- lines */

static void page_add_line(struct page *p, struct page_line line)
{
    if (p->lines == PAGE_LINES)
        return;
    if (p->lines == p->room) {
        p->room = p->room ? 2 * p->room : 64;
        p->line = mem_resize(p->line, (unsigned long)p->room, sizeof *p->line);
    }
    p->line[p->lines++] = line;
}

/* Columns left of an item's text. */
static int page_left(const struct page *p, const struct page_item *item)
{
    return item->is_entry ? text_width(item->label) + 1 : item->label ? p->label_cols : 0;
}

static void page_break_item(struct page *p, int i)
{
    const struct page_item *item = &p->item[i];
    int cols = p->cols - page_left(p, item);
    bool first = true;
    if (item->label && !item->is_entry && p->label_cols == 0) {
        page_add_line(p, (struct page_line){.item = i, .first = true});
        first = false;
    }
    if (!item->text[0])
        page_add_line(p, (struct page_line){.item = i});
    size_t pos = 0, from, bytes;
    while (text_wrap(item->text, cols, &pos, &from, &bytes)) {
        page_add_line(p, (struct page_line){.item = i, .from = (unsigned)from, .bytes = (unsigned)bytes, .first = first});
        first = false;
    }
}

static int page_widest_label(const struct page *p)
{
    int widest = 0;
    for (int i = 0; i < p->items; i++) {
        int cols = p->item[i].label && !p->item[i].is_entry ? text_width(p->item[i].label) : 0;
        widest = cols > widest ? cols : widest;
    }
    return widest;
}

static int page_last_top(const struct page *p)
{
    int over = p->lines - (p->rows - 1);
    return p->lines <= p->rows || over < 0 ? 0 : over;
}

static void page_move(struct page *p, int top)
{
    int last = page_last_top(p);
    p->top = top > last ? last : top < 0 ? 0 : top;
}

void page_place(struct page *p, int rows, int cols)
{
    int widest = page_widest_label(p);
    p->rows = rows;
    p->cols = cols < PAGE_COLS ? cols : PAGE_COLS;
    p->label_cols = widest > 0 && widest <= PAGE_LABEL_MAX && 2 * widest < p->cols ? widest + 2 : 0;
    p->lines = 0;
    for (int i = 0; i < p->items; i++)
        page_break_item(p, i);
    page_move(p, p->top);
}

int page_place_above(struct page *p, const struct ui *ui, int list_rows)
{
    page_place(p, ui->rows - list_rows - (list_rows > 0), ui->cols);
    return ui->rows >= PAGE_TALL && p->lines + 2 < p->rows ? p->lines + 2 : ui->rows - list_rows;
}

/* ---- scrolling */

bool page_scrolls(const struct page *p) { return p->lines > p->rows; }
void page_top(struct page *p) { p->top = 0; }

static int page_step(const struct page *p) { return p->rows > 3 ? p->rows - 2 : 1; }

bool page_key(struct page *p, const struct key *k)
{
    int page = page_step(p);
    if (!page_scrolls(p))
        return false;
    switch (k->code) {
    case K_UP:
        page_move(p, p->top - 1);
        return true;
    case K_DOWN:
        page_move(p, p->top + 1);
        return true;
    case K_WHEEL_UP:
        page_move(p, p->top - 3);
        return true;
    case K_WHEEL_DOWN:
        page_move(p, p->top + 3);
        return true;
    case K_PAGE_UP:
        page_move(p, p->top - page);
        return true;
    case K_PAGE_DOWN:
        page_move(p, p->top + page);
        return true;
    case K_END:
        page_move(p, p->lines);
        return true;
    case K_CHAR:
        /* At its end a space begins anew: one key reads it all. */
        if (k->ch == ' ')
            page_move(p, p->top == page_last_top(p) ? 0 : p->top + page);
        return k->ch == ' ';
    default:
        return false;
    }
}

/* ---- drawing */

static void page_draw_line(struct canvas c, int row, const struct page *p, const struct page_line *line)
{
    const struct page_item *item = &p->item[line->item];
    int col = page_left(p, item);
    if (item->label && line->first)
        canvas_text(col ? canvas_area(c, row, 0, 1, col - 1) : canvas_area(c, row, 0, 1, c.cols), 0, 0, STYLE_DIM,
                    item->label);
    if (line->bytes > 0)
        canvas_textf(c, row, col, item->style, "%.*s", (int)line->bytes, item->text + line->from);
}

/* Pages as PgDn turns them, the last one as full as can be. */
static void page_draw_count(struct canvas c, const struct page *p, int left)
{
    int step = page_step(p), last = page_last_top(p);
    int pages = 1 + (last + step - 1) / step, page = 1 + (p->top + step - 1) / step;
    canvas_textf(c, p->rows - 1, 0, STYLE_DIM, left > 0 ? _("Page %d of %d. PgDn: read on") : _("Page %d of %d. This is the end"),
                 page, pages);
}

static void page_draw_mark(struct canvas c, const struct page *p, int left)
{
    spot_more(canvas_area(c, p->rows - 1, 0, 1, c.cols), left);
    if (p->counts_pages)
        page_draw_count(c, p, left);
    else if (left > 0)
        canvas_textf(c, p->rows - 1, 0, STYLE_DIM,
                     i18n_plural("PgDn: %d more line", "PgDn: %d more lines", (unsigned long)left), left);
    else
        canvas_text(c, p->rows - 1, 0, STYLE_DIM, _("This is the end of the text"));
}

void page_draw(struct canvas c, const struct page *p)
{
    bool scrolls = page_scrolls(p);
    int rows = scrolls ? p->rows - 1 : p->rows;
    for (int i = 0; i < rows && p->top + i < p->lines; i++)
        page_draw_line(c, i, p, &p->line[p->top + i]);
    if (scrolls)
        page_draw_mark(c, p, p->lines - p->top - rows);
}
