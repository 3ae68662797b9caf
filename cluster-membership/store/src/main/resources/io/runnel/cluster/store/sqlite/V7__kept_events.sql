-- Calls that were accepted and run later. One that is over is known for a while, without its payload.
-- The lease of a node that has one ends when it is due.
CREATE TABLE kept_event (
    id          TEXT    NOT NULL PRIMARY KEY,
    kind        TEXT    NOT NULL,
    account     TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    qualifier   TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    context     TEXT    NOT NULL,
    owner       TEXT    NOT NULL,
    task        TEXT    NOT NULL,
    payer       TEXT    NOT NULL,
    key_id      TEXT    NOT NULL,
    accepted_ms INTEGER NOT NULL,
    runs        INTEGER NOT NULL,
    waits       INTEGER NOT NULL,
    due_ms      INTEGER NOT NULL,
    holder      TEXT    NOT NULL,
    claim       INTEGER NOT NULL,
    ended_ms    INTEGER NOT NULL,
    size        INTEGER NOT NULL,
    payload     BLOB    NOT NULL
) STRICT;
CREATE INDEX kept_event_by_turn ON kept_event (payer, due_ms, id) WHERE ended_ms = 0;
CREATE INDEX kept_event_by_holder ON kept_event (holder) WHERE holder <> '';
CREATE INDEX kept_event_by_end ON kept_event (ended_ms) WHERE ended_ms > 0;

-- How many events of each payer are not over, and the bytes of their payloads.
CREATE TABLE kept_event_load (
    payer  TEXT    NOT NULL PRIMARY KEY,
    events INTEGER NOT NULL,
    bytes  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
