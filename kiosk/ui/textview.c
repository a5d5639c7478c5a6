/* A long text that scrolls. */
#include "kiosk/ui/textview.h"

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/spot.h"

/* One row is for the mark when the text is longer than the view. */
static int textview_page(const struct textview *v)
{
    int page = v->total > v->rows ? v->rows - 1 : v->rows;
    return page > 0 ? page : 1;
}

static void textview_fix(struct textview *v)
{
    int last = v->total - textview_page(v);
    if (v->top > last)
        v->top = last;
    if (v->top < 0)
        v->top = 0;
}

void textview_place(struct textview *v, const char *text, int rows, int cols)
{
    v->rows = rows;
    v->total = canvas_wrap_rows(text, cols);
    textview_fix(v);
}

bool textview_key(struct textview *v, const struct key *k)
{
    int step = 0, page = textview_page(v);
    if (v->total <= v->rows)
        return false;
    switch (k->code) {
    case K_UP:
    case K_WHEEL_UP:
        step = -1;
        break;
    case K_DOWN:
    case K_WHEEL_DOWN:
        step = 1;
        break;
    case K_PAGE_UP:
        step = -page;
        break;
    case K_PAGE_DOWN:
        step = page;
        break;
    case K_END:
        step = v->total;
        break;
    default:
        step = key_is(k, ' ') ? page : 0;
        break;
    }
    v->top += step;
    textview_fix(v);
    return step != 0;
}

void textview_draw(struct canvas c, const struct textview *v, enum style style, const char *text)
{
    size_t pos = 0, line, bytes;
    int page = textview_page(v), left = v->total - v->top - page;
    for (int i = 0; i < v->top && text_wrap(text, c.cols, &pos, &line, &bytes); i++)
        continue;
    canvas_wrap(canvas_area(c, 0, 0, page, c.cols), 0, style, text + pos);
    if (v->total <= v->rows)
        return;
    spot_more(canvas_area(c, v->rows - 1, 0, 1, c.cols), left);
    if (left > 0)
        canvas_textf(c, v->rows - 1, 0, STYLE_DIM,
                     i18n_plural("PgDn: %d more line", "PgDn: %d more lines", (unsigned long)left), left);
    else
        canvas_text(c, v->rows - 1, 0, STYLE_DIM, _("This is the end of the text"));
}
