/* What suits somebody's answers. First those of the topic in the town, then the topic elsewhere, until there are enough that have
 * everything wished for. Other topics only when that gave nothing. */
#include "screens/guide_find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/error.h"
#include "kiosk/store/marks.h"
#include "kiosk/store/replica.h"
#include "kiosk/ui/ui.h"
#include "screens/find.h"

enum { GUIDE_LOOK = 2000 };

struct guide_search {
    const struct guide_wish *wish;
    struct match_list list;
    struct candidate *candidate; /* GUIDE_LOOK */
};

/* topic: all of them have the topic wished for. */
static void guide_look(struct ui *ui, struct guide_search *s, const struct record_filter *f, bool topic)
{
    int count = replica_candidates(ui->replica, f, s->candidate, GUIDE_LOOK);
    for (int i = 0; i < count; i++) {
        const struct candidate *c = &s->candidate[i];
        struct match_facts facts = {.topic = topic, .town = strcmp(c->city, s->wish->city) == 0, .marks = c->marks};
        struct match_candidate offered = {.key = c->ord, .turn = match_turn(c->ord, ui->today), .match = match_of(&s->wish->match, &facts)};
        if (match_is_near(&offered.match))
            match_offer(&s->list, &offered);
    }
}

static bool guide_has_enough(const struct guide_search *s)
{
    return s->list.count == MATCH_BEST && match_is_whole(&s->list.best[MATCH_BEST - 1].match);
}

static void guide_search(struct ui *ui, struct guide_search *s)
{
    for (int pass = 0; pass < 4 && !guide_has_enough(s); pass++) {
        struct record_filter f = {.kind = "community"};
        bool topic = pass < 2, town = pass % 2 == 0;
        if (!topic && s->wish->topic[0] && s->list.count > 0)
            return;
        if ((topic && !s->wish->topic[0]) || (town && !s->wish->city[0]))
            continue;
        if (topic)
            snprintf(f.topic, sizeof f.topic, "%s", s->wish->topic);
        if (town)
            snprintf(f.city, sizeof f.city, "%s", s->wish->city);
        guide_look(ui, s, &f, topic);
    }
}

int guide_find(struct ui *ui, const struct guide_wish *wish, struct guide_found *out)
{
    struct guide_search s = {.wish = wish, .candidate = mem_new(GUIDE_LOOK, sizeof *s.candidate)};
    int count = 0;
    guide_search(ui, &s);
    for (int i = 0; i < s.list.count; i++) {
        out[count].match = s.list.best[i].match;
        if (!replica_row(ui->replica, s.list.best[i].key, &out[count].row))
            continue;
        guide_words(ui, wish, &out[count]);
        count++;
    }
    free(s.candidate);
    return count;
}

int guide_languages(struct ui *ui, uint64_t *out)
{
    struct candidate *c = mem_new(GUIDE_LOOK, sizeof *c);
    struct record_filter f = {.kind = "community"};
    int count = replica_candidates(ui->replica, &f, c, GUIDE_LOOK), found = 0, speakers[GUIDE_LANGUAGES];
    const struct mark_language *language;
    for (int k = 0; (language = marks_language_at(k)) != NULL; k++) {
        uint64_t bit = marks_language(language->code);
        int with = 0, at = found;
        for (int i = 0; i < count; i++)
            with += (c[i].marks & bit) != 0;
        if (with == 0 || bit == marks_language(ui->lang))
            continue;
        for (; at > 0 && with > speakers[at - 1]; at--) {
            if (at < GUIDE_LANGUAGES) {
                out[at] = out[at - 1];
                speakers[at] = speakers[at - 1];
            }
        }
        if (at < GUIDE_LANGUAGES) {
            out[at] = bit;
            speakers[at] = with;
            found += found < GUIDE_LANGUAGES;
        }
    }
    free(c);
    return found;
}
