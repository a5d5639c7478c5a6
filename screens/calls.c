/* Opportunities: grants, internships, mentoring, volunteering, workshops, by the day that ends them; those that are over only when
 * asked for. */
#include "screens/screens.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/marks.h"
#include "kiosk/ui/ui.h"
#include "screens/browse.h"
#include "screens/call_page.h"

enum calls_filter { CALLS_TYPE, CALLS_TOPIC, CALLS_CITY, CALLS_CLOSED };
enum { CALLS_PAST = 60 /* days that what is over is kept in the list */ };

/* The value is a mark. */
static void calls_apply_type(struct record_filter *f, const char *value) { f->marks |= strtoull(value, NULL, 10); }

static void calls_type_words(char *out, size_t size, struct ui *ui, const char *value)
{
    uint64_t mark = strtoull(value, NULL, 10);
    (void)ui;
    snprintf(out, size, "%s", "");
    for (int i = 0; marks_calls[i].code; i++)
        if (MARK_CALL(i) == mark)
            snprintf(out, size, "%s", _(marks_calls[i].word));
}

static void calls_closed_words(char *out, size_t size, struct ui *ui, const char *value)
{
    (void)ui;
    (void)value;
    snprintf(out, size, "%s", _("closed ones too"));
}

static const struct browse_filter calls_by_type = {"call", false, calls_apply_type, calls_type_words};
static const struct browse_filter calls_with_closed = {"closed", true, NULL, calls_closed_words};
static const struct browse_filter *const calls_filters[] = {
    [CALLS_TYPE] = &calls_by_type,
    [CALLS_TOPIC] = &browse_by_topic,
    [CALLS_CITY] = &browse_by_city,
    [CALLS_CLOSED] = &calls_with_closed,
    NULL,
};

static void calls_base(struct ui *ui, const struct browse *b, struct record_filter *f)
{
    if (ui->time_known)
        date_format(date_from_days(ui->today - (b->value[CALLS_CLOSED][0] ? CALLS_PAST : 0)), f->since);
}

static void calls_heading(char *out, size_t size, int count)
{
    snprintf(out, size, i18n_plural("%d opportunity", "%d opportunities", (unsigned long)count), count);
}

static void calls_below(char *out, size_t size, const struct browse *b, const struct row *row)
{
    const char *type = call_word(row->type);
    (void)b;
    snprintf(out, size, "%s%s%s", type, type[0] && row->place[0] ? " · " : "", row->place);
}

static void calls_mark(char *out, size_t size, const struct ui *ui, const struct row *row)
{
    call_left(out, size, ui, row->last_day);
}

static const struct browse_kind calls_kind = {
    .kind = "call",
    .screen = SCREEN_CALL,
    .filters = calls_filters,
    .heading = calls_heading,
    .below = calls_below,
    .mark = calls_mark,
    .fill = call_page_fill,
    .base = calls_base,
    .not_found = N_("Nothing was found for these letters. Esc empties the search."),
    .none_like = N_("There is nothing like this just now. Press Delete to see all."),
    .none_yet = N_("Nobody is looking for anybody just now. New opportunities appear here by themselves."),
};

/* arg: "" or "topic:ID". */
static void calls_enter(struct ui *ui, void *state, const char *arg)
{
    (void)ui;
    browse_enter(state, &calls_kind, arg);
}

static const struct screen_key calls_keys[] = {
    {K_ENTER, N_("Open"), 0, N_("Choose what is marked with >")},
    {K_F5, N_("Kind"), BROWSE_FILTER + CALLS_TYPE, N_("Only grants, only internships and so on")},
    {K_F3, N_("Topic"), BROWSE_FILTER + CALLS_TOPIC, N_("Only one topic")},
    {K_F4, N_("Town"), BROWSE_FILTER + CALLS_CITY, N_("Only one town or district")},
    {K_F6, N_("Closed ones"), BROWSE_FILTER + CALLS_CLOSED, N_("Show those that ended in the last two months, too; once more hides them")},
    {K_DELETE, N_("See all"), BROWSE_ALL, N_("See everything again: all kinds, topics and towns")},
    {0},
};

const struct screen screen_calls = {
    .name = "calls",
    .title = N_("Opportunities"),
    .state_size = sizeof(struct browse),
    .flags = SCREEN_UNTYPES,
    .keys = calls_keys,
    .enter = calls_enter,
    .refresh = browse_refresh,
    .draw = browse_draw,
    .act = browse_act,
    .key = browse_key,
    .later = browse_later,
    .can = browse_can,
    .leave = browse_leave,
};
