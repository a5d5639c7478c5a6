/* Zones: the TZif file of a name, and instants to local time and back. */
#include "kiosk/base/date_zone.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kiosk/base/buf.h"
#include "kiosk/base/error.h"
#include "kiosk/base/file.h"

enum {
    DAY_SECONDS = 86400,
    ZONE_FILE_MAX = 256 * 1024, /* the largest of tzdata has 4 KB */
    ZONE_NAME_MAX = 64,
    ZONE_HEADER = 44,
    ZONE_CHANGES_MAX = 8192,
};

static const char zone_folder[] = "/usr/share/zoneinfo";

struct zone {
    char *name;
    size_t count;
    int64_t *at;    /* instants of change, ascending */
    int32_t *after; /* seconds east of UTC from at[i] on */
    int32_t first;  /* before at[0] */
    bool has_rule;
    struct zone_rule rule; /* from the last change on */
};

/* One data block of the file: counts from its header, and where it lies. */
struct zone_block {
    const unsigned char *data; /* after the header */
    size_t width;              /* bytes of an instant: 4 in version 1, else 8 */
    size_t utc, std, leap, times, types, chars;
};

static uint32_t zone_u32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static int64_t zone_time(const unsigned char *p, size_t width)
{
    if (width == 4)
        return (int32_t)zone_u32(p);
    return (int64_t)((uint64_t)zone_u32(p) << 32 | zone_u32(p + 4));
}

static size_t zone_block_size(const struct zone_block *b)
{
    return b->times * (b->width + 1) + b->types * 6 + b->chars + b->leap * (b->width + 4) + b->std + b->utc;
}

/* Reads the header at p (n bytes left) and checks that its block is there. */
static bool zone_block_open(struct zone_block *b, const unsigned char *p, size_t n, size_t width)
{
    if (n < ZONE_HEADER || memcmp(p, "TZif", 4) != 0)
        return false;
    *b = (struct zone_block){.data = p + ZONE_HEADER, .width = width};
    size_t *const counts[] = {&b->utc, &b->std, &b->leap, &b->times, &b->types, &b->chars};
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        *counts[i] = zone_u32(p + 20 + 4 * i);
        if (*counts[i] > ZONE_CHANGES_MAX)
            return false;
    }
    return zone_block_size(b) <= n - ZONE_HEADER;
}

static bool zone_read_changes(struct zone *z, const struct zone_block *b)
{
    const unsigned char *index = b->data + b->times * b->width, *types = index + b->times;
    if (b->types == 0)
        return false;
    for (size_t i = 0; i < b->types; i++) {
        int32_t offset = (int32_t)zone_u32(types + 6 * i);
        if (offset < -26 * 3600 || offset > 26 * 3600) /* RFC 8536, 3.2 */
            return false;
    }
    z->count = b->times;
    z->at = mem_new(b->times + 1, sizeof *z->at);
    z->after = mem_new(b->times + 1, sizeof *z->after);
    z->first = (int32_t)zone_u32(types);
    for (size_t i = 0; i < b->times; i++) {
        z->at[i] = zone_time(b->data + i * b->width, b->width);
        if (index[i] >= b->types || (i > 0 && z->at[i] <= z->at[i - 1]))
            return false;
        z->after[i] = (int32_t)zone_u32(types + 6 * (size_t)index[i]);
    }
    return true;
}

/* LF, a TZ string that may be empty, LF. */
static bool zone_read_footer(struct zone *z, const unsigned char *p, size_t n)
{
    if (n < 2 || p[0] != '\n')
        return false;
    const unsigned char *end = memchr(p + 1, '\n', n - 1);
    if (!end)
        return false;
    size_t len = (size_t)(end - p - 1);
    z->has_rule = len > 0;
    return len == 0 || zone_rule_parse((const char *)p + 1, len, &z->rule);
}

