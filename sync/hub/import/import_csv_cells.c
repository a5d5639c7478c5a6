/* From a cell's text to a member of the record, by the kind of its column. */
#include "sync/hub/import/import_csv.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sync/hub/events/ical_zone.h"

int csv_parse_yes(const char *text)
{
    static const char *const words[] = {"no", "false", "0", "нет", "-", "n", "yes", "true", "1", "да", "+", "y"};
    char have[32];
    text_fold(have, sizeof have, text);
    have[strcspn(have, " ")] = '\0';
    for (int i = 0; i < 12 && *have != '\0'; i++) {
        if (strcmp(have, words[i]) == 0)
            return i >= 6;
    }
    return *have == '\0' ? -1 : -2;
}

static bool csv_parse_day(const struct csv_import *c, const char *text, struct date *date, int *used)
{
    int a, b, year;
    *used = 0;
    if ((*text == '+' || *text == '-') && sscanf(text, "%5d%n", &a, used) == 1 && *used > 1) {
        struct zone *z = c->im->records.hub->zone;
        *date = date_from_days(date_to_days(zone_local(z, c->im->records.now).date) + a);
        return true;
    }
    if (sscanf(text, "%4d-%2d-%2d%n", &year, &b, &a, used) == 3 && *used >= 8)
        *date = (struct date){year, b, a};
    else if (sscanf(text, "%2d.%2d.%4d%n", &a, &b, &year, used) == 3 && *used >= 8)
        *date = (struct date){year, b, a};
    else
        return false;
    return date_is_valid(*date);
}

bool csv_parse_clock(const char *text, int *minutes)
{
    int hour, minute, used = 0, second = 0, more = 0;
    if (sscanf(text, "%2d:%2d%n", &hour, &minute, &used) != 2 || used < 4)
        return false;
    if (text[used] == ':' && sscanf(text + used, ":%2d%n", &second, &more) == 1)
        used += more;
    used += (int)strspn(text + used, " ");
    *minutes = hour * 60 + minute;
    return text[used] == '\0' && hour >= 0 && hour < 24 && minute >= 0 && minute < 60;
}

bool csv_parse_when(const struct csv_import *c, const char *text, struct date *date, int *minutes, bool *has_time)
{
    int used;
    int64_t at;
    *has_time = false;
    *minutes = 0;
    if (instant_parse(text, &at)) {
        /* In a table that names no zone times are the hub's. */
        struct date_time local = zone_local(c->im->records.hub->zone, at);
        *date = local.date;
        *minutes = local.hour * 60 + local.minute;
        *has_time = *csv_cell(c, "timezone") == '\0';
        if (*has_time)
            return true;
    }
    if (!csv_parse_day(c, text, date, &used))
        return false;
    text += used;
    text += *text == 'T' ? 1 : strspn(text, " ,");
    if (*text == '\0')
        return true;
    char clock[16];
    snprintf(clock, sizeof clock, "%.*s", (int)strcspn(text, "+-Z"),
             text); /* the zone is named, the offset follows from it */
    *has_time = strlen(clock) + 1 < sizeof clock && csv_parse_clock(clock, minutes);
    return *has_time;
}

static void csv_put_topics(struct csv_import *c, struct json *d, const char *cell)
{
    /* A name may have spaces in it: the whole cell first, then what stands between commas or semicolons, then single
     * words. */
    const char *whole = content_topic(c->im->topics, cell);
    if (whole != NULL) {
        content_add_topic(d, whole);
        return;
    }
    const char *marks = strpbrk(cell, ",;") == NULL ? " \n" : ",;\n";
    char *list = mem_dup_str(cell), *next = list;
    for (char *one; (one = strsep(&next, marks)) != NULL;) {
        one += strspn(one, " ");
        for (size_t n = strlen(one); n > 0 && one[n - 1] == ' '; n--)
            one[n - 1] = '\0';
        const char *id = *one == '\0' ? NULL : content_topic(c->im->topics, one);
        if (id != NULL)
            content_add_topic(d, id);
        else if (*one != '\0')
            import_tell(c->im, c->csv.line, "no topic \"%s\"; left out", one);
    }
    free(list);
}

static void csv_add_same_as(struct json *d, const char *url)
{
    struct json *list = (struct json *)json_get(d, "sameAs"); /* d is ours */
    if (list == NULL) {
        json_put(d, "sameAs", json_new_array());
        list = (struct json *)json_get(d, "sameAs");
    }
    if (json_count(list) < 8)
        json_put_str(list, NULL, url);
}

