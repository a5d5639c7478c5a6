-- ledger.db: what people did at this kiosk. It can never be rebuilt: WAL, synchronous FULL, one transaction per act of a person.
-- No row holds a readable name, telephone or address: those are sealed to the hub's key before they come here.

-- migration 1

-- Facts about this kiosk and its exchange. One row per name:
--   hub (URL), kid, name, scope, host (for the QR), root (b64), keys_n, keys (the key document's text), safe_opseq,
--   proof, mark (what the hub signed of itself in a reply and in a head, shown to it with each batch),
--   inc (incarnation), epoch, ack_n (last operation the hub has), inbox (last decision number stored), contact_at, contact_try_at, contact_fault (a short code),
--   line (the way to the network as the system reports it, "wire eth0", "radio 60 NAME"),
--   clock ("BOOT OFFSET": begin of the boot id, and what to add to the boot-time clock in ms to have the time of the hub),
--   anchor_lost ("1": the file was salvaged, its log may have holes; nothing is sold until the hub gave a new incarnation),
--   suspect ("1": the screens met a damaged replica; kiosk-sync checks and refetches), printer (state word), printer_at,
--   carried (nonce of the newest message that went by stick, while none was made for the line since), carry_ops (operations in a batch by stick),
--   stick ("STATE FAULT SENT ITEMS ANSWERED NEWS AT": a USB stick, for the staff page), stick_ask ("1": the staff page wants it used).
CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- The log: operations in the order of this incarnation, hash-chained. Written together with the act it tells.
-- Kept until the hub's safe_opseq covers it (PROTOCOL.md, 4); the last one always stays (without its body, then): the next is
-- chained to it.
CREATE TABLE op (
    n      INTEGER PRIMARY KEY, -- 1, 2, 3 ...
    kind   TEXT NOT NULL,       -- signup, cancel, return, want, find
    signup TEXT,                -- signup.id it is about
    body   TEXT NOT NULL,       -- the very line that is sent, without LF
    h      TEXT NOT NULL,       -- hash of the log up to and with this line, hex
    opseq  INTEGER              -- the hub's number it was acknowledged under; NULL: not acknowledged; -1: set aside, see below
);
-- An operation the hub cannot read is set aside (opseq -1), never deleted; in a new incarnation it gets a negative n.

-- A sign-up, seen from the paper: everything that a ticket shows. Also those made at other kiosks and asked for here (mine = 0).
CREATE TABLE signup (
    id         TEXT PRIMARY KEY,  -- UUID version 7, made here, permanent
    code       TEXT NOT NULL,     -- 10 symbols (ticket/code.h)
    event      TEXT NOT NULL,     -- occurrence id; of a request the resource's
    state      TEXT NOT NULL CHECK (state IN ('asking', 'confirmed', 'waiting', 'displaced', 'event_cancelled', 'terms_changed', 'conflict', 'quarantined', 'cancelled')),
    party      INTEGER NOT NULL,  -- people, 1..20
    seats      TEXT NOT NULL,     -- "19,20" or ''
    lease      INTEGER NOT NULL,  -- lease the seats are from, 0: none
    pos        INTEGER NOT NULL,  -- place in the waiting list, 0: unknown
    terms      INTEGER NOT NULL,
    facts      TEXT NOT NULL,     -- JSON printed on the paper: {"title","place","address","start","end","allDay","tz","organizer"}, of a request "request" too ("offer", "want"): public content only
    token      BLOB,              -- 99 signed bytes (ticket/token.h), NULL when made elsewhere
    lang       TEXT NOT NULL,     -- language the person used
    mine       INTEGER NOT NULL,  -- 1: made at this kiosk
    created_at INTEGER NOT NULL,  -- Unix seconds as this kiosk believed
    quality    TEXT NOT NULL,     -- clock quality then
    ends_at    INTEGER NOT NULL   -- end of the event: forgotten 30 days later
);
CREATE INDEX signup_by_code ON signup (code);

-- Seats this kiosk may sell without asking, given by the hub's signed leases.
CREATE TABLE lease (
    lease INTEGER PRIMARY KEY, -- number, the fence
    event TEXT NOT NULL,
    first INTEGER NOT NULL,
    last  INTEGER NOT NULL,
    terms INTEGER NOT NULL,
    sig   TEXT NOT NULL,       -- b64, kept as the proof
    told  INTEGER NOT NULL,    -- 1: the hub has answered a batch whose "held" named it
    held  INTEGER NOT NULL     -- 0: dropped. The row stays, so that the same lease is never taken twice
);
CREATE INDEX lease_by_event ON lease (event, lease);
CREATE TABLE stock (
    event TEXT NOT NULL,
    seat  INTEGER NOT NULL,
    lease INTEGER NOT NULL REFERENCES lease (lease),
    PRIMARY KEY (event, seat)
) WITHOUT ROWID;

-- What the hub told, in its order; applied to signup in the transaction that stores it.
CREATE TABLE decision (
    dn   INTEGER PRIMARY KEY,
    body TEXT NOT NULL
);

-- Answers to "find": what the hub said of codes from elsewhere.
CREATE TABLE found (
    code  TEXT PRIMARY KEY,
    state TEXT NOT NULL,       -- asked, ticket (then a signup row with mine = 0 exists), unknown
    at    INTEGER NOT NULL     -- Unix seconds
) WITHOUT ROWID;

-- Paper to be printed, by kiosk-print, oldest first. Without an index: the rows are few (30 days) and short, and each index is one more
-- page to write in the transaction that a person waits for.
CREATE TABLE job (
    id       INTEGER PRIMARY KEY,
    kind     TEXT NOT NULL,    -- ticket, test, slip
    signup   TEXT REFERENCES signup (id),
    state    TEXT NOT NULL CHECK (state IN ('queued', 'printing', 'printed', 'unsure', 'cancelled')),
    fault    TEXT NOT NULL,    -- why it waits: '', paper, cover, offline, stalled, error
    hold_ms  INTEGER NOT NULL, -- do not begin before this moment (Unix ms), unless the sign-up is no longer 'asking'
    lang     TEXT NOT NULL,
    tries    INTEGER NOT NULL DEFAULT 0,
    made_at  INTEGER NOT NULL,
    done_at  INTEGER
);

-- migration 2

-- Unix seconds as this kiosk believed when the lease came, 0: unknown. What does not sell for a while goes back.
ALTER TABLE lease ADD COLUMN got_at INTEGER NOT NULL DEFAULT 0;

-- migration 3

-- What is to be printed when it is no ticket (kind 'slip'): an article, a reminder. JSON (kiosk/store/slip.h): published content only,
-- nothing of a person; '' once it is on paper.
ALTER TABLE job ADD COLUMN slip TEXT NOT NULL DEFAULT '';
