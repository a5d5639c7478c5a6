/* A text word by word: a word may be a day, several days, "from" and "to" between two days, or "except". */
#include "sync/hub/import/weekdays.h"

#include <string.h>

#include "kiosk/base/text.h"

enum { WEEKDAYS_ALL = 0x7F, WEEKDAYS_WORK = 0x1F, WEEKDAYS_END = 0x60, WEEKDAYS_WORD = 40, WEEKDAYS_TEXT = 2100 };

enum weekdays_role { WEEKDAYS_DAYS, WEEKDAYS_FROM, WEEKDAYS_TO, WEEKDAYS_EXCEPT };

/* Folded. A word that ends with '*' is a beginning. */
static const struct weekdays_word {
    const char *word;
    enum weekdays_role role;
    unsigned days;
} weekdays_words[] = {
    {"понедельни*", 0, 1}, {"пн", 0, 1}, {"пон", 0, 1}, {"monday*", 0, 1}, {"mon", 0, 1}, {"дүшәмбе*", 0, 1},
    {"вторни*", 0, 2}, {"вт", 0, 2}, {"tuesday*", 0, 2}, {"tue", 0, 2}, {"tues", 0, 2}, {"сишәмбе*", 0, 2},
    {"среда", 0, 4}, {"среду", 0, 4}, {"среды", 0, 4}, {"среде", 0, 4}, {"средой", 0, 4}, {"средам", 0, 4}, {"средами", 0, 4}, {"ср", 0, 4},
    {"wednesday*", 0, 4}, {"wed", 0, 4}, {"чәршәмбе*", 0, 4},
    {"четверг*", 0, 8}, {"чт", 0, 8}, {"чет", 0, 8}, {"thursday*", 0, 8}, {"thu", 0, 8}, {"thur", 0, 8}, {"thurs", 0, 8}, {"пәнҗешәмбе*", 0, 8},
    {"пятниц*", 0, 16}, {"пт", 0, 16}, {"пят", 0, 16}, {"friday*", 0, 16}, {"fri", 0, 16}, {"җомга*", 0, 16},
    {"суббота", 0, 32}, {"субботу", 0, 32}, {"субботы", 0, 32}, {"субботе", 0, 32}, {"субботой", 0, 32}, {"суббот", 0, 32}, {"субботам*", 0, 32},
    {"сб", 0, 32}, {"saturday*", 0, 32}, {"sat", 0, 32}, {"шимбә*", 0, 32},
    {"воскресень*", 0, 64}, {"вс", 0, 64}, {"воскр", 0, 64}, {"sunday*", 0, 64}, {"sun", 0, 64}, {"якшәмбе*", 0, 64},
    {"ежедневн*", 0, WEEKDAYS_ALL}, {"daily", 0, WEEKDAYS_ALL}, {"everyday", 0, WEEKDAYS_ALL},
    {"будн*", 0, WEEKDAYS_WORK}, {"weekday*", 0, WEEKDAYS_WORK}, {"workday*", 0, WEEKDAYS_WORK},
    {"выходные", 0, WEEKDAYS_END}, {"выходным", 0, WEEKDAYS_END}, {"выходных", 0, WEEKDAYS_END}, {"weekend*", 0, WEEKDAYS_END},
    {"с", WEEKDAYS_FROM, 0}, {"со", WEEKDAYS_FROM, 0}, {"from", WEEKDAYS_FROM, 0},
    {"по", WEEKDAYS_TO, 0}, {"до", WEEKDAYS_TO, 0}, {"to", WEEKDAYS_TO, 0}, {"till", WEEKDAYS_TO, 0}, {"until", WEEKDAYS_TO, 0}, {"through", WEEKDAYS_TO, 0},
    {"кроме", WEEKDAYS_EXCEPT, 0}, {"except", WEEKDAYS_EXCEPT, 0},
};
static const char weekdays_codes[7][3] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};

struct weekdays {
    bool codes;
    unsigned days, without; /* found so far */
    bool except;            /* "кроме" was said */
    unsigned last;          /* the day right before this word, 0: something else was */
    bool opened;            /* "с" stood before that day */
    bool range;             /* a dash, or "по" after "с", stands between that day and this word */
    bool from;              /* "с" stood right before */
};

