/* What events and communities both say of themselves: price, wheelchairs, on the internet; and the days a community meets. */
#include "sync/hub/import/import_csv.h"

#include <string.h>

#include "sync/hub/import/weekdays.h"

static const char *said_choose(const char *cell, const struct csv_said *said)
{
    char folded[32];
    text_fold(folded, sizeof folded, cell);
    folded[strcspn(folded, " \n")] = '\0';
    if (*folded == '\0')
        return said->empty;
    for (const char *const *words = said->words; words[0] != NULL; words += 2) {
        if (strcmp(words[0], folded) == 0)
            return words[1];
    }
    return NULL;
}

void csv_put_said(struct csv_import *c, struct json *d, const struct csv_said *said)
{
    const char *cell = csv_cell(c, said->column), *value = said_choose(cell, said);
    if (value == NULL && *cell != '\0')
        import_tell(c->im, c->csv.line, "%s: \"%.40s\" is not understood and left out", said->column, cell);
    json_put_str(d, said->member, value != NULL ? value : said->empty);
}

void csv_put_online(struct csv_import *c, struct json *d)
{
    static const char *const words[] = {"yes",   "online",  "да",      "online",  "online", "online", "1",     "online",
                                        "true",  "online",  "no",      "offline", "нет",    "offline", "offline", "offline",
                                        "0",     "offline", "false",   "offline", "mixed",  "mixed",   NULL};
    csv_put_said(c, d, &(struct csv_said){"online", "eventAttendanceMode", words, NULL});
}

void csv_put_accessible(struct csv_import *c, struct json *d)
{
    const char *cell = csv_cell(c, "accessible");
    int accessible = csv_parse_yes(cell);
    if (accessible >= 0)
        json_put_bool(d, "accessible", accessible == 1);
    else if (accessible == -2)
        import_tell(c->im, c->csv.line, "accessible: \"%.40s\" is not understood and left out", cell);
}

/* "0 ₽" and "бесплатно" are free. */
void csv_put_price(struct csv_import *c, struct json *d, bool empty_is_free)
{
    const char *price = csv_cell(c, "price");
    char folded[32];
    text_fold(folded, sizeof folded, price);
    bool zero = *price == '0' && strpbrk(price, "123456789") == NULL;
    bool is_free = *price == '\0' || zero || strcmp(folded, "бесплатно") == 0 || strcmp(folded, "free") == 0;
    if (*price == '\0' && !empty_is_free)
        return;
    json_put_bool(d, "isAccessibleForFree", is_free);
    if (!is_free)
        content_put(d, "price", price, CONTENT_NAME, TEXT_LINE);
}

/* What the column `days` says, else what the words of `meets` say. */
enum err import_csv_community(struct csv_import *c, const char *uid, struct json *d, char **ics, struct error *e)
{
    (void)uid, (void)ics, (void)e;
    const char *cell = csv_cell(c, "days");
    unsigned days = weekdays_of(cell, true);
    if (*cell != '\0' && days == 0)
        import_tell(c->im, c->csv.line, "days: \"%.40s\" is not understood and left out", cell);
    if (*cell == '\0')
        days = weekdays_of(json_str(d, "meets", ""), false);
    weekdays_put(d, "meetsOn", days);
    csv_put_price(c, d, false);
    csv_put_online(c, d);
    csv_put_accessible(c, d);
    return ERR_NONE;
}
