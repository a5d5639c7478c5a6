/* Opportunities on a page, and in words. */
#include "screens/call_page.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/event_page.h"

enum { CALL_NEAR = 45 /* days: what ends later is told by its date */, CALL_SOON = 7 };

static const struct call_type {
    const char *code, *word;
} call_types[] = {
    {"grant", N_("Grant")},
    {"internship", N_("Internship")},
    {"mentoring", N_("Mentoring together")},
    {"volunteering", N_("Volunteers wanted")},
    {"workshop", N_("Workshop or contest")},
};

const char *call_word(const char *type)
{
    for (size_t i = 0; i < sizeof call_types / sizeof call_types[0]; i++)
        if (strcmp(call_types[i].code, type) == 0)
            return _(call_types[i].word);
    return "";
}

bool call_is_over(const struct ui *ui, int32_t day) { return day != 0 && ui->time_known && day < ui->today; }

char *call_left(char *out, size_t size, const struct ui *ui, int32_t day)
{
    struct when w = when_of(ui);
    char date[80];
    int32_t left = day - ui->today;
    if (day == 0)
        snprintf(out, size, "%s", _("at any time"));
    else if (!ui->time_known || left > CALL_NEAR)
        snprintf(out, size, _("until %s"), when_date(date, sizeof date, day, &w));
    else if (left < 0)
        snprintf(out, size, "%s", _("closed"));
    else if (left == 0)
        snprintf(out, size, "%s", _("today is the last day"));
    else
        snprintf(out, size, i18n_plural("%d day left", "%d days left", (unsigned long)left), (int)left);
    return out;
}

int32_t call_day(const struct content *c)
{
    struct date d;
    return date_parse(c->valid_through, &d) ? date_to_days(d) : 0;
}

static void call_page_until(struct page *p, const struct ui *ui, const struct content *c)
{
    struct when w = when_of(ui);
    char left[120], day[120], text[300];
    int32_t last = call_day(c);
    call_left(left, sizeof left, ui, last);
    if (call_is_over(ui, last)) {
        page_text(p, STYLE_WARN, _("Closed: nobody is taken any more. Perhaps it comes again."));
        return;
    }
    if (last == 0 || !ui->time_known || last - ui->today <= 1 || last - ui->today > CALL_NEAR)
        snprintf(text, sizeof text, "%s", left);
    else
        snprintf(text, sizeof text, _("Apply by %s · %s"), when_day(day, sizeof day, last, &w), left);
    page_text(p, last && ui->time_known && last - ui->today <= CALL_SOON ? STYLE_WARN : STYLE_GOOD, text);
}

void call_page_fill(struct page *p, struct ui *ui, const struct content *c)
{
    page_text(p, STYLE_HEADING, c->name);
    page_text(p, STYLE_DIM, c->call_type ? call_word(c->call_type) : "");
    page_gap(p);
    call_page_until(p, ui, c);
    page_gap(p);
    event_page_language(p, c);
    page_text(p, STYLE_TEXT, c->description);
    page_gap(p);
    page_fact(p, _("For whom"), c->audience);
    event_page_age(p, c->age);
    page_fact(p, _("How to apply"), c->joining);
    page_fact(p, _("Who is asking"), c->owner_name);
    page_fact(p, _("Telephone"), c->telephone);
    page_fact(p, _("E-mail"), c->email);
    event_page_place(p, c);
    event_page_topics(p, ui, c);
}
