/* Marks of records, computed from what the hub published. */
#include "kiosk/store/marks.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kiosk/base/date.h"
#include "kiosk/base/i18n.h"
#include "kiosk/base/json.h"

const struct mark marks_table[] = {
    {MARK_FREE, N_("free of charge")},
    {MARK_ACCESSIBLE, N_("suitable for a wheelchair")},
    {MARK_CHILDREN, N_("for children")},
    {MARK_TEENAGERS, N_("for teenagers")},
    {MARK_ADULTS, N_("for adults")},
    {MARK_ELDERLY, N_("for people over 60")},
    {MARK_IN_PERSON, N_("in person")},
    {MARK_ONLINE, N_("on the internet")},
    {MARK_CITY, N_("of the town")},
    {MARK_STATE, N_("of the state")},
    {MARK_WEEKDAY(1), N_("on Mondays")},
    {MARK_WEEKDAY(2), N_("on Tuesdays")},
    {MARK_WEEKDAY(3), N_("on Wednesdays")},
    {MARK_WEEKDAY(4), N_("on Thursdays")},
    {MARK_WEEKDAY(5), N_("on Fridays")},
    {MARK_WEEKDAY(6), N_("on Saturdays")},
    {MARK_WEEKDAY(7), N_("on Sundays")},
    {MARK_ALONE, N_("it is fine to come alone")},
    {MARK_TOGETHER, N_("you can come together")},
    {MARK_WITH_CHILD, N_("you can bring a child")},
    {0, NULL},
};

/* The place in the table is the bit. */
const struct mark_call marks_calls[] = {
    {"grant", N_("Grants")},
    {"internship", N_("Internships")},
    {"mentoring", N_("Mentoring")},
    {"volunteering", N_("Volunteering")},
    {"workshop", N_("Workshops")},
    {NULL, NULL},
};

const struct mark_call marks_resources[] = {
    {"room", N_("Rooms")},
    {"equipment", N_("Equipment")},
    {"skill", N_("Skills")},
    {"transport", N_("Transport")},
    {"volunteers", N_("Helpers")},
    {NULL, NULL},
};

/* Languages people write their names in here; own names, so that everybody finds theirs. The place in the table is the bit:
 * append only, 39 at most. */
static const struct mark_language marks_languages[] = {
    {"ru", "Русский"},      {"en", "English"},      {"tt", "Татарча"},      {"ba", "Башҡортса"}, {"kk", "Қазақша"},
    {"uk", "Українська"},   {"be", "Беларуская"},   {"uz", "Oʻzbekcha"},    {"ky", "Кыргызча"},  {"tg", "Тоҷикӣ"},
    {"az", "Azərbaycanca"}, {"hy", "Հայերեն"},      {"ka", "ქართული"},      {"de", "Deutsch"},   {"fr", "Français"},
    {"es", "Español"},      {"it", "Italiano"},     {"pl", "Polski"},       {"tr", "Türkçe"},    {"fi", "Suomi"},
    {"zh", "中文"},         {"ce", "Нохчийн"},      {"cv", "Чӑвашла"},      {"os", "Ирон"},      {"udm", "Удмурт"},
    {"ro", "Română"},       {"vi", "Tiếng Việt"},   {"fa", "فارسی"},        {"ar", "العربية"},   {"rsl", "Русский жестовый"},
};
enum { MARK_LANGUAGES = sizeof marks_languages / sizeof marks_languages[0], MARK_OTHER_LANGUAGE = 62 };

/* ---- languages */

const struct mark_language *marks_language_at(int i)
{
    return i >= 0 && i < MARK_LANGUAGES ? &marks_languages[i] : NULL;
}

static int marks_language_index(const char *code)
{
    size_t n = strcspn(code, "-_");
    for (int i = 0; i < MARK_LANGUAGES; i++)
        if (strlen(marks_languages[i].code) == n && strncmp(marks_languages[i].code, code, n) == 0)
            return i;
    return -1;
}

uint64_t marks_language(const char *code)
{
    int i = marks_language_index(code);
    return UINT64_C(1) << (i < 0 ? MARK_OTHER_LANGUAGE : MARK_FIRST_LANGUAGE + i);
}

const char *marks_language_name(const char *code)
{
    int i = marks_language_index(code);
    return i < 0 ? code : marks_languages[i].name;
}

static uint64_t marks_of_languages(const struct json *d)
{
    const struct json *list = json_get(d, "availableLanguage");
    uint64_t marks = 0;
    for (const struct json *j = json_first(list); j; j = json_next(j))
        if (json_value_str(j, "")[0])
            marks |= marks_language(json_value_str(j, ""));
    if (json_value_str(list, "")[0])
        marks |= marks_language(json_value_str(list, ""));
    const char *own = json_str(d, "inLanguage", "");
    return marks || !own[0] ? marks : marks_language(own);
}

/* ---- ages */

