/* What is asked of a record beside its topic, its town and words is a bit: free, accessible, for children, in Tatar, on a
 * Tuesday ... Computed from the wire's members (PROTOCOL.md, 8) when a record is written, kept with it (replica.sql), asked
 * for with all wanted bits at once. A new mark is a line of one table in marks.c, a bit here and a row of the test; raise
 * MARKS_VERSION with it: replicas that are older compute theirs anew when kiosk-sync opens them. */
#ifndef KIOSK_STORE_MARKS_H
#define KIOSK_STORE_MARKS_H

#include <stdint.h>

struct json;

enum { MARKS_VERSION = 4, MARK_FIRST_WEEKDAY = 10, MARK_FIRST_CALL = 17, MARK_FIRST_LANGUAGE = 24 };

#define MARK_FREE       (UINT64_C(1) << 0) /* isAccessibleForFree */
#define MARK_ACCESSIBLE (UINT64_C(1) << 1) /* accessible: with a wheelchair */
#define MARK_ONLINE     (UINT64_C(1) << 2) /* eventAttendanceMode online or mixed */
#define MARK_IN_PERSON  (UINT64_C(1) << 3) /* everything else and mixed */
/* By typicalAgeRange. Where that says nothing: about "children" is for children and teenagers, about "elderly" for 60 and
 * over, the rest for adults of any age. */
#define MARK_CHILDREN   (UINT64_C(1) << 4) /* up to 11 */
#define MARK_TEENAGERS  (UINT64_C(1) << 5) /* 12 to 17 */
#define MARK_ADULTS     (UINT64_C(1) << 6) /* 18 to 59 */
#define MARK_ELDERLY    (UINT64_C(1) << 7) /* 60 and over */
/* Whose it is, by scope: neither is a community's. */
#define MARK_CITY       (UINT64_C(1) << 8)
#define MARK_STATE      (UINT64_C(1) << 9)
/* 1 Monday .. 7 Sunday: meetsOn; of an occurrence the days it takes place on. */
#define MARK_WEEKDAY(n) (UINT64_C(1) << (MARK_FIRST_WEEKDAY + (n) - 1))
#define MARK_WEEKDAYS   (UINT64_C(0x7F) << MARK_FIRST_WEEKDAY)
/* How one may come, by companions. Of communities; calls and resources have marks of their own there. */
#define MARK_ALONE      (UINT64_C(1) << MARK_FIRST_CALL)
#define MARK_TOGETHER   (UINT64_C(1) << (MARK_FIRST_CALL + 1))
#define MARK_WITH_CHILD (UINT64_C(1) << (MARK_FIRST_CALL + 2))
#define MARK_COMPANY    (MARK_ALONE | MARK_TOGETHER | MARK_WITH_CHILD)
#define MARK_SPOKEN     (~UINT64_C(0) << MARK_FIRST_LANGUAGE & INT64_MAX) /* all languages */
#define MARK_AGES       (MARK_CHILDREN | MARK_TEENAGERS | MARK_ADULTS | MARK_ELDERLY)

/* What is called for, by callType: marks_calls[0] .. [4]. */
#define MARK_CALL(i) (UINT64_C(1) << (MARK_FIRST_CALL + (i)))
/* Of a resource: its resourceType, marks_resources[0] .. [4] (no record is both), and its direction. */
#define MARK_RESOURCE(i) (UINT64_C(1) << (MARK_FIRST_CALL + (i)))
#define MARK_OFFER       (UINT64_C(1) << 22)
#define MARK_WANT        (UINT64_C(1) << 23)

/* All marks of a record's "d". Languages: availableLanguage, else inLanguage. NULL: none. */
uint64_t marks_of(const struct json *d);
/* Weekdays between two days (days since 1970), both included. */
uint64_t marks_of_days(int32_t first, int32_t last);

/* The marks but for languages, in the order people are asked; word is a message id for "free", "for children", to be
 * translated by the reader's side. word NULL ends the table. */
struct mark {
    uint64_t bit;
    const char *word;
};
extern const struct mark marks_table[];
/* Of calls: their callType and, in the plural, what people read, a message id. code NULL ends the table. */
struct mark_call {
    const char *code, *word;
};
extern const struct mark_call marks_calls[];
/* The same of resources, MARK_RESOURCES of them. */
enum { MARK_RESOURCES = 5 };
extern const struct mark_call marks_resources[];
/* 2 * kind, one more for a want; -1 when a record's "d" is no resource with a kind and a direction. */
int marks_resource_cell(const struct json *d);
/* The bit of a language by its code ("ru", "ru-RU"); that of other languages when it is none of the table. */
uint64_t marks_language(const char *code);
/* The languages of the table: code and the language's own name; NULL past the end. */
struct mark_language {
    const char *code, *name;
};
const struct mark_language *marks_language_at(int i);
/* "Русский" for "ru" and "ru-RU"; the code itself when it is not known. */
const char *marks_language_name(const char *code);

#endif
