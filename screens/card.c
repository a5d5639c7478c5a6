/* One record on a page. */
#include "screens/card.h"

#include <stdio.h>
#include <stdlib.h>

#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/screens.h"

void card_enter(struct card *c, const struct card_kind *kind, const char *id)
{
    c->kind = kind;
    snprintf(c->id, sizeof c->id, "%.36s", id);
}

static void card_empty(struct card *c)
{
    for (int i = 0; i < c->list.count; i++) {
        free((char *)c->line[i].arg);
        free((char *)c->line[i].text);
    }
    c->list.count = 0;
    c->phone.shown = false;
    page_begin(&c->page);
}

void card_add(struct card *c, const struct card_line *line)
{
    if (c->list.count == CARD_LINES)
        return;
    struct card_line *own = &c->line[c->list.count++];
    *own = *line;
    own->arg = mem_dup_str(line->arg);
    own->text = mem_dup_str(line->text);
}

void card_add_link(struct card *c, const char *url, const char *text)
{
    if (url)
        card_add(c, &(struct card_line){.screen = SCREEN_LINK, .arg = url, .text = text});
}

void card_refresh(struct ui *ui, void *state)
{
    struct card *c = state;
    card_empty(c);
    c->found = c->kind->fill(ui, c);
    if (!c->found)
        card_empty(c);
    list_set_count(&c->list, c->list.count);
    int most = c->kind->rows ? c->kind->rows : ui->rows >= CARD_TALL ? CARD_ROWS_TALL : CARD_ROWS;
    int rows = c->list.count < most ? c->list.count : most;
    list_place(&c->list, page_place_above(&c->page, ui, rows), rows, 1);
}

static void card_open(struct ui *ui, const struct card_line *line) { shell_open(ui, line->screen, line->arg); }

static const struct card_line *card_line_to(const struct card *c, int screen)
{
    for (int i = 0; i < c->list.count; i++)
        if (c->line[i].screen == screen)
            return &c->line[i];
    return NULL;
}

bool card_has(const struct card *c, int screen) { return card_line_to(c, screen) != NULL; }

void card_go(struct ui *ui, const struct card *c, int screen)
{
    const struct card_line *line = card_line_to(c, screen);
    if (line)
        card_open(ui, line);
}

bool card_key(struct ui *ui, void *state, const struct key *k)
{
    struct card *c = state;
    bool page_first = k->code == K_PAGE_UP || k->code == K_PAGE_DOWN || k->code == K_END || k->code == K_WHEEL_UP ||
                      k->code == K_WHEEL_DOWN || c->list.count < 2;
    if (page_first && page_key(&c->page, k))
        return true;
    switch (list_key(&c->list, k)) {
    case LIST_CHOSEN:
        card_open(ui, &c->line[c->list.cursor]);
        return true;
    case LIST_MOVED:
        return true;
    default:
        return page_key(&c->page, k);
    }
}

static void card_draw_line(struct canvas area, int index, enum style style, const void *ctx)
{
    const struct card *c = ctx;
    canvas_text(area, 0, 0, style == STYLE_TEXT ? c->line[index].style : style, c->line[index].text);
}

void card_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct card *c = state;
    (void)ui;
    if (!c->found) {
        canvas_wrap(body, 1, STYLE_TEXT, _(c->kind->gone));
        return;
    }
    page_draw(body, &c->page);
    phone_draw_aside(body, &c->phone);
    if (c->list.count == 0)
        return;
    struct list_look look = {.item = card_draw_line, .ctx = c, .numbers = true, .no_count = c->list.count <= c->list.rows};
    int cols = c->phone.shown ? PHONE_ASIDE_COLS - 4 : body.cols;
    canvas_rule(canvas_area(body, c->list.row - 1, 0, 1, cols), 0, STYLE_BOX);
    list_draw(canvas_area(body, c->list.row, 0, c->list.rows, cols), &c->list, &look);
}

void card_leave(struct ui *ui, void *state)
{
    struct card *c = state;
    (void)ui;
    card_empty(c);
    page_done(&c->page);
}
