/* What is told about an event and about a community. */
#include "screens/event_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/find.h"
#include "screens/repeat.h"

enum { EVENT_FACT = 1600 };

enum event_standing event_standing(const struct ui *ui, const struct row *row, const struct content *c)
{
    if (row->cancelled || c->cancelled)
        return EVENT_CANCELLED;
    if (c->postponed)
        return EVENT_POSTPONED;
    if (ui->time_known && row->end <= ui->now && row->start < ui->now)
        return EVENT_OVER;
    if (!c->registration_open)
        return EVENT_COME;
    if (!ui->ledger || !ui->sign_sk || !ui->identity.kid[0] || !ui->identity.has_seal)
        return EVENT_CLOSED;
    return row->full ? EVENT_QUEUE : EVENT_OPEN;
}

/* ---- texts both kinds have */

static void event_page_add(char *out, const char *text, const char *between)
{
    size_t n = strlen(out);
    if (text && text[0])
        snprintf(out + n, EVENT_FACT - n, "%s%s", n ? between : "", text);
}

void event_page_topics(struct page *p, struct ui *ui, const struct content *c)
{
    char text[EVENT_FACT] = "", name[128];
    for (int i = 0; i < c->topic_count; i++)
        event_page_add(text, replica_topic_name(ui->replica, c->topic[i], name, sizeof name), ", ");
    page_fact(p, _("Topics"), text);
}

/* "6-12", "18-", "18+", "-12": others are shown as they were written. */
void event_page_age(struct page *p, const char *age)
{
    int from = -1, to = -1, used = 0;
    char text[200];
    if (!age)
        return;
    if (sscanf(age, "%3d-%3d%n", &from, &to, &used) == 2 && !age[used] && from >= 0 && to >= from)
        snprintf(text, sizeof text, _("from %d to %d years"), from, to);
    else if (sscanf(age, "%3d%n", &from, &used) == 1 && from >= 0 && (age[used] == '-' || age[used] == '+') && !age[used + 1])
        snprintf(text, sizeof text, _("from %d years"), from);
    else
        snprintf(text, sizeof text, "%s", age);
    page_fact(p, _("Age"), text);
}

void event_page_language(struct page *p, const struct content *c)
{
    char text[200];
    if (!c->lang[0])
        return;
    snprintf(text, sizeof text, _("This text is in another language: %s"), find_language(c->lang));
    page_text(p, STYLE_DIM, text);
}

/* Codes, as content gives them: "ru, tt". */
static void event_page_languages(struct page *p, const char *languages)
{
    char text[EVENT_FACT] = "", code[16];
    for (const char *s = languages ? languages : ""; *s;) {
        size_t n = strcspn(s, ", ");
        snprintf(code, sizeof code, "%.*s", (int)(n < 15 ? n : 15), s);
        event_page_add(text, n < sizeof code ? find_language(code) : code, ", ");
        s += n;
        s += strspn(s, ", ");
    }
    page_fact(p, _("Languages"), text);
}

/* ---- an event */

static const char *event_page_standing_text(enum event_standing standing)
{
    switch (standing) {
    case EVENT_CANCELLED:
        return _("Cancelled: this will not take place.");
    case EVENT_POSTPONED:
        return _("Put off: the new date is not known yet.");
    case EVENT_QUEUE:
        return _("No places left. You can join the queue: if somebody cancels, you move up.");
    case EVENT_OVER:
        return _("This is already over.");
    case EVENT_COME:
        return _("No need to sign up: just come.");
    case EVENT_CLOSED:
        return _("This terminal cannot take sign-ups at the moment. Please ask the staff.");
    default:
        return NULL;
    }
}

static void event_page_standing(struct page *p, enum event_standing standing)
{
    static const enum style styles[] = {[EVENT_QUEUE] = STYLE_WARN,    [EVENT_COME] = STYLE_GOOD,
                                        [EVENT_OVER] = STYLE_DIM,      [EVENT_CANCELLED] = STYLE_BAD,
                                        [EVENT_POSTPONED] = STYLE_BAD, [EVENT_CLOSED] = STYLE_DIM};
    const char *text = event_page_standing_text(standing);
    if (text)
        page_text(p, styles[standing], text);
}

static void event_page_when(struct page *p, const struct ui *ui, const struct row *row, const struct content *c)
{
    struct when w = when_of(ui);
    struct when_span span = {.start = row->start, .end = row->end, .all_day = row->all_day};
    char text[EVENT_FACT], repeat[400];
    when_span(text, sizeof text, &span, &w);
    if (row->all_day && row->day == row->last_day)
        event_page_add(text, _("all day"), ", ");
    event_page_add(text, repeat_words(repeat, sizeof repeat, c->rrule, &w), "\n");
    if (row->shift) {
        char theirs[160], line[240];
        snprintf(line, sizeof line, _("%s by the organiser's clock"),
                 when_moment(theirs, sizeof theirs, row->start + 60 * row->shift, &w));
        event_page_add(text, line, "\n");
    }
    page_fact(p, _("When"), text);
}

