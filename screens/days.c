/* What the month and the week share. */
#include "screens/days.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/find.h"
#include "screens/jump.h"
#include "screens/screens.h"

enum { DAYS_BACK = 92, DAYS_AHEAD = 730, DAYS_LETTERS = 40, DAYS_DATE_LETTERS = 20 };

int32_t days_today(const struct ui *ui)
{
    return ui->time_known ? ui->today : date_to_days(zone_local(ui->zone, find_from(ui)).date);
}

void days_go(struct days *d, const struct ui *ui, int32_t day)
{
    int32_t today = days_today(ui), first = today - DAYS_BACK, last = today + DAYS_AHEAD;
    d->day = day < first ? first : day > last ? last : day;
}

char *days_arg(char out[512], const struct days *d)
{
    char wish[WISH_TEXT];
    snprintf(out, 512, "%d;%s;%.150s", (int)d->day, wish_write(wish, &d->wish), d->search.text);
    return out;
}

void days_enter(struct days *d, const struct ui *ui, const char *arg)
{
    char *rest;
    d->search.max = DAYS_LETTERS;
    d->date.max = DAYS_DATE_LETTERS;
    days_go(d, ui, arg[0] ? (int32_t)strtol(arg, &rest, 10) : days_today(ui));
    if (!arg[0] || *rest != ';')
        return;
    wish_read(&d->wish, rest + 1);
    for (int i = 0; i < 5 && rest; i++) /* behind the four parts of the wish */
        rest = strchr(rest + (i > 0), ';');
    input_set(&d->search, rest ? rest + 1 : "");
}

struct event_filter days_filter(const struct days *d, const struct ui *ui, int32_t first, int32_t after)
{
    struct event_filter f = {.from = find_day_start(ui, first), .until = find_day_start(ui, after)};
    int64_t now = find_from(ui);
    if (ui->time_known && f.from < now && now < f.until && first == ui->today)
        f.from = now;
    wish_into(&d->wish, &f);
    snprintf(f.text, sizeof f.text, "%.95s", d->search.text);
    return f;
}

/* ---- typing */

static enum days_typed days_type_date(struct days *d, const struct ui *ui, const struct key *k)
{
    int32_t before = d->day, day;
    if (d->date.text[0] == '\0')
        d->from = d->day;
    if (!input_key(&d->date, k))
        return DAYS_NOT_TYPED;
    if (d->date.text[0] == '\0')
        days_go(d, ui, d->from);
    else if (jump_read(d->date.text, d->from, days_today(ui), &day))
        days_go(d, ui, day);
    return d->day == before ? DAYS_TYPED : DAYS_MOVED;
}

enum days_typed days_type(struct days *d, const struct ui *ui, const struct key *k)
{
    bool dating = d->date.text[0] != '\0';
    if (dating && k->code == K_ESC) {
        input_wipe(&d->date);
        return DAYS_TYPED;
    }
    bool digit = k->code == K_CHAR && k->ch >= '0' && k->ch <= '9';
    bool mine = k->code == K_CHAR || k->code == K_BACKSPACE || k->code == K_UNTYPE;
    if ((dating && mine && k->ch != '?') || (digit && d->search.text[0] == '\0'))
        return days_type_date(d, ui, k);
    return find_search_key(&d->search, k) == FIND_TYPED ? DAYS_SEARCHED : DAYS_NOT_TYPED;
}

void days_open(struct ui *ui, struct days *d)
{
    char days[512], arg[512];
    input_wipe(&d->date);
    snprintf(arg, sizeof arg, "day:%.500s", days_arg(days, d));
    shell_open(ui, SCREEN_EVENTS, arg);
}

/* ---- drawing */

static void days_draw_typed(struct canvas c, const struct days *d, const char *hint)
{
    if (d->date.text[0]) {
        int cols = canvas_text(c, 0, 0, STYLE_DIM, _("To the date:")) + 1;
        input_draw(canvas_area(c, 0, cols, 1, c.cols - cols), &d->date, false, "");
        return;
    }
    find_search_draw(c, &d->search);
    if (!d->search.text[0]) {
        canvas_clear(c, STYLE_TEXT);
        canvas_text(c, 0, 0, STYLE_DIM, hint);
    }
}

void days_draw_asked(struct canvas row, const struct days *d, const char *hint)
{
    bool typed = d->date.text[0] || d->search.text[0];
    if (row.cols >= DAYS_NARROW) {
        days_draw_typed(canvas_area(row, 0, 0, 1, DAYS_SEARCH_COLS), d, hint);
        wish_draw(canvas_area(row, 0, DAYS_SEARCH_COLS + 2, 1, row.cols - DAYS_SEARCH_COLS - 2), &d->wish);
    } else if (d->wish.words[0] && !typed) {
        wish_draw(row, &d->wish);
    } else {
        days_draw_typed(row, d, hint);
    }
}

char *days_status(char *out, size_t size, const struct ui *ui, int32_t day, int count)
{
    struct when w = when_of(ui);
    char text[160];
    when_day_long(text, sizeof text, day, &w);
    size_t n = (size_t)snprintf(out, size, "%s: ", text);
    if (count == 0)
        snprintf(out + n, size - n, "%s", _("nothing planned"));
    else
        snprintf(out + n, size - n, i18n_plural("%d event", "%d events", (unsigned long)count), count);
    return out;
}
