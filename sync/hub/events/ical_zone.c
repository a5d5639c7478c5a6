/* A name wins over the VTIMEZONE beside it: what programs write into VTIMEZONE is often only this year's rule. */
#include "sync/hub/events/ical_zone.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "kiosk/base/error.h"
#include "sync/hub/events/winzone.h"

enum { ICAL_ZONES_KEPT = 700, ICAL_DAY = 86400 };

struct ical_zones {
    struct ical_zone *list[ICAL_ZONES_KEPT];
    int count;
};

/* ---- names */

static bool ical_zone_name_is_plain(const char *s)
{
    size_t n = strlen(s);
    if (n == 0 || n >= ICAL_IANA_NAME || !isalpha((unsigned char)*s) || strstr(s, "..") != NULL)
        return false;
    for (; *s != '\0'; s++) {
        if (!isalnum((unsigned char)*s) && strchr("/_+-", *s) == NULL)
            return false;
    }
    return true;
}

static bool ical_zone_exists(const char *name)
{
    struct zone *z = ical_zone_name_is_plain(name) ? zone_new(name) : NULL;
    bool yes = z != NULL;
    zone_free(z);
    return yes;
}

static bool ical_zone_is_utc(const char *name)
{
    static const char *const names[] = {"UTC", "Z", "Etc/UTC", "GMT", "Etc/GMT", "Zulu", "Etc/Zulu", "UCT", "Etc/UCT"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (strcasecmp(name, names[i]) == 0)
            return true;
    }
    return false;
}

/* Copies name without surrounding quotes and spaces. */
static void ical_zone_trim(char *out, size_t size, const char *name)
{
    while (*name == ' ' || *name == '"')
        name++;
    snprintf(out, size, "%s", name);
    for (size_t n = strlen(out); n > 0 && (out[n - 1] == ' ' || out[n - 1] == '"'); n--)
        out[n - 1] = '\0';
}

bool ical_zone_iana(const char *tzid, char out[ICAL_IANA_NAME])
{
    char name[ICAL_ZONE_NAME];
    ical_zone_trim(name, sizeof name, tzid);
    const char *found = ical_zone_is_utc(name) ? "UTC" : winzone_find(name);
    for (const char *p = name; found == NULL && p != NULL; p = strchr(p, '/')) {
        p += *p == '/' ? 1 : 0;
        found = ical_zone_exists(p) ? p : NULL;
    }
    char *dash = strchr(name, '-');
    if (found == NULL && dash != NULL) {
        *dash = '/';
        found = ical_zone_exists(name) ? name : NULL;
    }
    if (found != NULL)
        snprintf(out, ICAL_IANA_NAME, "%.63s", found);
    return found != NULL;
}

bool ical_zone_fixed(const char *tzid, char out[ICAL_IANA_NAME])
{
    char name[ICAL_ZONE_NAME];
    ical_zone_trim(name, sizeof name, tzid);
    const char *s = name + (*name == '(');
    if (strncasecmp(s, "UTC", 3) != 0 && strncasecmp(s, "GMT", 3) != 0)
        return false;
    for (s += 3; *s == ' '; s++)
        continue;
    int hours = 0, minutes = 0, used = 0;
    if ((*s != '+' && *s != '-') || sscanf(s + 1, "%2d%n", &hours, &used) != 1 || hours > 14)
        return false;
    const char *rest = s + 1 + used;
    rest += *rest == ':' || *rest == '.';
    if (isdigit((unsigned char)*rest) && (sscanf(rest, "%2d", &minutes) != 1 || minutes != 0))
        return false;
    snprintf(out, ICAL_IANA_NAME, hours == 0 ? "UTC" : "Etc/GMT%c%d", *s == '+' ? '-' : '+', hours);
    return true;
}

/* ---- the table */

struct ical_zones *ical_zones_new(void) { return mem_new(1, sizeof(struct ical_zones)); }

static void ical_zone_free(struct ical_zone *z)
{
    zone_free(z->iana);
    ical_vtz_free(z->own);
    free(z);
}

void ical_zones_free(struct ical_zones *t)
{
    if (t == NULL)
        return;
    for (int i = 0; i < t->count; i++)
        ical_zone_free(t->list[i]);
    free(t);
}

void ical_zones_forget_own(struct ical_zones *t)
{
    int kept = 0;
    for (int i = 0; i < t->count; i++) {
        if (t->list[i]->own != NULL)
            ical_zone_free(t->list[i]);
        else
            t->list[kept++] = t->list[i];
    }
    t->count = kept;
}

static struct ical_zone *ical_zones_add(struct ical_zones *t, const char *name)
{
    struct ical_zone *z = mem_new(1, sizeof *z);
    snprintf(z->name, sizeof z->name, "%s", name);
    t->list[t->count++] = z;
    return z;
}

void ical_zones_add_own(struct ical_zones *t, const char *tzid, const char *vtimezone)
{
    char iana[ICAL_IANA_NAME];
    if (t->count == ICAL_ZONES_KEPT || ical_zone_iana(tzid, iana))
        return;
    struct ical_vtz *own = ical_vtz_new(vtimezone);
    if (own != NULL)
        ical_zones_add(t, tzid)->own = own;
}

static struct ical_zone *ical_zones_lookup(struct ical_zones *t, const char *name)
{
    for (int i = 0; i < t->count; i++) {
        if (strcmp(t->list[i]->name, name) == 0)
            return t->list[i];
    }
    return NULL;
}

const struct ical_zone *ical_zone_find(struct ical_zones *t, const char *tzid)
{
    char name[ICAL_IANA_NAME];
    struct ical_zone *z = ical_zones_lookup(t, tzid);
    if (z != NULL)
        return z;
    if (!ical_zone_iana(tzid, name) && !ical_zone_fixed(tzid, name))
        return NULL;
    z = ical_zones_lookup(t, name);
    if (z != NULL || t->count == ICAL_ZONES_KEPT)
        return z;
    z = ical_zones_add(t, name);
    z->iana = strcmp(name, "UTC") == 0 ? NULL : zone_new(name);
    return z;
}

/* ---- times */

int64_t ical_civil_seconds(const struct ical_time *t)
{
    return (int64_t)date_to_days(t->date) * ICAL_DAY + t->hour * 3600 + t->minute * 60 + t->second;
}

struct ical_time ical_civil_time(int64_t seconds, bool is_date, const char *zone)
{
    int64_t days = seconds / ICAL_DAY - (seconds % ICAL_DAY < 0);
    int rest = (int)(seconds - days * ICAL_DAY);
    struct ical_time t = {.date = date_from_days((int32_t)days), .is_date = is_date};
    if (!is_date) {
        t.hour = rest / 3600;
        t.minute = rest / 60 % 60;
        t.second = rest % 60;
        snprintf(t.zone, sizeof t.zone, "%s", zone);
    }
    return t;
}

int64_t ical_zone_instant(const struct ical_zone *z, const struct ical_time *t)
{
    if (z->own != NULL)
        return ical_civil_seconds(t) - ical_vtz_offset(z->own, t);
    return zone_instant(z->iana, t->date, t->hour, t->minute, t->second);
}

struct ical_time ical_zone_civil(const struct ical_zone *z, int64_t instant)
{
    int offset = 0;
    if (z->own != NULL) {
        struct ical_time utc = ical_civil_time(instant, false, "UTC");
        offset = ical_vtz_offset_utc(z->own, &utc);
    } else {
        offset = zone_local(z->iana, instant).offset;
    }
    return ical_civil_time(instant + offset, false, z->name);
}