static bool csv_put_urls(struct json *d, const char *cell)
{
    char *list = mem_dup_str(cell), *next = list;
    bool good = true;
    for (char *one; (one = strsep(&next, " \n,;")) != NULL;) {
        struct json *scratch = json_new_object();
        const char *member = json_get(d, "url") == NULL ? "url" : NULL;
        good = content_put_url(member != NULL ? d : scratch, "url", one) && good;
        if (member == NULL && json_str(scratch, "url", NULL) != NULL)
            csv_add_same_as(d, json_str(scratch, "url", ""));
        json_free(scratch);
    }
    free(list);
    return good;
}

/* "@name", "t.me/name", "https://t.me/name" and "name" are the same. */
static bool csv_put_profile(struct json *d, const char *cell, const char *site)
{
    char clean[CONTENT_NAME + 1], url[CONTENT_NAME + 64];
    const char *host = site + strlen("https://");
    text_sanitize(clean, sizeof clean, cell, strlen(cell), TEXT_LINE);
    const char *name = clean;
    if (strncasecmp(name, "https://", 8) == 0 || strncasecmp(name, "http://", 7) == 0)
        name = strstr(name, "//") + 2;
    if (strncasecmp(name, host, strlen(host)) == 0)
        name += strlen(host);
    name += *name == '@';
    snprintf(url, sizeof url, "%s%s", site, name);
    if (*name == '\0' || !content_is_url(url))
        return false;
    csv_add_same_as(d, url);
    return true;
}

static void csv_put_words(struct json *d, const char *member, const char *cell, size_t max)
{
    struct json *list = json_new_array();
    char *copy = mem_dup_str(cell), *next = copy;
    for (char *one; (one = strsep(&next, " ,;\n")) != NULL;) {
        char word[16];
        text_sanitize(word, sizeof word, one, strlen(one), TEXT_LINE);
        if (*word != '\0' && json_count(list) < max)
            json_put_str(list, NULL, word);
    }
    free(copy);
    json_put(d, member, list);
}

static bool csv_put_int(struct json *d, const char *member, const char *cell)
{
    char *end;
    long value = strtol(cell, &end, 10);
    end += strspn(end, " ");
    if (*end != '\0' || value < -1000000 || value > 1000000)
        return false;
    json_put_int(d, member, value);
    return true;
}

/* Kept as text, with the point a comma may stand for: a number that is only shown need not be one. */
static bool csv_put_degrees(struct json *d, const char *member, const char *cell, size_t bound)
{
    char text[32];
    int whole = 0, used = 0;
    snprintf(text, sizeof text, "%s", cell);
    char *comma = strchr(text, ',');
    if (comma != NULL)
        *comma = '.';
    text[strcspn(text, " \n")] = '\0';
    const char *digits = text + (*text == '-');
    if (sscanf(digits, "%3d%n", &whole, &used) != 1 || !isdigit((unsigned char)*digits) || whole > (int)bound)
        return false;
    if (digits[used] == '.')
        used += 1 + (int)strspn(digits + used + 1, "0123456789");
    if (digits[used] != '\0')
        return false;
    json_put_str(d, member, text);
    return true;
}

/* Is it one of the words of a list? */
static bool csv_is_choice(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; n > 0 && (p = strstr(p, word)) != NULL; p += n)
        if ((p == list || p[-1] == ' ') && (p[n] == ' ' || p[n] == '\0'))
            return true;
    return false;
}

static bool csv_put_choice(struct json *d, const struct csv_column *col, const char *cell)
{
    char word[32];
    snprintf(word, sizeof word, "%.31s", cell);
    for (char *p = word; *p != '\0'; p++)
        *p = *p == ' ' || *p == '\n' ? '\0' : (char)tolower((unsigned char)*p);
    if (!csv_is_choice(col->extra, word))
        return false;
    json_put_str(d, col->member, word);
    return true;
}

static bool csv_put_choices(struct json *d, const struct csv_column *col, const char *cell)
{
    struct json *list = json_new_array();
    bool good = true;
    char folded[128], *next = folded;
    text_fold(folded, sizeof folded, cell);
    for (char *one; (one = strsep(&next, " ,;\n")) != NULL;) {
        if (csv_is_choice(col->extra, one))
            json_put_str(list, NULL, one);
        else if (*one != '\0')
            good = false;
    }
    json_put(d, col->member, list);
    return good;
}

static bool csv_put_date(struct csv_import *c, struct json *d, const char *member, const char *cell)
{
    struct date date;
    int minutes;
    bool has_time;
    char text[11];
    if (!csv_parse_when(c, cell, &date, &minutes, &has_time))
        return false;
    date_format(date, text);
    json_put_str(d, member, text);
    return true;
}

