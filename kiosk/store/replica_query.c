/* The SQL of the lists. CROSS JOIN keeps SQLite to the order written: the left table walks an index in the order of the
 * list. */
#include "kiosk/store/replica_query.h"

/* In the order in which replica_row_times() reads them. */
#define OCCURRENCE                                                                                                     \
    "o.id, o.ord, o.start_at, o.end_at, o.day, o.last_day, o.marks, o.moved_at, o.shift, o.waiting, o.cancelled, o.full"
#define IN_TIME    "o.start_at < :until AND o.end_at > :from"
#define BY_START   " ORDER BY o.start_at, o.id"
#define FITS       MARKED("o") " AND " WHERE
#define MARKED(t)  "(" t ".marks & :marks) = :marks"
#define WHERE      "(:place = 0 OR o.place = :place) AND (:town = 0 OR o.city = :town)"
#define TOPIC_OF(ord)                                                                                                  \
    "(:topic = '' OR EXISTS (SELECT 1 FROM record k CROSS JOIN record_topic t ON t.kind = k.kind AND t.topic = :topic" \
    " AND t.sort_key = k.sort_key AND t.ord = k.ord WHERE k.ord = " ord "))"
#define OWNER_OF(ord) "(:owner = '' OR EXISTS (SELECT 1 FROM record w WHERE w.ord = " ord " AND w.owner = :owner))"
/* Matches from one end of the order of rowid. The number bounds the work when another filter lets few of them pass. */
#define MATCHES(first, last, order)                                                                                    \
    "(SELECT rowid AS ord FROM search WHERE search MATCH :query AND rowid BETWEEN " first " AND " last                 \
    " ORDER BY rowid " order ") m"
/* Of these the first 200 events with a time that fits. */
#define FITTING(matches, maybe)                                                                                        \
    "SELECT * FROM (SELECT m.ord FROM " matches " WHERE " maybe                                                        \
    "EXISTS (SELECT 1 FROM occurrence o WHERE o.ord = m.ord AND " IN_TIME " AND " FITS                                                                                 \
    ") AND " TOPIC_OF("m.ord") " AND " OWNER_OF("m.ord") " LIMIT 200)"
/* What began before now is mostly over: two indexes tell, rows are read only of what has a later time or lasts. */
#define GOES_ON                                                                                                        \
    "(EXISTS (SELECT 1 FROM occurrence s INDEXED BY occurrence_by_event WHERE s.ord = m.ord AND s.start_at >= :low)"   \
    " OR EXISTS (SELECT 1 FROM occurrence s INDEXED BY occurrence_by_event"                                            \
    " CROSS JOIN occurrence l INDEXED BY occurrence_long ON l.start_at = s.start_at AND l.id = s.id"                   \
    " WHERE s.ord = m.ord AND l.end_at - l.start_at > 86400 AND l.end_at > :from)) AND "
#define PAST   FITTING(MATCHES(":first", ":middle - 1", "DESC LIMIT 1000"), GOES_ON)
#define FUTURE FITTING(MATCHES(":middle", ":last", "LIMIT 5000"), "")
/* How many follow a row of a list. They begin after :from, so that their end need not be looked at, and the index tells. */
#define REST(table, where)                                                                                             \
    "SELECT count(*) FROM (SELECT 1 FROM " table " WHERE " where                                                       \
    " AND (x.start_at, x.id) > (:start, :id) AND x.start_at < :until LIMIT :limit)"

#define PROVIDER  "p.id, p.ord, p.name, p.city FROM "
#define HAS_CELLS "(:cells = 0 OR (p.cells & :cells) <> 0)"

#define FITS_PARAMS (REPLICA_Q_MARKS | REPLICA_Q_WHERE)

