/* An address on the internet, as a code for a telephone's camera and in letters. There is no internet to open it on here. */
#include "screens/screens.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "screens/phone.h"

enum { LINK_GAP = 3, LINK_TEXT_COLS = 24 };

struct link {
    char url[512];
    struct phone phone;
};

static void link_enter(struct ui *ui, void *state, const char *arg)
{
    struct link *s = state;
    (void)ui;
    snprintf(s->url, sizeof s->url, "%s", arg);
}

static void link_refresh(struct ui *ui, void *state)
{
    struct link *s = state;
    phone_make(&s->phone, ui, s->url, ui->rows, ui->cols - LINK_GAP - LINK_TEXT_COLS);
}

static void link_draw(const struct ui *ui, const void *state, struct canvas body)
{
    const struct link *s = state;
    (void)ui;
    int left = 0, row = 1;
    if (s->phone.shown) {
        phone_draw(body, 0, 0, &s->phone);
        left = s->phone.cols + LINK_GAP;
    }
    struct canvas text = canvas_area(body, 0, left, body.rows, body.cols - left);
    row += canvas_wrap(text, row, STYLE_HEADING,
                       s->phone.shown ? _("Point your telephone's camera at the code.")
                                 : _("Write this address down to open it at home or on your telephone:"));
    row++;
    if (s->phone.shown)
        row += canvas_wrap(text, row, STYLE_TEXT, _("It opens this address:"));
    canvas_cursor(text, row, 0);
    canvas_wrap(canvas_area(text, row, 0, text.rows - row, text.cols), 0, STYLE_STRONG, s->url);
}

const struct screen screen_link = {
    .name = "link",
    .title = N_("Internet"),
    .state_size = sizeof(struct link),
    .enter = link_enter,
    .refresh = link_refresh,
    .draw = link_draw,
};
