/* Dates as people type them. */
#include "screens/jump.h"

#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/text.h"
#include "kiosk/ui/when.h"

enum { JUMP_NUMBERS = 3, JUMP_BEHIND = 62 };

struct jump {
    int number[JUMP_NUMBERS], digits[JUMP_NUMBERS], count;
    char word[40]; /* folded */
    bool strange;
};

static const char *const jump_english[] = {"january", "february", "march",     "april",   "may",      "june",
                                           "july",    "august",   "september", "october", "november", "december"};

/* Numbers and a word, whatever parts them. */
static struct jump jump_parts(const char *typed)
{
    struct jump j = {0};
    char folded[200];
    text_fold(folded, sizeof folded, typed);
    for (const char *s = folded; *s;) {
        size_t digits = strspn(s, "0123456789"), other = strcspn(s, "0123456789 ./-,");
        if (digits > 0) {
            j.strange |= digits > 4 || j.count == JUMP_NUMBERS;
            if (j.strange)
                return j;
            j.digits[j.count] = (int)digits;
            for (size_t i = 0; i < digits; i++)
                j.number[j.count] = 10 * j.number[j.count] + (s[i] - '0');
            j.count++;
            s += digits;
        } else if (other > 0) {
            j.strange |= j.word[0] || other >= sizeof j.word;
            snprintf(j.word, sizeof j.word, "%.*s", (int)other, s);
            s += other;
        } else {
            s++;
        }
    }
    return j;
}

static bool jump_begins(const char *name, const char *with)
{
    char folded[80];
    text_fold(folded, sizeof folded, name);
    return strncmp(folded, with, strlen(with)) == 0;
}

/* 1..12, the first from month `first` on; 0: no month begins so. */
static int jump_month(const char *word, int first)
{
    char name[80];
    for (int i = 0; i < 12; i++) {
        int month = (first - 1 + i) % 12 + 1;
        if (jump_begins(jump_english[month - 1], word) || jump_begins(when_month_name(name, sizeof name, month, false), word) ||
            jump_begins(when_month_name(name, sizeof name, month, true), word))
            return month;
    }
    return 0;
}

/* The numbers as day, month, year; what was not typed is 0. */
static struct date jump_date(const struct jump *j, int first_month)
{
    bool year_first = j->count == 3 && j->digits[0] == 4;
    struct date d = {.year = j->number[year_first ? 0 : 2], .month = j->number[1], .day = j->number[year_first ? 2 : 0]};
    if (j->word[0]) {
        d.year = j->number[1];
        d.month = jump_month(j->word, first_month);
        d.month = d.month ? d.month : 13;
    }
    int digits = j->digits[year_first ? 0 : j->word[0] ? 1 : 2];
    d.year = digits == 4 ? d.year : digits == 2 ? 2000 + d.year : 0; /* of another one not all is typed yet */
    return d;
}

bool jump_read(const char *typed, int32_t at, int32_t today, int32_t *day)
{
    struct jump j = jump_parts(typed);
    struct date now = date_from_days(today), here = date_from_days(at);
    struct date d = jump_date(&j, now.month);
    if (j.strange || j.count == 0 || (j.word[0] && j.count > 2))
        return false;
    bool has_year = d.year > 0, has_month = d.month > 0;
    d.month = has_month ? d.month : here.month;
    d.year = has_year ? d.year : has_month ? now.year : here.year;
    for (int later = 0; later < (has_month && !has_year ? 2 : 1); later++, d.year++)
        if (date_is_valid(d) && (has_year || !has_month || date_to_days(d) >= today - JUMP_BEHIND)) {
            *day = date_to_days(d);
            return true;
        }
    return false;
}
