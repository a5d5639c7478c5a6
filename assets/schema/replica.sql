-- replica.db: what the hub published, as one kiosk keeps it.
-- Written by kiosk-sync alone, read by the screens. Everything here can be fetched again: when the file is damaged it is
-- moved aside and built anew from the feed. `record` and `occurrence` are the truth of this file; the other tables follow from them.

-- migration 1

-- Where this replica stands. One row per name:
-- scope, epoch, seq (last applied change), page (last sealed page applied), chain (hash of that page, hex),
-- head_etag, head_time (hub's time of the last head, Unix seconds), checked_at (when kiosk-sync last heard from the hub),
-- zone (in a snapshot: the zone in which its days were reckoned).
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One thing the hub published: a community, an event, an article ...
CREATE TABLE record (
    ord      INTEGER PRIMARY KEY, -- order on the screen and in the search: kind << 56 | key << 24 | tie; see replica_ord()
    id       TEXT NOT NULL UNIQUE,-- UUID given by the hub; of a topic its word ("health")
    kind     TEXT NOT NULL,       -- "event", "community", ... (PROTOCOL.md, 8)
    seq      INTEGER NOT NULL,    -- change number; a later put replaces only an earlier one
    name     TEXT NOT NULL,       -- sanitised, in its own language
    sort_key TEXT NOT NULL,       -- text_sort_key(name): binary order is the order people expect; of calls validThrough and a space before it
    city     TEXT NOT NULL,       -- addressLocality or ''
    owner    TEXT NOT NULL,       -- organizer or provider: id of the community it belongs to, or ''; of resources without one see provider.id
    d        TEXT NOT NULL        -- the item's "d" as JSON, every text in it sanitised; of events without subEvent (see occurrence)
);
CREATE INDEX record_by_name ON record (kind, sort_key);
CREATE INDEX record_by_city ON record (kind, city, sort_key);
CREATE INDEX record_by_owner ON record (owner, kind) WHERE owner <> '';

-- The topics of a record, in name order: for lists filtered by topic (communities, articles).
CREATE TABLE record_topic (
    kind     TEXT NOT NULL,
    topic    TEXT NOT NULL,       -- id of a topic record
    sort_key TEXT NOT NULL,
    ord      INTEGER NOT NULL,
    PRIMARY KEY (kind, topic, sort_key, ord)
) WITHOUT ROWID;

-- One time an event takes place. A person signs up for one of these.
CREATE TABLE occurrence (
    id        TEXT PRIMARY KEY,   -- UUID; `ev` on the wire
    ord       INTEGER NOT NULL,   -- its event's record
    start_at  INTEGER NOT NULL,   -- Unix seconds; of an all-day event midnight in the centre's zone
    end_at    INTEGER NOT NULL,   -- Unix seconds, exclusive; >= start_at
    day       INTEGER NOT NULL,   -- days since 1970-01-01 of start in the centre's zone
    last_day  INTEGER NOT NULL,   -- the same of the last moment (several-day events)
    free      INTEGER NOT NULL,   -- 1: costs nothing
    cancelled INTEGER NOT NULL,   -- 1: called off (it stays on the list and says so)
    full      INTEGER NOT NULL,   -- 1: the hub has no free seat (a queue is open)
    terms     INTEGER NOT NULL    -- the number that rises when this time or its place changes; leases and sign-ups carry it
) WITHOUT ROWID;
CREATE INDEX occurrence_by_start ON occurrence (start_at, id);
CREATE INDEX occurrence_by_event ON occurrence (ord, start_at);
CREATE INDEX occurrence_free ON occurrence (start_at, id) WHERE free = 1;
-- What lasts longer than a day (exhibitions): few, so that an agenda finds what began long ago without reading what is over: the
-- index tells.
CREATE INDEX occurrence_long ON occurrence (start_at, id, end_at) WHERE end_at - start_at > 86400;

-- The agenda of one topic.
CREATE TABLE occurrence_topic (
    topic    TEXT NOT NULL,
    start_at INTEGER NOT NULL,
    id       TEXT NOT NULL,       -- occurrence.id
    ord      INTEGER NOT NULL,
    PRIMARY KEY (topic, start_at, id)
) WITHOUT ROWID;

-- Search by the beginnings of words. rowid is record.ord, so that ORDER BY rowid is what people want first and no ranking runs.
-- `text` is the words (replica_search.h) of name, owner's and place's names, city, description and articleBody in all languages: lower
-- case, ё as е. It holds no copy of the text (content=''); a deletion gives the old text again, made anew from record.d.
CREATE VIRTUAL TABLE search USING fts5 (
    text, content='', columnsize=0, detail=none, prefix='2 3 4', tokenize="unicode61 remove_diacritics 0"
);

-- migration 2

-- "Sosr": a file that came as a snapshot is known by it before anything in it is read.
PRAGMA application_id = 0x536f7372;

-- migration 3

-- What is asked for beside topic, town and words, one bit each (kiosk/store/marks.h). These columns and the tables venue and day_count
-- follow from the rest; meta `marks` is the version they were computed by, and kiosk-sync computes them anew when it is not its own.
ALTER TABLE record ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;

-- The times anew, in the order in which they are walked through: whatever an agenda filters by is read without another look-up.
ALTER TABLE occurrence RENAME TO occurrence_before;
CREATE TABLE occurrence (
    start_at  INTEGER NOT NULL,   -- Unix seconds; of an all-day event midnight in the centre's zone
    id        TEXT NOT NULL,      -- UUID; `ev` on the wire
    ord       INTEGER NOT NULL,   -- its event's record
    end_at    INTEGER NOT NULL,   -- Unix seconds, exclusive; >= start_at
    day       INTEGER NOT NULL,   -- days since 1970-01-01 of start in the centre's zone
    last_day  INTEGER NOT NULL,   -- the same of the last moment (several-day events)
    marks     INTEGER NOT NULL,   -- its event's, and the weekdays it takes place on
    place     INTEGER NOT NULL,   -- venue.place; 0: nobody said where
    city      INTEGER NOT NULL,   -- a number made from its addressLocality; 0: none
    moved_at  INTEGER NOT NULL,   -- Unix seconds at which it would have begun before it was moved; 0: it was not
    shift     INTEGER NOT NULL,   -- minutes by which the organiser's clock is ahead of the centre's at its start
    waiting   INTEGER NOT NULL,   -- people in the queue at the hub
    cancelled INTEGER NOT NULL,   -- 1: called off (it stays on the list and says so)
    full      INTEGER NOT NULL,   -- 1: the hub has no free seat (a queue is open)
    terms     INTEGER NOT NULL,   -- the number that rises when this time or its place changes; leases and sign-ups carry it
    PRIMARY KEY (start_at, id)
) WITHOUT ROWID;
INSERT INTO occurrence SELECT start_at, id, ord, end_at, day, last_day, free, 0, 0, 0, 0, 0, cancelled, full, terms
    FROM occurrence_before ORDER BY start_at, id;
DROP TABLE occurrence_before;
CREATE UNIQUE INDEX occurrence_by_id ON occurrence (id);
CREATE INDEX occurrence_by_event ON occurrence (ord, start_at);
-- What lasts longer than a day (exhibitions): few, so that an agenda finds what began long ago without reading what is over: the
-- index tells.
CREATE INDEX occurrence_long ON occurrence (start_at, id, end_at) WHERE end_at - start_at > 86400;

-- Where events take place, to choose from.
CREATE TABLE venue (
    place    INTEGER PRIMARY KEY, -- a number made from the place's id, or from its name and town
    id       TEXT NOT NULL,       -- of a place record, or ''
    name     TEXT NOT NULL,
    city     TEXT NOT NULL,       -- or ''
    sort_key TEXT NOT NULL,       -- text_sort_key(name)
    events   INTEGER NOT NULL     -- with a time
);
CREATE INDEX venue_by_name ON venue (sort_key, place);

-- How much takes place on a day, for the month at a glance: times of at most a day, each day they touch. What lasts longer is few and
-- counted when it is asked for. Rows with nothing may stay.
CREATE TABLE day_count (
    topic TEXT NOT NULL,          -- '' all
    day   INTEGER NOT NULL,       -- days since 1970-01-01 in the centre's zone
    times INTEGER NOT NULL,
    PRIMARY KEY (topic, day)
) WITHOUT ROWID;

-- migration 4

-- Calls are listed by the day that ends them: it stands before the name in their sort key. (Their ord, which only tells which of
-- many are found first, follows when they are written the next time.)
UPDATE record SET sort_key = CASE WHEN json_extract(d, '$.validThrough') GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'
    THEN json_extract(d, '$.validThrough') ELSE '9999' END || ' ' || sort_key WHERE kind = 'call';
UPDATE record_topic SET sort_key = (SELECT r.sort_key FROM record r WHERE r.ord = record_topic.ord) WHERE kind = 'call';

-- migration 5

-- Who offers or wants something, in the order of names: a row for each community with at least one resource, so that the table of
-- communities and kinds is walked without reading the resources. It and provider_cell follow from record.
CREATE TABLE provider (
    sort_key TEXT NOT NULL,       -- of the community's record, or text_sort_key(name) where there is none
    id       TEXT NOT NULL,       -- record.owner of its resources: the community's id, or '~' and a number made from its name
    ord      INTEGER NOT NULL,    -- the community's record, 0: none here
    name     TEXT NOT NULL,       -- in its own language
    city     TEXT NOT NULL,       -- the community's, or ''
    cells    INTEGER NOT NULL,    -- bit n: provider_cell has the cell n
    PRIMARY KEY (sort_key, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX provider_by_id ON provider (id);
CREATE INDEX provider_by_ord ON provider (ord);
CREATE INDEX provider_by_city ON provider (city, sort_key, id, cells);
CREATE TABLE provider_cell (
    id    TEXT NOT NULL,          -- provider.id
    cell  INTEGER NOT NULL,       -- 2 * kind (0 room, 1 equipment, 2 skill, 3 transport, 4 volunteers), one more when it is wanted
    times INTEGER NOT NULL,       -- resources, at least one
    PRIMARY KEY (id, cell)
) WITHOUT ROWID;

-- migration 6

-- Lists by name and of a town that are narrowed by marks: the index alone tells which records they hold.
DROP INDEX record_by_name;
DROP INDEX record_by_city;
CREATE INDEX record_by_name ON record (kind, sort_key, marks);
CREATE INDEX record_by_city ON record (kind, city, sort_key, marks);

-- migration 7

-- The marks of its occurrence: the agenda of a topic with other wishes passes over what has them not without reading it. Follows from
-- occurrence, as do the other marks.
ALTER TABLE occurrence_topic ADD COLUMN marks INTEGER NOT NULL DEFAULT 0;