/* "7-12", "18+", "18-", "-12", "0+": false when it is none of these. */
static bool marks_read_age(const char *text, int *from, int *to)
{
    int used = 0;
    *from = 0;
    *to = 200;
    if (sscanf(text, "%3d-%3d%n", from, to, &used) == 2 && !text[used] && *from >= 0 && *to >= *from)
        return true;
    *to = 200;
    if (text[0] == '-' && sscanf(text, "-%3d%n", to, &used) == 1 && !text[used] && *to >= 0) {
        *from = 0;
        return true;
    }
    *to = 200;
    return sscanf(text, "%3d%n", from, &used) == 1 && *from >= 0 && (text[used] == '+' || text[used] == '-') &&
           !text[used + 1];
}

static bool marks_is_about(const struct json *d, const char *topic)
{
    for (const struct json *j = json_first(json_get(d, "about")); j; j = json_next(j))
        if (strcmp(json_value_str(j, ""), topic) == 0)
            return true;
    return false;
}

static uint64_t marks_of_ages(const struct json *d)
{
    int from, to;
    if (marks_read_age(json_str(d, "typicalAgeRange", ""), &from, &to))
        return (from < 12 ? MARK_CHILDREN : 0) | (from < 18 && to >= 12 ? MARK_TEENAGERS : 0) |
               (from < 60 && to >= 18 ? MARK_ADULTS : 0) | (to >= 60 ? MARK_ELDERLY : 0);
    bool children = marks_is_about(d, "children"), elderly = marks_is_about(d, "elderly");
    if (!children && !elderly)
        return MARK_ADULTS | MARK_ELDERLY;
    return (children ? MARK_CHILDREN | MARK_TEENAGERS : 0) | (elderly ? MARK_ELDERLY : 0);
}

/* ---- days */

uint64_t marks_of_days(int32_t first, int32_t last)
{
    uint64_t marks = 0;
    for (int32_t day = first; day <= last && day - first < 7; day++)
        marks |= MARK_WEEKDAY(date_weekday(day));
    return marks;
}

static uint64_t marks_of_meetings(const struct json *d)
{
    static const char *const days[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    uint64_t marks = 0;
    for (const struct json *j = json_first(json_get(d, "meetsOn")); j; j = json_next(j))
        for (int n = 1; n <= 7; n++)
            if (strcmp(json_value_str(j, ""), days[n - 1]) == 0)
                marks |= MARK_WEEKDAY(n);
    return marks;
}

/* ---- calls, resources */

/* The place of a word in a table, -1: none. */
static int marks_type(const struct mark_call *table, const char *word)
{
    for (int i = 0; table[i].code; i++)
        if (strcmp(table[i].code, word) == 0)
            return i;
    return -1;
}

static uint64_t marks_of_call(const struct json *d)
{
    int i = marks_type(marks_calls, json_str(d, "callType", ""));
    return i < 0 ? 0 : MARK_CALL(i);
}

int marks_resource_cell(const struct json *d)
{
    const char *direction = json_str(d, "direction", "");
    int kind = marks_type(marks_resources, json_str(d, "resourceType", ""));
    bool offer = strcmp(direction, "offer") == 0, want = strcmp(direction, "want") == 0;
    return kind >= 0 && (offer || want) ? 2 * kind + want : -1;
}

static uint64_t marks_of_resource(const struct json *d)
{
    int cell = marks_resource_cell(d);
    return cell < 0 ? 0 : MARK_RESOURCE(cell / 2) | (cell % 2 ? MARK_WANT : MARK_OFFER);
}

/* ---- company */

static uint64_t marks_of_company(const struct json *d)
{
    static const struct {
        const char *word;
        uint64_t bit;
    } words[] = {{"alone", MARK_ALONE}, {"together", MARK_TOGETHER}, {"child", MARK_WITH_CHILD}};
    uint64_t marks = 0;
    for (const struct json *j = json_first(json_get(d, "companions")); j; j = json_next(j))
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
            if (strcmp(json_value_str(j, ""), words[i].word) == 0)
                marks |= words[i].bit;
    return marks;
}

/* ---- the whole */

uint64_t marks_of(const struct json *d)
{
    const char *mode = json_str(d, "eventAttendanceMode", ""), *scope = json_str(d, "scope", "");
    bool online = strstr(mode, "nline") != NULL, mixed = strstr(mode, "ixed") != NULL;
    if (!json_is_object(d))
        return 0;
    return (json_bool(d, "isAccessibleForFree", false) ? MARK_FREE : 0) |
           (json_bool(d, "accessible", false) ? MARK_ACCESSIBLE : 0) | (online || mixed ? MARK_ONLINE : 0) |
           (online && !mixed ? 0 : MARK_IN_PERSON) | (strcmp(scope, "city") == 0 ? MARK_CITY : 0) |
           (strcmp(scope, "state") == 0 ? MARK_STATE : 0) | marks_of_ages(d) | marks_of_meetings(d) |
           marks_of_call(d) | marks_of_resource(d) | marks_of_company(d) | marks_of_languages(d);
}
