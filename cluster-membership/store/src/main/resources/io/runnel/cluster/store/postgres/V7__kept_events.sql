-- Calls that were accepted and run later. One that is over is known for a while, without its payload.
-- The lease of a node that has one ends when it is due.
CREATE TABLE kept_event (
    id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind        TEXT COLLATE "C" NOT NULL,
    account     TEXT COLLATE "C" NOT NULL,
    name        TEXT COLLATE "C" NOT NULL,
    qualifier   TEXT COLLATE "C" NOT NULL,
    source      TEXT COLLATE "C" NOT NULL,
    context     TEXT COLLATE "C" NOT NULL,
    owner       TEXT COLLATE "C" NOT NULL,
    task        TEXT COLLATE "C" NOT NULL,
    payer       TEXT COLLATE "C" NOT NULL,
    key_id      TEXT COLLATE "C" NOT NULL,
    accepted_ms BIGINT           NOT NULL,
    runs        BIGINT           NOT NULL,
    waits       BIGINT           NOT NULL,
    due_ms      BIGINT           NOT NULL,
    holder      TEXT COLLATE "C" NOT NULL,
    claim       BIGINT           NOT NULL,
    ended_ms    BIGINT           NOT NULL,
    size        BIGINT           NOT NULL,
    payload     BYTEA            NOT NULL
);
CREATE INDEX kept_event_by_turn ON kept_event (payer, due_ms, id) WHERE ended_ms = 0;
CREATE INDEX kept_event_by_holder ON kept_event (holder) WHERE holder <> '';
CREATE INDEX kept_event_by_end ON kept_event (ended_ms) WHERE ended_ms > 0;

-- How many events of each payer are not over, and the bytes of their payloads.
CREATE TABLE kept_event_load (
    payer  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    events BIGINT           NOT NULL,
    bytes  BIGINT           NOT NULL
);
