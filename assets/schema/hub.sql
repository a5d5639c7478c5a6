-- hub.db: the hub's database. Written for SQLite; the same text makes the tables in PostgreSQL, with the types translated as
-- sync/hub/sql_pg.h says. What stands in a comment that begins with "pg" is for PostgreSQL alone, where several hubs write at once.
-- Truth: kiosk, enrolment, record, occurrence, seat, lease, signup, decision, oplog. Derived: change, page (they are history:
-- published numbers never change their meaning).

-- migration 1

-- epoch, lease_counter, keys_n, name, host, zone, min_client, backups (yes, no), safe_opseq (with backups only), and of a restored hub:
-- window (the epoch whose quarantine is open), window_lease (newest lease known then), window_dirty (a kiosk was reset in it).
-- Of PostgreSQL: cluster (which server: identifier/timeline), standbys, head (hash and time of the last one made).
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- One-time codes for new kiosks.
CREATE TABLE enrolment (
    code4      TEXT PRIMARY KEY,  -- first 4 symbols: the name on the wire
    code       TEXT NOT NULL,     -- whole code, the key of the MACs; kept until it expires, for a repeated request
    name       TEXT NOT NULL,     -- of the kiosk to be
    scope      TEXT NOT NULL,
    expires_at INTEGER NOT NULL,  -- Unix seconds
    faults     INTEGER NOT NULL DEFAULT 0, -- wrong MACs; 10 spoil it
    kid        TEXT               -- who used it
) WITHOUT ROWID;

CREATE TABLE kiosk (
    kid     TEXT PRIMARY KEY,
    pk      TEXT NOT NULL,        -- b64 Ed25519
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('active', 'revoked', 'gone')), -- gone: revoked, and its seats written off
    inc     INTEGER NOT NULL,     -- incarnation
    log_n   INTEGER NOT NULL,     -- last operation known of it
    log_h   TEXT NOT NULL,        -- hash of its log up to there, hex
    dn      INTEGER NOT NULL,     -- last decision number given
    inbox   INTEGER NOT NULL,     -- last decision it confirmed
    seen_at INTEGER NOT NULL,     -- Unix seconds, 0: never
    seen_seq INTEGER NOT NULL,    -- feed position it told
    made_at INTEGER NOT NULL,
    epoch   INTEGER NOT NULL,     -- newest epoch in which it spoke and held no lease unknown here
    resets  INTEGER NOT NULL DEFAULT 0, -- within a day: two are a clone's sign, and it gets no new leases
    reset_at INTEGER NOT NULL DEFAULT 0 -- Unix seconds of the first of them
) WITHOUT ROWID;

-- Where records come from: one imported file or feed each. A new import of the same source updates and withdraws.
CREATE TABLE source (
    id   INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,           -- ics, csv
    name TEXT NOT NULL UNIQUE,    -- given by --source, or the file's absolute path
    at   INTEGER NOT NULL         -- last import, Unix seconds
);

-- The newest state of each thing.
CREATE TABLE record (
    id     TEXT PRIMARY KEY,      -- UUID
    kind   TEXT NOT NULL,
    source INTEGER REFERENCES source (id),
    uid    TEXT NOT NULL,         -- the source's own name for it (iCalendar UID, the id column of CSV)
    name   TEXT NOT NULL,
    d      TEXT NOT NULL,         -- JSON as published, without subEvent for events
    ics    TEXT,                  -- events: a VCALENDAR with the VEVENTs of this UID and the zones they need; truth of its times
    live   INTEGER NOT NULL,      -- 0: withdrawn by its source
    sent   TEXT NOT NULL DEFAULT '', -- hash of what the feed last said of it (hex), '': nothing or deleted
    UNIQUE (source, uid, kind)
);
CREATE INDEX record_by_kind ON record (kind, id);

-- Times of events inside the published window. Rows with sign-ups or leases stay when the window has passed.
CREATE TABLE occurrence (
    id        TEXT PRIMARY KEY,   -- UUID from record.id and rid
    record    TEXT NOT NULL REFERENCES record (id),
    rid       TEXT NOT NULL,      -- RECURRENCE-ID in UTC basic format, '' for a single event
    start_at  INTEGER NOT NULL,   -- Unix seconds (all-day: midnight in the event's zone, else the hub's)
    end_at    INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    capacity  INTEGER NOT NULL,   -- -1: no limit
    terms     INTEGER NOT NULL,   -- rises when time or place changed
    seated    INTEGER NOT NULL DEFAULT 0 -- number of its seat rows
);
CREATE INDEX occurrence_by_record ON occurrence (record);
CREATE INDEX occurrence_by_start ON occurrence (start_at);