static bool weekdays_matches(const char *pattern, const char *word)
{
    size_t n = strlen(pattern);
    return pattern[n - 1] == '*' ? strncmp(pattern, word, n - 1) == 0 : strcmp(pattern, word) == 0;
}

static const struct weekdays_word *weekdays_find(const char *word)
{
    for (size_t i = 0; i < sizeof weekdays_words / sizeof weekdays_words[0]; i++)
        if (weekdays_matches(weekdays_words[i].word, word))
            return &weekdays_words[i];
    return NULL;
}

static unsigned weekdays_code(const char *word)
{
    char folded[8];
    if (word[0] >= '1' && word[0] <= '7' && !word[1])
        return 1u << (word[0] - '1');
    for (int i = 0; i < 7; i++) {
        text_fold(folded, sizeof folded, weekdays_codes[i]);
        if (strcmp(folded, word) == 0)
            return 1u << i;
    }
    return 0;
}

/* All from one day to another, over the week's end where need be. */
static unsigned weekdays_range(unsigned first, unsigned last)
{
    unsigned days = last;
    for (unsigned day = first; day != last; day = day == 64 ? 1 : day << 1)
        days |= day;
    return days;
}

static void weekdays_take_days(struct weekdays *w, unsigned days)
{
    bool one = (days & (days - 1)) == 0;
    if (w->range && w->last && one)
        days = weekdays_range(w->last, days);
    *(w->except ? &w->without : &w->days) |= days;
    w->last = one ? days : 0;
    w->opened = w->from;
    w->range = w->from = false;
}

static void weekdays_take(struct weekdays *w, const char *word)
{
    const struct weekdays_word *known = weekdays_find(word);
    unsigned code = w->codes && !known ? weekdays_code(word) : 0;
    enum weekdays_role role = known ? known->role : WEEKDAYS_DAYS;
    if (code || (known && role == WEEKDAYS_DAYS)) {
        weekdays_take_days(w, code ? code : known->days);
        return;
    }
    if (known && role == WEEKDAYS_TO && w->opened && w->last) {
        w->range = true;
        return;
    }
    w->except = w->except || role == WEEKDAYS_EXCEPT;
    w->from = role == WEEKDAYS_FROM;
    w->last = 0;
    w->range = false;
}

static bool weekdays_is_letter(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 'a' && cp <= 'z') || (cp >= 0xC0 && cp < 0x2000) || cp >= 0x3040;
}

static bool weekdays_is_dash(uint32_t cp) { return cp == '-' || (cp >= 0x2010 && cp <= 0x2015) || cp == 0x2212; }

unsigned weekdays_of(const char *text, bool codes)
{
    struct weekdays w = {.codes = codes};
    char folded[WEEKDAYS_TEXT], word[WEEKDAYS_WORD];
    size_t len = text_fold(folded, sizeof folded, text), n = 0;
    for (size_t at = 0; at <= len;) {
        uint32_t cp = 0;
        size_t bytes = at < len ? text_decode(folded + at, len - at, &cp) : 1;
        if (weekdays_is_letter(cp) && n + bytes < sizeof word) {
            memcpy(word + n, folded + at, bytes);
            n += bytes;
        } else if (!weekdays_is_letter(cp)) {
            word[n] = '\0';
            if (n > 0)
                weekdays_take(&w, word);
            n = 0;
            w.range = w.range || (w.last && weekdays_is_dash(cp));
        }
        at += bytes;
    }
    /* "кроме понедельника" alone: all other days */
    return (w.days || !w.without ? w.days : WEEKDAYS_ALL) & ~w.without;
}

void weekdays_put(struct json *d, const char *name, unsigned days)
{
    struct json *list = json_new_array();
    if (days == 0) {
        json_free(list);
        return;
    }
    for (int i = 0; i < 7; i++)
        if (days >> i & 1)
            json_put_str(list, NULL, weekdays_codes[i]);
    json_put(d, name, list);
}
