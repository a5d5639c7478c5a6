/* Inside the store: the questions a list can ask, in one table, so that a test can have every one of them explained and
 * see that it walks an index. Each gives ords (records) or whole occurrence rows in the order of the list; the caller
 * stops when it has enough. */
#ifndef KIOSK_STORE_REPLICA_QUERY_H
#define KIOSK_STORE_REPLICA_QUERY_H

/* The parameters a text has. */
enum replica_param {
    REPLICA_Q_KIND = 1,
    REPLICA_Q_TOPIC = 2,
    REPLICA_Q_CITY = 4,
    REPLICA_Q_OWNER = 8,
    REPLICA_Q_TEXT = 16, /* :query, :first, :last */
    REPLICA_Q_TIME = 32, /* :from, :until */
    REPLICA_Q_LOW = 64,  /* :low, the earliest start of what lasts at most a day and is not over */
    REPLICA_Q_MARKS = 128, /* :marks */
    /* :middle, the ord of what begins at :from. Events that begin later are looked through on their own: those before,
     * which only count when they recur or last, could be too many. */
    REPLICA_Q_MIDDLE = 256,
    REPLICA_Q_ID = 512,   /* :id, of a record; with REPLICA_Q_REST of an occurrence */
    REPLICA_Q_REST = 1024, /* :start and :id of the row before, :until, :limit */
    REPLICA_Q_WHERE = 2048, /* :place, :town; 0: anywhere */
    REPLICA_Q_DAYS = 4096,  /* :first and :last, days */
    REPLICA_Q_SINCE = 8192, /* :since, the least sort_key; '' any */
    REPLICA_Q_CELLS = 16384, /* :cells, bits of which one is wanted; 0 any */
    REPLICA_Q_RESOURCES = 32768, /* :resource_first, :resource_last */
    REPLICA_Q_PLACE = 65536 /* :place, no other will do */
};

struct replica_query {
    const char *name, *text;
    unsigned params;
};

enum replica_question {
    REPLICA_EVENTS_LONG,
    REPLICA_EVENTS_ALL,
    REPLICA_EVENTS_TOPIC,
    REPLICA_EVENTS_OWNER,
    REPLICA_EVENTS_ONE,
    REPLICA_EVENTS_TEXT,
    REPLICA_REST_ALL,
    REPLICA_REST_TOPIC,
    REPLICA_OCCURRENCE,
    REPLICA_DAYS_COUNTED,
    REPLICA_DAYS_LONG,
    REPLICA_DAYS_SHORT,
    REPLICA_DAYS_TOPIC,
    REPLICA_PLACES,
    REPLICA_PLACE,
    REPLICA_RECORDS_NAME,
    REPLICA_RECORDS_CITY,
    REPLICA_RECORDS_TOPIC,
    REPLICA_RECORDS_OWNER,
    REPLICA_RECORDS_TEXT,
    REPLICA_PROVIDERS_NAME,
    REPLICA_PROVIDERS_CITY,
    REPLICA_PROVIDERS_TOPIC,
    REPLICA_PROVIDERS_TEXT,
    REPLICA_QUESTIONS
};

extern const struct replica_query replica_queries[REPLICA_QUESTIONS];

#endif
