/* What the hub publishes, as structs that screens and printers read. Texts are sanitised UTF-8, in the reader's
 * language when a translation exists, else the original with its language in `lang`. A content_* value owns its memory
 * until its _done. */
#ifndef KIOSK_STORE_CONTENT_H
#define KIOSK_STORE_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "kiosk/base/error.h"

struct json;

enum { CONTENT_ID = 37, CONTENT_TOPICS = 8, CONTENT_LINKS = 6, CONTENT_QUESTIONS = 12, CONTENT_OPTIONS = 8, CONTENT_RELATED = 4 };

/* One row of any list: enough to draw it, and the id to open it. */
struct row {
    char id[CONTENT_ID];         /* of the record */
    char occurrence[CONTENT_ID]; /* events: the time listed; else "" */
    char kind[12];
    char name[208];
    char lang[8];          /* of name; "" when it is the reader's */
    char place[128];       /* events: place or city; communities: city; else owner's name or "" */
    char topic[24];        /* first topic's id or "" */
    int64_t start, end;    /* events: Unix seconds; end exclusive */
    int32_t day, last_day; /* days since 1970 in the centre's zone; of what is valid until a day that one, 0: none */
    int64_t moved_at;      /* events: when it would have begun before it was moved; 0: it was not */
    int shift;             /* events: minutes by which the organiser's clock is ahead of the centre's */
    int waiting;           /* events: people in the queue, as the hub knew last */
    uint64_t marks;        /* marks.h */
    char type[16];         /* callType or resourceType, "" */
    bool all_day, cancelled, full, free;
};

struct question {
    char id[24];
    enum { QUESTION_TEXT, QUESTION_CHOICE, QUESTION_NUMBER, QUESTION_YESNO } type;
    char *label;
    bool required;
    int option_count;
    char *option[CONTENT_OPTIONS];
};

/* A whole record. Members that a kind lacks are NULL or zero. All strings are owned by it; free with content_done. */
struct content {
    char id[CONTENT_ID], kind[12];
    char lang[8]; /* language of the texts when it is not the reader's, else "" */
    char *name, *description, *body;
    char topic[CONTENT_TOPICS][24];
    int topic_count;
    char *city, *address, *place_name, *place_id, *accessibility;
    char *telephone, *email, *url, *link[CONTENT_LINKS];
    char *audience, *age, *joining, *meets, *rules; /* rules: whom they let in, what to bring; of a resource when it is free, on what terms */
    char *languages, *companions, *days; /* words: "ru, tt"; "alone, together, child": how one may come; "MO, TU": when they meet */
    char *owner_id, *owner_name; /* organizer or provider */
    char *call_type, *resource_type, *direction;
    char valid_through[11]; /* date or "" */
    char related[CONTENT_RELATED][CONTENT_ID]; /* articles; the first "" ends them */
    char event[CONTENT_ID];                    /* of a call: whoever applies signs up for it; "" */
    /* events */
    char tz[40];
    bool all_day, cancelled, postponed, free, accessible, registration_open;
    char *price, *mode, *rrule;
    int capacity; /* -1: no limit */
    int terms;
    char form[48]; /* "id@version" or "" */
    struct question question[CONTENT_QUESTIONS];
    int question_count;
};

/* From the record's JSON; lang is the reader's ("ru"). ERR_INVALID when d is no object or has no name. */
enum err content_from_json(struct content *out, const char *kind, const char *id, const struct json *d,
                           const char *lang, struct error *e) MUST_CHECK;
void content_done(struct content *c); /* zeroed memory and NULL are fine */

#endif
