/* Why a community suits somebody, in words: "Sport: meet on Tuesdays, near you, free of charge. But: ..." */
#include "screens/guide_find.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/i18n.h"
#include "kiosk/base/text.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "kiosk/ui/when.h"
#include "screens/find.h"

enum { GUIDE_WORDS = 200, GUIDE_ASKS = 2, GUIDE_SLACK = 14 };

struct guide_text {
    char text[GUIDE_WORDS];
    int room; /* columns; what does not fit is left out, which is why the weightiest comes first */
};

static void guide_add(struct guide_text *t, const char *text, const char *between)
{
    size_t n = strlen(t->text);
    int cols = text_width(text) + (n ? text_width(between) : 0);
    if (!text[0] || cols > t->room || n + strlen(text) + strlen(between) >= sizeof t->text)
        return;
    snprintf(t->text + n, sizeof t->text - n, "%s%s", n ? between : "", text);
    t->room -= cols;
}

static int guide_count_days(uint64_t days)
{
    int count = 0;
    for (int n = 1; n <= 7; n++)
        count += (days & MARK_WEEKDAY(n)) != 0;
    return count;
}

/* "on Mondays and on Tuesdays", "Mon, Wed, Fri"; only those wished for when there are too many. */
static void guide_days(char *out, size_t size, uint64_t marks, uint64_t wished)
{
    uint64_t days = marks & MARK_WEEKDAYS;
    out[0] = '\0';
    if (days == MARK_WEEKDAYS) {
        snprintf(out, size, "%s", _("every day"));
        return;
    }
    if (guide_count_days(days) > 2 && (days & wished))
        days &= wished;
    int count = guide_count_days(days), told = 0;
    for (int n = 1; n <= 7; n++) {
        if (!(days & MARK_WEEKDAY(n)))
            continue;
        size_t used = strlen(out);
        snprintf(out + used, size - used, "%s%s", told == 0 ? "" : count == 2 ? _(" and ") : ", ",
                 count > 2 ? when_weekday_short(n) : find_mark_word(MARK_WEEKDAY(n)));
        told++;
    }
}

static void guide_place(char *out, size_t size, struct ui *ui, const struct guide_wish *wish, const struct row *row)
{
    out[0] = '\0';
    if (wish->match.where == MATCH_ONLINE && row->marks & MARK_ONLINE)
        snprintf(out, size, "%s", _("on the internet"));
    else if (row->place[0] && strcmp(row->place, find_city(ui)) == 0)
        snprintf(out, size, "%s", _("near you"));
    else if (row->place[0])
        snprintf(out, size, _("in %s"), row->place);
}

/* What speaks for it: what was wished for, and what everybody likes to know. */
static void guide_add_reasons(struct guide_text *out, struct ui *ui, const struct guide_wish *wish, const struct guide_found *f)
{
    uint64_t marks = f->row.marks;
    char text[160], words[200];
    unsigned fits = f->match.fits, misses = f->match.misses;
    guide_days(text, sizeof text, marks, wish->match.days);
    snprintf(words, sizeof words, _("they meet %s"), text);
    guide_add(out, text[0] && !(misses >> MATCH_DAY & 1) ? words : "", ", ");
    guide_place(text, sizeof text, ui, wish, &f->row);
    guide_add(out, misses >> MATCH_PLACE & 1 ? "" : text, ", ");
    guide_add(out, marks & MARK_FREE ? find_mark_word(MARK_FREE) : "", ", ");
    guide_add(out, fits >> MATCH_ACCESS & 1 ? _("without steps") : "", ", ");
    snprintf(text, sizeof text, _("they speak: %s"), find_mark_word(marks & wish->match.languages));
    guide_add(out, fits >> MATCH_LANGUAGE & 1 ? text : "", ", ");
    guide_add(out, fits >> MATCH_COMPANY & 1 ? find_mark_word(wish->match.company & marks) : "", ", ");
    guide_add(out, fits >> MATCH_AGE & 1 ? find_mark_word(wish->match.ages & marks) : "", ", ");
}

static void guide_add_misses(struct guide_text *out, struct ui *ui, const struct guide_wish *wish, const struct guide_found *f)
{
    char text[160], words[200];
    unsigned misses = f->match.misses;
    if (misses >> MATCH_TOPIC & 1)
        guide_add(out, _("this is another topic"), "; ");
    if (misses >> MATCH_DAY & 1) {
        guide_days(text, sizeof text, f->row.marks, 0);
        snprintf(words, sizeof words, _("they meet %s"), text);
        guide_add(out, words, "; ");
    }
    if (misses >> MATCH_PLACE & 1) {
        guide_place(text, sizeof text, ui, wish, &f->row);
        snprintf(words, sizeof words, _("it is %s"), text);
        guide_add(out, wish->match.where == MATCH_ONLINE ? _("not on the internet") : text[0] ? words : _("the town is not named"), "; ");
    }
    if (misses >> MATCH_LANGUAGE & 1)
        guide_add(out, _("they speak other languages"), "; ");
}

/* What one should ask them, because nobody said: the weightiest. */
static void guide_add_unknown(struct guide_text *out, const struct guide_found *f)
{
    static const struct {
        enum match_point point;
        const char *text;
    } asks[] = {{MATCH_ACCESS, N_("whether there are steps")}, {MATCH_LANGUAGE, N_("what languages they speak")},
                {MATCH_DAY, N_("when they meet")}, {MATCH_FREE, N_("what it costs")}, {MATCH_COMPANY, N_("whom you can bring")}};
    int told = 0;
    for (size_t i = 0; i < sizeof asks / sizeof asks[0] && told < GUIDE_ASKS; i++) {
        if (!(f->match.unknown >> asks[i].point & 1))
            continue;
        guide_add(out, _(asks[i].text), ", ");
        told++;
    }
}

void guide_words(struct ui *ui, const struct guide_wish *wish, struct guide_found *found)
{
    struct guide_text but = {.room = GUIDE_WORDS}, ask = {.room = GUIDE_WORDS}, reasons = {.text = ""};
    char topic[128] = "", after[2 * GUIDE_WORDS + 80] = "";
    const char *id = wish->topic[0] && !(found->match.misses >> MATCH_TOPIC & 1) ? wish->topic : found->row.topic;
    guide_add_misses(&but, ui, wish, found);
    guide_add_unknown(&ask, found);
    if (but.text[0])
        snprintf(after, sizeof after, _(" But: %s."), but.text);
    size_t n = strlen(after);
    if (ask.text[0])
        snprintf(after + n, sizeof after - n, _(" Ask them: %s."), ask.text);
    if (id[0])
        replica_topic_name(ui->replica, id, topic, sizeof topic);
    reasons.room = 2 * guide_cols(ui) - GUIDE_SLACK - text_width(topic) - text_width(after);
    guide_add_reasons(&reasons, ui, wish, found);
    if (!topic[0] && !reasons.text[0])
        snprintf(found->why, sizeof found->why, "%s%.500s", _("Open it to learn more."), after);
    else
        snprintf(found->why, sizeof found->why, "%s%s%.220s.%.240s", topic, topic[0] && reasons.text[0] ? ": " : "", reasons.text, after);
    text_capitalize(found->why);
}
