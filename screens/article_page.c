/* Articles on a page. */
#include "screens/article_page.h"

#include <stdio.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/markup.h"
#include "screens/event_page.h"

static void article_page_block(struct page *p, const struct markup_block *b)
{
    char mark[8] = "•";
    if (b->apart)
        page_gap(p);
    switch (b->kind) {
    case MARKUP_HEADING:
    case MARKUP_SUBHEADING:
        page_gap(p);
        page_text(p, b->kind == MARKUP_HEADING ? STYLE_HEADING : STYLE_STRONG, b->text);
        break;
    case MARKUP_ENTRY:
        if (b->number)
            snprintf(mark, sizeof mark, "%d.", b->number % 1000);
        page_entry(p, mark, b->text);
        break;
    case MARKUP_PARAGRAPH:
        page_text(p, STYLE_TEXT, b->text);
        break;
    }
}

void article_page_fill(struct page *p, struct ui *ui, const struct content *c)
{
    struct markup m;
    page_text(p, STYLE_HEADING, c->name);
    event_page_language(p, c);
    page_text(p, STYLE_DIM, c->description);
    page_gap(p);
    markup_parse(&m, c->body);
    for (int i = 0; i < m.count; i++)
        article_page_block(p, &m.block[i]);
    markup_done(&m);
    page_gap(p);
    event_page_topics(p, ui, c);
}