/* clang-format off */
const struct replica_query replica_queries[REPLICA_QUESTIONS] = {
    [REPLICA_EVENTS_LONG] = {"what began long ago and still goes on",
        /* most of them are over: the index alone tells, rows are read only of those that are not */
        "SELECT " OCCURRENCE " FROM (SELECT l.id, l.start_at FROM occurrence l INDEXED BY occurrence_long"
        " WHERE l.end_at - l.start_at > 86400 AND l.start_at < :low AND l.start_at < :until AND l.end_at > :from) x"
        " CROSS JOIN occurrence o ON o.start_at = x.start_at AND o.id = x.id WHERE " FITS " AND " TOPIC_OF("o.ord") " ORDER BY x.start_at, x.id",
        REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS | REPLICA_Q_TOPIC},
    [REPLICA_EVENTS_ALL] = {"the agenda",
        "SELECT " OCCURRENCE " FROM occurrence o NOT INDEXED WHERE o.start_at >= :low AND " IN_TIME " AND " FITS BY_START,
        REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS},
    [REPLICA_EVENTS_TOPIC] = {"the agenda of a topic",
        "SELECT " OCCURRENCE " FROM occurrence_topic x CROSS JOIN occurrence o ON o.start_at = x.start_at AND o.id = x.id WHERE x.topic = :topic"
        " AND x.start_at >= :low AND x.start_at < :until AND " MARKED("x") " AND o.end_at > :from AND " WHERE " ORDER BY x.start_at, x.id",
        REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS | REPLICA_Q_TOPIC},
    [REPLICA_EVENTS_OWNER] = {"the events of a community",
        "SELECT " OCCURRENCE " FROM record r INDEXED BY record_by_owner CROSS JOIN occurrence o ON o.ord = r.ord"
        " WHERE r.owner = :owner AND r.owner <> '' AND r.kind = 'event' AND " IN_TIME " AND " FITS " AND " TOPIC_OF("r.ord") BY_START,
        REPLICA_Q_TIME | FITS_PARAMS | REPLICA_Q_TOPIC | REPLICA_Q_OWNER},
    [REPLICA_EVENTS_ONE] = {"the times of one event",
        "SELECT " OCCURRENCE " FROM record r CROSS JOIN occurrence o INDEXED BY occurrence_by_event ON o.ord = r.ord"
        " WHERE r.id = :id AND " IN_TIME " AND " MARKED("o") BY_START,
        REPLICA_Q_ID | REPLICA_Q_TIME | REPLICA_Q_MARKS},
    [REPLICA_EVENTS_TEXT] = {"events by words",
        "SELECT " OCCURRENCE " FROM (" PAST " UNION ALL " FUTURE ") f CROSS JOIN occurrence o ON o.ord = f.ord WHERE " IN_TIME " AND " FITS BY_START,
        REPLICA_Q_TEXT | REPLICA_Q_MIDDLE | REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS | REPLICA_Q_TOPIC | REPLICA_Q_OWNER},
    [REPLICA_REST_ALL] = {"how much the agenda has more",
        REST("occurrence x NOT INDEXED", "1"), REPLICA_Q_REST | REPLICA_Q_ID},
    [REPLICA_REST_TOPIC] = {"how much a topic has more",
        REST("occurrence_topic x", "x.topic = :topic"), REPLICA_Q_REST | REPLICA_Q_ID | REPLICA_Q_TOPIC},
    [REPLICA_OCCURRENCE] = {"one time",
        "SELECT " OCCURRENCE ", o.terms FROM occurrence o INDEXED BY occurrence_by_id WHERE o.id = :id", REPLICA_Q_ID},
    [REPLICA_DAYS_COUNTED] = {"what is counted of days",
        "SELECT day, times FROM day_count WHERE topic = :topic AND day BETWEEN :first AND :last", REPLICA_Q_TOPIC | REPLICA_Q_DAYS},
    [REPLICA_DAYS_LONG] = {"what lasts over days",
        "SELECT o.day, o.last_day FROM (SELECT l.id, l.start_at FROM occurrence l INDEXED BY occurrence_long"
        " WHERE l.end_at - l.start_at > 86400 AND l.start_at < :until AND l.end_at > :from) x"
        " CROSS JOIN occurrence o ON o.start_at = x.start_at AND o.id = x.id WHERE " FITS " AND " TOPIC_OF("o.ord") " AND " OWNER_OF("o.ord"),
        REPLICA_Q_TIME | FITS_PARAMS | REPLICA_Q_TOPIC | REPLICA_Q_OWNER},
    [REPLICA_DAYS_SHORT] = {"days of what fits",
        "SELECT o.day, o.last_day FROM occurrence o NOT INDEXED WHERE o.start_at >= :low AND " IN_TIME
        " AND o.end_at - o.start_at <= 86400 AND " FITS, REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS},
    [REPLICA_DAYS_TOPIC] = {"days of a topic",
        "SELECT o.day, o.last_day FROM occurrence_topic x CROSS JOIN occurrence o ON o.start_at = x.start_at AND o.id = x.id"
        " WHERE x.topic = :topic AND x.start_at >= :low AND x.start_at < :until AND " MARKED("x") " AND o.end_at > :from"
        " AND o.end_at - o.start_at <= 86400 AND " WHERE, REPLICA_Q_TIME | REPLICA_Q_LOW | FITS_PARAMS | REPLICA_Q_TOPIC},
    [REPLICA_PLACE] = {"a place", "SELECT place, id, name, city, events FROM venue WHERE place = :place", REPLICA_Q_PLACE},
    [REPLICA_PLACES] = {"places", "SELECT place, id, name, city, events FROM venue INDEXED BY venue_by_name WHERE sort_key >= '' ORDER BY sort_key, place", 0},
    [REPLICA_RECORDS_NAME] = {"records by name",
        "SELECT r.ord FROM record r INDEXED BY record_by_name WHERE r.kind = :kind AND r.sort_key >= :since"
        " AND " MARKED("r") " ORDER BY r.sort_key, r.marks, r.ord", REPLICA_Q_KIND | REPLICA_Q_SINCE | REPLICA_Q_MARKS},
    [REPLICA_RECORDS_CITY] = {"records of a city",
        "SELECT r.ord FROM record r INDEXED BY record_by_city WHERE r.kind = :kind AND r.city = :city AND r.sort_key >= :since"
        " AND " MARKED("r") " AND " TOPIC_OF("r.ord") " ORDER BY r.sort_key, r.marks, r.ord",
        REPLICA_Q_KIND | REPLICA_Q_SINCE | REPLICA_Q_CITY | REPLICA_Q_TOPIC | REPLICA_Q_MARKS},
    [REPLICA_RECORDS_TOPIC] = {"records of a topic",
        "SELECT t.ord FROM record_topic t WHERE t.kind = :kind AND t.topic = :topic AND t.sort_key >= :since AND (:marks = 0 OR"
        " EXISTS (SELECT 1 FROM record r WHERE r.ord = t.ord AND " MARKED("r") ")) ORDER BY t.sort_key, t.ord",
        REPLICA_Q_KIND | REPLICA_Q_SINCE | REPLICA_Q_TOPIC | REPLICA_Q_MARKS},
    [REPLICA_RECORDS_OWNER] = {"records of a community",
        "SELECT r.ord FROM record r INDEXED BY record_by_owner WHERE r.owner = :owner AND r.owner <> '' AND r.kind = :kind"
        " AND r.sort_key >= :since AND (:city = '' OR r.city = :city) AND " MARKED("r") " AND " TOPIC_OF("r.ord") " ORDER BY r.sort_key, r.ord",
        REPLICA_Q_KIND | REPLICA_Q_SINCE | REPLICA_Q_CITY | REPLICA_Q_OWNER | REPLICA_Q_TOPIC | REPLICA_Q_MARKS},
    [REPLICA_RECORDS_TEXT] = {"records by words",
        "SELECT ord FROM (SELECT r.ord, r.sort_key FROM " MATCHES(":first", ":last", "LIMIT 5000") " CROSS JOIN record r ON r.ord = m.ord"
        " WHERE r.sort_key >= :since AND (:city = '' OR r.city = :city) AND (:owner = '' OR r.owner = :owner) AND " MARKED("r") " AND " TOPIC_OF("r.ord")
        " LIMIT 200) ORDER BY sort_key, ord",
        REPLICA_Q_TEXT | REPLICA_Q_SINCE | REPLICA_Q_CITY | REPLICA_Q_OWNER | REPLICA_Q_TOPIC | REPLICA_Q_MARKS},
    [REPLICA_PROVIDERS_NAME] = {"who offers or wants something",
        "SELECT " PROVIDER "provider p NOT INDEXED WHERE p.sort_key >= '' AND " HAS_CELLS " ORDER BY p.sort_key, p.id", REPLICA_Q_CELLS},
    [REPLICA_PROVIDERS_CITY] = {"who does in a town",
        "SELECT " PROVIDER "provider p INDEXED BY provider_by_city WHERE p.city = :city AND " HAS_CELLS " AND " TOPIC_OF("p.ord")
        " ORDER BY p.sort_key, p.id", REPLICA_Q_CITY | REPLICA_Q_CELLS | REPLICA_Q_TOPIC},
    [REPLICA_PROVIDERS_TOPIC] = {"who does for a topic",
        "SELECT " PROVIDER "record_topic t CROSS JOIN provider p INDEXED BY provider_by_ord ON p.ord = t.ord"
        " WHERE t.kind = 'community' AND t.topic = :topic AND " HAS_CELLS " ORDER BY t.sort_key, t.ord", REPLICA_Q_CELLS | REPLICA_Q_TOPIC},
    [REPLICA_PROVIDERS_TEXT] = {"who does by words",
        "SELECT " PROVIDER "(SELECT q.id FROM " MATCHES(":first", ":last", "LIMIT 500")
        " CROSS JOIN provider q INDEXED BY provider_by_ord ON q.ord = m.ord UNION SELECT r.owner AS id FROM "
        MATCHES(":resource_first", ":resource_last", "LIMIT 500") " CROSS JOIN record r ON r.ord = m.ord) f"
        " CROSS JOIN provider p INDEXED BY provider_by_id ON p.id = f.id WHERE (:city = '' OR p.city = :city) AND " HAS_CELLS
        " AND " TOPIC_OF("p.ord") " ORDER BY p.sort_key, p.id LIMIT 200",
        REPLICA_Q_TEXT | REPLICA_Q_RESOURCES | REPLICA_Q_CITY | REPLICA_Q_CELLS | REPLICA_Q_TOPIC},
};
/* clang-format on */