struct zone *zone_from_bytes(const char *name, const void *bytes, size_t n)
{
    const unsigned char *p = bytes;
    struct zone_block b;
    if (!zone_block_open(&b, p, n, 4))
        return NULL;
    bool footer = p[4] >= '2';
    if (footer) { /* the same again with wide instants, then the rule */
        size_t skip = ZONE_HEADER + zone_block_size(&b);
        if (!zone_block_open(&b, p + skip, n - skip, 8))
            return NULL;
    }
    struct zone *z = mem_new(1, sizeof *z);
    z->name = mem_dup_str(name);
    const unsigned char *end = b.data + zone_block_size(&b);
    if (!zone_read_changes(z, &b) || (footer && !zone_read_footer(z, end, n - (size_t)(end - p)))) {
        zone_free(z);
        return NULL;
    }
    return z;
}

/* Names come from records and settings: only what an IANA name is made of, and never a way out of the folder. */
static bool zone_name_is_plain(const char *name)
{
    size_t n = strnlen(name, ZONE_NAME_MAX + 1);
    if (n == 0 || n > ZONE_NAME_MAX || name[0] == '/' || name[n - 1] == '/' || strstr(name, ".."))
        return false;
    return strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/_+-") == n;
}

struct zone *zone_new(const char *name)
{
    if (!name || !zone_name_is_plain(name))
        return NULL;
    char path[sizeof zone_folder + 1 + ZONE_NAME_MAX];
    snprintf(path, sizeof path, "%s/%s", zone_folder, name);
    struct buf bytes;
    buf_init(&bytes, ZONE_FILE_MAX);
    struct zone *z = NULL;
    if (file_read(path, &bytes, NULL) == ERR_NONE)
        z = zone_from_bytes(name, bytes.data, bytes.len);
    buf_done(&bytes);
    return z;
}

void zone_free(struct zone *z)
{
    if (!z)
        return;
    free(z->name);
    free(z->at);
    free(z->after);
    free(z);
}

const char *zone_name(const struct zone *z) { return z ? z->name : "UTC"; }

static int zone_offset(const struct zone *z, int64_t instant)
{
    if (!z)
        return 0;
    if (z->count == 0 || instant >= z->at[z->count - 1]) {
        if (z->has_rule)
            return zone_rule_offset(&z->rule, instant);
        return z->count ? z->after[z->count - 1] : z->first;
    }
    if (instant < z->at[0])
        return z->first;
    size_t low = 0, high = z->count - 1; /* at[low] <= instant < at[high] */
    while (high - low > 1) {
        size_t mid = (low + high) / 2;
        if (z->at[mid] <= instant)
            low = mid;
        else
            high = mid;
    }
    return z->after[low];
}

/* Beyond the years that a calendar of 32-bit days can name, the ends of it are shown. */
static int64_t zone_clamp(int64_t instant)
{
    const int64_t limit = INT64_C(100000000000); /* the year 5138 */
    return instant > limit ? limit : instant < -limit ? -limit : instant;
}

struct date_time zone_local(const struct zone *z, int64_t instant)
{
    instant = zone_clamp(instant);
    int offset = zone_offset(z, instant);
    int64_t local = instant + offset;
    int64_t days = local / DAY_SECONDS - (local % DAY_SECONDS < 0);
    int second = (int)(local - days * DAY_SECONDS);
    return (struct date_time){
        .date = date_from_days((int32_t)days),
        .hour = second / 3600,
        .minute = second / 60 % 60,
        .second = second % 60,
        .offset = offset,
        .weekday = date_weekday((int32_t)days),
    };
}

int64_t zone_instant(const struct zone *z, struct date d, int hour, int minute, int second)
{
    int64_t local = (int64_t)date_to_days(d) * DAY_SECONDS + hour * 3600 + minute * 60 + second;
    /* A zone is less than a day from UTC, so these are the clocks before and after any change nearby. */
    int before = zone_offset(z, local - DAY_SECONDS), after = zone_offset(z, local + DAY_SECONDS);
    bool before_holds = zone_offset(z, local - before) == before;
    bool after_holds = zone_offset(z, local - after) == after;
    if (before_holds && after_holds)
        return local - (before > after ? before : after);
    return after_holds ? local - after : local - before;
}