CREATE TABLE lease (
    lease INTEGER PRIMARY KEY,
    ev    TEXT NOT NULL REFERENCES occurrence (id),
    kid   TEXT NOT NULL REFERENCES kiosk (kid),
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    sig   TEXT NOT NULL,
    taken INTEGER NOT NULL        -- 1: the kiosk said that it holds it
);
CREATE INDEX lease_by_kid ON lease (kid, taken);
CREATE INDEX lease_by_event ON lease (ev);

CREATE TABLE seat (
    ev     TEXT NOT NULL REFERENCES occurrence (id),
    seat   INTEGER NOT NULL,      -- 1..capacity
    state  TEXT NOT NULL CHECK (state IN ('free', 'held', 'sold', 'quarantined')),
    lease  INTEGER,               -- while held, and the one it was sold under
    signup TEXT,                  -- while sold
    PRIMARY KEY (ev, seat)
) WITHOUT ROWID;
CREATE INDEX seat_by_state ON seat (ev, state);

-- Sign-ups, by arrival. The sealed box is opened only by people with the opener's key.
CREATE TABLE signup (
    arrival INTEGER PRIMARY KEY,  -- order of ingestion: the waiting list's order
    id      TEXT NOT NULL UNIQUE,
    code    TEXT NOT NULL,
    ev      TEXT NOT NULL,
    kid     TEXT NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('confirmed', 'waitlisted', 'displaced', 'event_cancelled', 'terms_changed', 'conflict', 'quarantined', 'cancelled')),
    party   INTEGER NOT NULL,
    seats   TEXT NOT NULL,        -- "19,20" or ''
    lease   INTEGER NOT NULL,
    terms   INTEGER NOT NULL,
    form    TEXT NOT NULL,
    box_key TEXT NOT NULL,        -- "x1"; '' when the box was erased after the event (retention)
    box     BLOB NOT NULL,
    claimed_at TEXT NOT NULL,     -- the kiosk's word about the time, and its quality; shown to staff, orders nothing
    quality TEXT NOT NULL,
    at      INTEGER NOT NULL      -- Unix seconds of arrival
);
CREATE INDEX signup_by_code ON signup (code);
CREATE INDEX signup_by_event ON signup (ev, state, arrival); -- the queue is walked by state

-- What each kiosk is to be told (PROTOCOL.md, 4). Kept until its inbox covers it.
CREATE TABLE decision (
    kid  TEXT NOT NULL,
    dn   INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (kid, dn)
) WITHOUT ROWID;

-- Every operation ever taken, in order: what a restore is checked against.
CREATE TABLE oplog (
    opseq INTEGER PRIMARY KEY,
    kid   TEXT NOT NULL,
    inc   INTEGER NOT NULL,
    n     INTEGER NOT NULL,
    kind  TEXT NOT NULL,
    ref   TEXT NOT NULL,          -- id of the sign-up or occurrence
    at    INTEGER NOT NULL
);

-- The published log. Dense, in commit order, never rewritten.
CREATE TABLE change (
    seq  INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    line TEXT NOT NULL            -- the item's very line, without LF
);
CREATE INDEX change_by_kind ON change (kind, seq);
CREATE INDEX change_by_id ON change (id, seq);

-- Sealed pages and index files: the bytes that are served.
CREATE TABLE page (
    what TEXT NOT NULL,           -- page, index
    n    INTEGER NOT NULL,
    hash TEXT NOT NULL,           -- hex, of the uncompressed bytes
    zst  BLOB NOT NULL,
    PRIMARY KEY (what, n, hash)
) WITHOUT ROWID;

