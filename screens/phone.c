/* The code that leads to an address. */
#include "screens/phone.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/ui.h"

enum { PHONE_QUIET = 4, PHONE_QUIET_LEAST = 2, PHONE_VERSION_MAX = 11, PHONE_ASIDE_TOP = 3 };

void phone_make(struct phone *c, const struct ui *ui, const char *url, int rows, int cols)
{
    c->shown = false;
    if (!url || !ui->can_qr || qr_make(&c->qr, url, PHONE_VERSION_MAX, NULL))
        return;
    /* the quiet zone shrinks before the code is left out */
    for (c->quiet = PHONE_QUIET; c->quiet >= PHONE_QUIET_LEAST && !c->shown; c->quiet -= PHONE_QUIET_LEAST) {
        c->rows = canvas_qr_rows(&c->qr, c->quiet);
        c->cols = canvas_qr_cols(&c->qr, c->quiet);
        c->shown = c->rows <= rows && c->cols <= cols;
    }
}

void phone_draw(struct canvas area, int row, int col, const struct phone *c)
{
    if (c->shown)
        canvas_qr(canvas_area(area, row, col, c->rows, c->cols), 0, 0, &c->qr, PHONE_QUIET);
}

void phone_make_aside(struct phone *c, const struct ui *ui, const char *url)
{
    phone_make(c, ui, url, ui->rows - PHONE_ASIDE_TOP, ui->cols - PHONE_ASIDE_COLS);
}

void phone_draw_aside(struct canvas body, const struct phone *c)
{
    if (!c->shown)
        return;
    int left = body.cols - c->cols;
    canvas_wrap(canvas_area(body, 0, left, PHONE_ASIDE_TOP - 1, c->cols), 0, STYLE_DIM,
                _("Point your telephone's camera at the code."));
    phone_draw(body, PHONE_ASIDE_TOP, left, c);
}
