/* What the screens that find things share. */
#include "screens/find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/config.h"
#include "kiosk/base/date.h"
#include "kiosk/base/error.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/spot.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"

const char *find_centre(const struct ui *ui)
{
    const char *set = ui->config ? config_str(ui->config, "centre", "name") : "";
    return set[0] ? set : ui->identity.name[0] ? ui->identity.name : _("Sosedi");
}

const char *find_city(const struct ui *ui) { return ui->config ? config_str(ui->config, "centre", "city") : ""; }

int64_t find_from(const struct ui *ui) { return ui->time_known ? ui->now : ui->fresh_at; }

int64_t find_day_start(const struct ui *ui, int32_t day) { return zone_instant(ui->zone, date_from_days(day), 0, 0, 0); }

bool find_is_wide(int cols) { return cols >= FIND_WIDE - 12; }

enum { FIND_QUEUE_EXACT = 5 }; /* from here on the hub rounds down */

char *find_queue(char *out, size_t size, int waiting)
{
    out[0] = '\0';
    if (waiting > 0)
        snprintf(out, size, waiting <= FIND_QUEUE_EXACT ? _("%d in the queue") : _("at least %d in the queue"), waiting);
    return out;
}

static void find_mark(char *out, size_t size, const char *text)
{
    size_t n = strlen(out);
    if (text && text[0])
        snprintf(out + n, size - n, "%s%s", n ? " · " : "", text);
}

/* "moved from 12 May", "moved from 18:00" on the same day. */
static void find_mark_moved(char *out, size_t size, const struct row *row, const struct when *w)
{
    char from[80], text[160];
    int32_t day = date_to_days(zone_local(w->zone, row->moved_at).date);
    snprintf(text, sizeof text, _("moved from %s"),
             day == row->day ? when_time(from, sizeof from, row->moved_at, w) : when_date(from, sizeof from, day, w));
    find_mark(out, size, text);
}

static void find_mark_seats(char *out, size_t size, const struct row *row)
{
    char queue[120], text[200];
    find_queue(queue, sizeof queue, row->waiting);
    snprintf(text, sizeof text, "%s%s%s", _("no places left"), queue[0] ? ", " : "", queue);
    find_mark(out, size, text);
}

char *find_marks(char *out, size_t size, const struct row *row, const struct when *w)
{
    char time[20], text[120];
    out[0] = '\0';
    if (row->cancelled)
        find_mark(out, size, _("cancelled"));
    else if (row->full)
        find_mark_seats(out, size, row);
    if (row->moved_at && !row->cancelled)
        find_mark_moved(out, size, row, w);
    if (row->shift && !row->cancelled) {
        snprintf(text, sizeof text, _("%s for the organiser"), when_time(time, sizeof time, row->start + 60 * row->shift, w));
        find_mark(out, size, text);
    }
    if (row->marks & (MARK_CITY | MARK_STATE))
        find_mark(out, size, row->marks & MARK_CITY ? _("of the town") : _("of the state"));
    if (row->free && !row->cancelled)
        find_mark(out, size, _("free"));
    return out;
}

char *find_when(char *out, size_t size, const struct ui *ui, const struct row *row)
{
    struct when w = when_of(ui);
    char day[80], hours[160];
    struct when_span span = {.start = row->start, .end = row->end, .all_day = row->all_day};
    when_hours(hours, sizeof hours, &span, &w);
    if (row->day <= w.today && row->last_day >= w.today)
        snprintf(out, size, "%s", hours);
    else
        snprintf(out, size, "%s, %s", when_day(day, sizeof day, row->day, &w), hours);
    return out;
}

static void find_draw_next_row(struct canvas c, const struct row *row, int left, const struct when *w, bool roomy)
{
    char marks[300];
    find_marks(marks, sizeof marks, row, w);
    const char *about = roomy ? row->place : "";
    int cols = row->cancelled && !roomy ? text_width(marks) + 2 : 0;
    canvas_text(canvas_area(c, 0, left, 1, c.cols - left - cols), 0, 0, roomy ? STYLE_STRONG : STYLE_TEXT, row->name);
    if (cols)
        canvas_right(c, 0, STYLE_BAD, marks);
    if (roomy)
        canvas_textf(c, 1, left, STYLE_DIM, "%s%s%s", about, about[0] && marks[0] ? " · " : "", marks);
}

