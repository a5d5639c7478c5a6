/* An address on the internet, as a code for a telephone's camera and in letters. There is no internet to open it on here. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ticket/qr.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

enum { LINK_QUIET = 4, LINK_GAP = 3, LINK_TEXT_COLS = 24 };

struct link {
    char url[512];
    bool has_qr;
    struct qr qr;
    int qr_rows, qr_cols;
};

static void link_enter(struct ui *ui, void *state, const char *arg)
{
    struct link *s = state;
    (void)ui;
    snprintf(s->url, sizeof s->url, "%s", arg);
}

/* The quiet zone shrinks before the code does. */
static bool link_fits(struct link *s, int rows, int cols)
{
    for (int quiet = LINK_QUIET; quiet >= 2; quiet -= 2) {
        s->qr_rows = canvas_qr_rows(&s->qr, quiet);
        s->qr_cols = canvas_qr_cols(&s->qr, quiet);
        if (s->qr_rows <= rows && s->qr_cols + LINK_GAP + LINK_TEXT_COLS <= cols)
            return true;
    }
    return false;
}

static void link_refresh(struct ui *ui, void *state)
{
    struct link *s = state;
    s->has_qr = ui->can_qr && qr_make(&s->qr, s->url, 11, NULL) == ERR_NONE && link_fits(s, ui->rows, ui->cols);
}

static void link_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct link *s = state;
    (void)ui;
    int left = 0, row = 1;
    if (s->has_qr) {
        canvas_qr(canvas_area(body, 0, 0, s->qr_rows, s->qr_cols), 0, 0, &s->qr, LINK_QUIET);
        left = s->qr_cols + LINK_GAP;
    }
    struct canvas text = canvas_area(body, 0, left, body.rows, body.cols - left);
    row += canvas_wrap(text, row, STYLE_HEADING,
                       s->has_qr ? _("Point your telephone's camera at the code.")
                                 : _("Write this address down to open it at home or on your telephone:"));
    row++;
    if (s->has_qr)
        row += canvas_wrap(text, row, STYLE_TEXT, _("It opens this address:"));
    canvas_cursor(text, row, 0);
    canvas_wrap(canvas_area(text, row, 0, text.rows - row, text.cols), 0, STYLE_STRONG, s->url);
}

const struct screen screen_link = {
    .name = "link",
    .title = N_("On your telephone"),
    .state_size = sizeof(struct link),
    .enter = link_enter,
    .refresh = link_refresh,
    .draw = link_draw,
};