/*pg
-- Changes of the feed that have no number yet. One hub at a time, the sequencer, numbers what is committed and moves it to change
-- (feed_stage.c says why nothing can be missed).
CREATE TABLE staged (
    n    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- order among those of one record
    kind TEXT NOT NULL,
    id   TEXT NOT NULL,
    d    TEXT                     -- JSON, NULL: deleted
);
-- Decisions for kiosks that have no number yet: who answers the kiosk, and holds its row, gives them one and moves them to decision.
CREATE TABLE posted (
    n    BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kid  TEXT NOT NULL,
    body TEXT NOT NULL            -- as in decision, with the number 0
);
CREATE INDEX posted_by_kiosk ON posted (kid, n);
-- Fences: drawn while the event's row is held, so they rise for each seat.
CREATE SEQUENCE lease_counter;
-- On the wire an operation's opseq is its transaction's number: all below the oldest transaction under way are decided.
ALTER TABLE oplog ADD COLUMN xid BIGINT NOT NULL DEFAULT CAST(CAST(pg_current_xact_id() AS TEXT) AS BIGINT);
CREATE INDEX oplog_by_transaction ON oplog (xid);
CREATE INDEX oplog_by_kiosk ON oplog (kid, xid);
-- Functions that SQLite has under these names.
CREATE FUNCTION max(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE AS 'SELECT greatest($1, $2)';
CREATE FUNCTION min(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE AS 'SELECT least($1, $2)';
CREATE FUNCTION ifnull(BIGINT, BIGINT) RETURNS BIGINT LANGUAGE SQL IMMUTABLE AS 'SELECT coalesce($1, $2)';
CREATE FUNCTION ifnull(TEXT, TEXT) RETURNS TEXT LANGUAGE SQL IMMUTABLE AS 'SELECT coalesce($1, $2)';
*/

-- migration 2

-- What is still to be erased some days after its event.
CREATE INDEX signup_to_erase ON signup (ev) WHERE box_key <> '';

-- migration 3

-- Snapshots that may be asked for (PROTOCOL.md, 3); their files lie in DATA/snapshots/. Derived: made anew from the pages when lost.
-- meta has besides: min_page (pages below are no longer kept).
CREATE TABLE snapshot (
    epoch       INTEGER NOT NULL,
    seq         INTEGER NOT NULL, -- it holds the changes 1..seq
    page        INTEGER NOT NULL, -- which are pages 1..page
    hash        TEXT NOT NULL,    -- of the compressed file, hex
    chain       TEXT NOT NULL,    -- hash of that page
    bytes       INTEGER NOT NULL, -- compressed
    size        INTEGER NOT NULL, -- uncompressed
    pages_bytes INTEGER NOT NULL, -- of pages 1..page, compressed
    schema      INTEGER NOT NULL, -- user_version of the file
    zone        TEXT NOT NULL,    -- of its days
    made_at     INTEGER NOT NULL, -- Unix seconds
    PRIMARY KEY (epoch, seq, hash)
) WITHOUT ROWID;

-- migration 4

-- How often somebody behind it was seated while it waited: a group is passed over only so often (PROTOCOL.md, 5).
ALTER TABLE signup ADD COLUMN passed INTEGER NOT NULL DEFAULT 0;
-- Seconds it is expected to say nothing: the longest gap between two batches lately. A day until more is known.
ALTER TABLE kiosk ADD COLUMN silence INTEGER NOT NULL DEFAULT 86400;
-- Where it stands, as enrol was told (folded, '' unknown): occurrences with few seats are leased only to their home kiosks.
ALTER TABLE kiosk ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE kiosk ADD COLUMN city TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN place TEXT NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN city TEXT NOT NULL DEFAULT '';
-- Events: the same two of where they take place. NULL: not read from d yet; whoever changes d sets it.
ALTER TABLE record ADD COLUMN place TEXT;
ALTER TABLE record ADD COLUMN city TEXT;
CREATE INDEX record_to_place ON record (id) WHERE place IS NULL AND kind = 'event';

-- migration 5

-- What was asked for at a kiosk lately: the size of its blocks.
CREATE INDEX signup_by_kiosk ON signup (kid, at);

-- migration 6

-- Cancellations of sign-ups that are not here. After a restore one may come again before its sign-up does.
CREATE TABLE early_cancel (
    id   TEXT NOT NULL,           -- of the sign-up
    code TEXT NOT NULL,           -- as it was given: without the right one it counts for nothing
    at   INTEGER NOT NULL,        -- Unix seconds
    PRIMARY KEY (id, code)
);