void find_draw_next(struct canvas c, const struct ui *ui, const struct find_next *next)
{
    int step = next->roomy ? 3 : 1, left = 0;
    struct when w = when_of(ui);
    char text[260];
    int shown = c.rows / step < next->count ? c.rows / step : next->count;
    for (int i = 0; i < shown; i++) {
        int cols = text_width(find_when(text, sizeof text, ui, &next->row[i]));
        left = cols > left ? cols : left;
    }
    left = left > c.cols / 2 - 2 ? c.cols / 2 : left + 2;
    for (int i = 0; i < shown; i++) {
        struct canvas row = canvas_area(c, i * step, 0, next->roomy ? 2 : 1, c.cols);
        canvas_text(canvas_area(row, 0, 0, 1, left - 2), 0, 0, STYLE_TEXT, find_when(text, sizeof text, ui, &next->row[i]));
        find_draw_next_row(row, &next->row[i], left, &w, next->roomy);
    }
}

int find_draw_two(struct canvas c, const struct find_two *two)
{
    size_t pos = 0, from, bytes;
    int room = c.cols - two->keep;
    if (text_width(two->name) <= two->name_cols || room < FIND_TWO_LEAST || !text_wrap(two->name, two->name_cols, &pos, &from, &bytes)) {
        canvas_text(canvas_area(c, 0, 0, 1, two->name_cols), 0, 0, STYLE_TEXT, two->name);
        return 0;
    }
    canvas_textf(canvas_area(c, 0, 0, 1, two->name_cols), 0, 0, STYLE_TEXT, "%.*s", (int)bytes, two->name + from);
    return canvas_text(canvas_area(c, 1, 0, 1, room), 0, 0, STYLE_TEXT, two->name + pos);
}

char *find_position(char *out, size_t size, int index, int count)
{
    if (count >= FIND_COUNT_MAX)
        snprintf(out, size, _("%d of %d+"), index + 1, FIND_COUNT_MAX);
    else
        snprintf(out, size, _("%d of %d"), index + 1, count);
    return out;
}

const char *find_why_empty(const struct ui *ui)
{
    switch (replica_state(ui->replica)) {
    case REPLICA_READY:
        return NULL;
    case REPLICA_DAMAGED:
        return _("The programme of this terminal is being fetched again. Please come back a little later.");
    default:
        return _("The programme has not arrived here yet. It comes by itself as soon as this terminal is connected.");
    }
}

const char *find_language(const char *code) { return marks_language_name(code); }

const char *find_mark_word(uint64_t marks)
{
    for (const struct mark *m = marks_table; m->word; m++)
        if (m->bit & marks)
            return _(m->word);
    for (int i = 0; marks_language_at(i); i++)
        if (marks_language(marks_language_at(i)->code) & marks)
            return marks_language_at(i)->name;
    return marks & MARK_SPOKEN ? _("other languages") : "";
}

enum find_typed find_search_key(struct input *in, const struct key *k)
{
    bool empty = in->text[0] == '\0';
    if (k->code == K_ESC && !empty) {
        input_wipe(in);
        return FIND_TYPED;
    }
    if (k->code == K_BACKSPACE || k->code == K_UNTYPE)
        return input_key(in, k) ? FIND_TYPED : FIND_NOT_TYPED;
    if (k->code != K_CHAR || k->ch == '?' || (empty && (k->ch == ' ' || key_digit(k))))
        return FIND_NOT_TYPED;
    return input_key(in, k) ? FIND_TYPED : FIND_NOT_TYPED;
}

void find_search_draw(struct canvas c, const struct input *in)
{
    canvas_spot(c, &(struct spot){.kind = SPOT_SEARCH, .chars = input_length(in)});
    if (in->text[0] == '\0') {
        canvas_text(c, 0, 0, STYLE_DIM, _("Type to search"));
        return;
    }
    int cols = canvas_text(c, 0, 0, STYLE_DIM, _("Search:")) + 1;
    input_draw(canvas_area(c, 0, cols, 1, c.cols - cols), in, false, "");
}

void find_topics_load(struct ui *ui, struct find_topics *out)
{
    struct row *rows = mem_new(FIND_TOPICS, sizeof *rows);
    out->count = replica_topics(ui->replica, "event", rows, FIND_TOPICS);
    for (int i = 0; i < out->count; i++) {
        snprintf(out->topic[i].id, sizeof out->topic[i].id, "%.23s", rows[i].id);
        snprintf(out->topic[i].name, sizeof out->topic[i].name, "%.63s", rows[i].name);
    }
    free(rows);
}

const char *find_topic_name(const struct find_topics *t, const char *id)
{
    for (int i = 0; i < t->count; i++)
        if (strcmp(t->topic[i].id, id) == 0)
            return t->topic[i].name;
    return "";
}