static void event_page_moved(struct page *p, const struct ui *ui, const struct row *row)
{
    struct when w = when_of(ui);
    struct when_span span = {.start = row->moved_at, .all_day = row->all_day};
    char before[160], text[300];
    if (!row->moved_at || row->cancelled)
        return;
    snprintf(text, sizeof text, _("Moved. It was to be: %s."), when_span(before, sizeof before, &span, &w));
    page_text(p, STYLE_WARN, text);
}

/* Whose it is, when it is no community's. */
static void event_page_owner(struct page *p, const struct row *row, const struct content *c)
{
    char text[EVENT_FACT] = "";
    event_page_add(text, c->owner_name, "");
    if (row->marks & MARK_CITY)
        event_page_add(text, _("an event of the town"), "\n");
    if (row->marks & MARK_STATE)
        event_page_add(text, _("an event of the state"), "\n");
    page_fact(p, _("Who runs it"), text);
}

static void event_page_where(struct page *p, const struct content *c)
{
    char text[EVENT_FACT] = "";
    bool online = c->mode && strstr(c->mode, "nline"), mixed = c->mode && strstr(c->mode, "ixed");
    event_page_add(text, c->place_name, "");
    event_page_add(text, c->address, ", ");
    if (c->city && !(c->address && strstr(c->address, c->city)) && !(c->place_name && strstr(c->place_name, c->city)))
        event_page_add(text, c->city, ", ");
    if (online || mixed)
        event_page_add(text, mixed ? _("here or on the internet, as you like") : _("on the internet"), "\n");
    page_fact(p, _("Where"), text);
}

static void event_page_seats(struct page *p, const struct row *row, const struct content *c)
{
    char text[200];
    if (c->capacity <= 0)
        return;
    snprintf(text, sizeof text, i18n_plural("%d place", "%d places", (unsigned long)c->capacity), c->capacity);
    if (row->full) {
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, ", %s", _("all taken"));
    }
    if (row->waiting) {
        char queue[120];
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, ", %s", find_queue(queue, sizeof queue, row->waiting));
    }
    page_fact(p, _("Places"), text);
}

static void event_page_access(struct page *p, const struct content *c)
{
    char text[EVENT_FACT] = "";
    if (c->accessible)
        event_page_add(text, _("suitable for a wheelchair"), "\n");
    event_page_add(text, c->accessibility, "\n");
    page_fact(p, _("Access"), text);
}

void event_page_fill(struct page *p, struct ui *ui, const struct row *row, const struct content *c)
{
    page_text(p, STYLE_HEADING, c->name);
    event_page_standing(p, event_standing(ui, row, c));
    event_page_moved(p, ui, row);
    page_gap(p);
    event_page_when(p, ui, row, c);
    event_page_where(p, c);
    event_page_owner(p, row, c);
    page_fact(p, _("Price"), c->free || row->free ? _("free") : c->price);
    event_page_seats(p, row, c);
    event_page_age(p, c->age);
    event_page_languages(p, c->languages);
    event_page_access(p, c);
    page_gap(p);
    event_page_language(p, c);
    page_text(p, STYLE_TEXT, c->description);
    page_gap(p);
    event_page_topics(p, ui, c);
}

/* ---- a community */

void event_page_place(struct page *p, const struct content *c)
{
    char text[EVENT_FACT] = "";
    event_page_add(text, c->address, ", ");
    if (c->city && !(c->address && strstr(c->address, c->city)))
        event_page_add(text, c->city, ", ");
    page_fact(p, _("Where"), text);
}

/* "it is fine to come alone, you can bring a child" */
static void community_page_company(struct page *p, const struct content *c)
{
    static const struct {
        const char *word;
        uint64_t mark;
    } words[] = {{"alone", MARK_ALONE}, {"together", MARK_TOGETHER}, {"child", MARK_WITH_CHILD}};
    char text[EVENT_FACT] = "";
    for (size_t i = 0; c->companions && i < sizeof words / sizeof words[0]; i++)
        event_page_add(text, strstr(c->companions, words[i].word) ? find_mark_word(words[i].mark) : NULL, ", ");
    page_fact(p, _("With whom"), text);
}

/* In their own words, else the days that are known. */
static void community_page_meets(struct page *p, const struct content *c)
{
    static const char *const codes[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    char text[EVENT_FACT] = "";
    for (int n = 1; c->days && n <= 7; n++)
        event_page_add(text, strstr(c->days, codes[n - 1]) ? find_mark_word(MARK_WEEKDAY(n)) : NULL, ", ");
    page_fact(p, _("Meets"), c->meets ? c->meets : text);
}

void community_page_fill(struct page *p, struct ui *ui, const struct content *c)
{
    page_text(p, STYLE_HEADING, c->name);
    page_gap(p);
    event_page_language(p, c);
    page_text(p, STYLE_TEXT, c->description);
    page_gap(p);
    page_fact(p, _("For whom"), c->audience);
    event_page_age(p, c->age);
    community_page_company(p, c);
    page_fact(p, _("How to join"), c->joining);
    page_fact(p, _("Entry rules"), c->rules);
    page_fact(p, _("Price"), c->free ? _("free") : c->price);
    community_page_meets(p, c);
    event_page_where(p, c);
    event_page_access(p, c);
    page_fact(p, _("Telephone"), c->telephone);
    page_fact(p, _("E-mail"), c->email);
    event_page_languages(p, c->languages);
    event_page_topics(p, ui, c);
}