static bool csv_put_zone(struct json *d, const char *member, const char *cell)
{
    char name[ICAL_IANA_NAME];
    if (!ical_zone_iana(cell, name))
        return false;
    json_put_str(d, member, name);
    return true;
}

static enum err csv_put_community(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell,
                                  struct error *e)
{
    char uid[CONTENT_NAME + 1];
    struct content_ref ref;
    text_sanitize(uid, sizeof uid, cell, strlen(cell), TEXT_LINE);
    enum err code = content_find(&c->im->records, "community", c->im->source, uid, &ref, e);
    if (code != ERR_NONE)
        return code;
    if (*ref.id != '\0')
        json_put_str(d, col->member, ref.id);
    content_put(d, col->extra, ref.d != NULL ? json_str(ref.d, "name", uid) : uid, CONTENT_NAME, TEXT_LINE);
    if (json_get(d, "addressLocality") == NULL)
        json_put_str(d, "addressLocality", json_str(ref.d, "addressLocality", NULL));
    json_free(ref.d);
    return ERR_NONE;
}

static enum err csv_put_ref(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell,
                            struct error *e)
{
    char uid[CONTENT_NAME + 1];
    struct content_ref ref;
    text_sanitize(uid, sizeof uid, cell, strlen(cell), TEXT_LINE);
    enum err code = content_find(&c->im->records, col->extra, c->im->source, uid, &ref, e);
    if (code != ERR_NONE)
        return code;
    json_free(ref.d);
    if (*ref.id != '\0')
        json_put_str(d, col->member, ref.id);
    else
        import_tell(c->im, c->csv.line, "no %s \"%s\"; left out", col->extra, uid);
    return ERR_NONE;
}

/* What is not known yet may stand further down in the same file: its id follows from its name alone. */
static enum err csv_add_ref(struct csv_import *c, struct json *list, const struct csv_column *col, const char *uid,
                            struct error *e)
{
    struct content_ref ref;
    const struct record_in in = {.source_name = c->im->source_name, .kind = col->extra, .uid = uid};
    enum err code = content_find(&c->im->records, col->extra, c->im->source, uid, &ref, e);
    if (code != ERR_NONE)
        return code;
    json_free(ref.d);
    if (*ref.id == '\0')
        record_id(&in, ref.id);
    json_put_str(list, NULL, ref.id);
    return ERR_NONE;
}

static enum err csv_put_refs(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell,
                             struct error *e)
{
    struct json *list = json_new_array();
    char *copy = mem_dup_str(cell), *next = copy;
    enum err code = ERR_NONE;
    for (char *one; code == ERR_NONE && (one = strsep(&next, " ,;\n")) != NULL;) {
        char uid[CONTENT_NAME + 1];
        text_sanitize(uid, sizeof uid, one, strlen(one), TEXT_LINE);
        if (*uid != '\0' && json_count(list) < col->max)
            code = csv_add_ref(c, list, col, uid, e);
    }
    free(copy);
    json_put(d, col->member, list);
    return code;
}

enum err csv_put_cell(struct csv_import *c, struct json *d, const struct csv_column *col, const char *cell, bool *good,
                      struct error *e)
{
    *good = true;
    switch (col->kind) {
    case CSV_TEXT:
    case CSV_LINES:
        content_put(d, col->member, cell, col->max, col->kind == CSV_LINES ? TEXT_LINES : TEXT_LINE);
        break;
    case CSV_TOPICS:
        csv_put_topics(c, d, cell);
        break;
    case CSV_URL:
        *good = csv_put_urls(d, cell);
        break;
    case CSV_PROFILE:
        *good = csv_put_profile(d, cell, col->extra);
        break;
    case CSV_WORDS:
        csv_put_words(d, col->member, cell, col->max);
        break;
    case CSV_INT:
        *good = csv_put_int(d, col->member, cell);
        break;
    case CSV_DEGREES:
        *good = csv_put_degrees(d, col->member, cell, col->max);
        break;
    case CSV_DATE:
        *good = csv_put_date(c, d, col->member, cell);
        break;
    case CSV_CHOICE:
        *good = csv_put_choice(d, col, cell);
        break;
    case CSV_CHOICES:
        *good = csv_put_choices(d, col, cell);
        break;
    case CSV_ZONE:
        *good = csv_put_zone(d, col->member, cell);
        break;
    case CSV_COMMUNITY:
        return csv_put_community(c, d, col, cell, e);
    case CSV_REF:
        return csv_put_ref(c, d, col, cell, e);
    case CSV_REFS:
        return csv_put_refs(c, d, col, cell, e);
    case CSV_LANGUAGE:
    case CSV_ID:
    case CSV_RAW:
        break;
    }
    return ERR_NONE;
}
