-- Tables with sums are STRICT: one too large for an integer is a failure, not a rounded number.

-- How far each spool of a node is taken, and what was taken of it.
CREATE TABLE usage_spool (
    node      TEXT    NOT NULL,
    boot      TEXT    NOT NULL,
    mark      INTEGER NOT NULL,
    run_nanos INTEGER NOT NULL,
    gaps      INTEGER NOT NULL,
    first_ms  INTEGER NOT NULL,
    last_ms   INTEGER NOT NULL,
    PRIMARY KEY (node, boot)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_spool_by_age ON usage_spool (last_ms);

-- Single records, for a month: what one batch says of one payer is a row, as it came.
CREATE TABLE usage_chunk (
    node     TEXT    NOT NULL,
    boot     TEXT    NOT NULL,
    place    INTEGER NOT NULL,
    payer    TEXT    NOT NULL,
    first_ms INTEGER NOT NULL,
    last_ms  INTEGER NOT NULL,
    entries  INTEGER NOT NULL,
    records  BLOB    NOT NULL,
    PRIMARY KEY (node, boot, place)
) STRICT;
CREATE INDEX usage_chunk_by_payer ON usage_chunk (payer, first_ms, node, boot, place);
CREATE INDEX usage_chunk_by_age ON usage_chunk (last_ms);

-- One row: how many single records there are.
CREATE TABLE usage_size (
    id      INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    records INTEGER NOT NULL
);
INSERT INTO usage_size (id, records) VALUES (1, 0);

-- What is charged. The day is in UTC, counted from 1970-01-01. The order of the keys is the one in
-- which totals are told.
CREATE TABLE usage_total (
    payer         TEXT    NOT NULL,
    day           INTEGER NOT NULL,
    owner         TEXT    NOT NULL,
    task          TEXT    NOT NULL,
    version       INTEGER NOT NULL,
    calls         INTEGER NOT NULL,
    failed        INTEGER NOT NULL,
    charged_ms    INTEGER NOT NULL,
    memory_kib_ms INTEGER NOT NULL,
    cpu_nanos     INTEGER NOT NULL,
    bytes_in      INTEGER NOT NULL,
    bytes_out     INTEGER NOT NULL,
    PRIMARY KEY (payer, day, owner, task, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_total_by_owner ON usage_total (owner, day, task, version, payer);
CREATE INDEX usage_total_by_age ON usage_total (day);

-- Batches that were not believed, for an operator: counted nowhere. Each line of records is one,
-- with a tab between its values: place, id, ended_ms, payer, key, owner, task, version, home, start,
-- outcome, nanoseconds to start, to run and of a processor, bytes of memory, in and out.
CREATE TABLE usage_quarantine (
    node       TEXT    NOT NULL,
    boot       TEXT    NOT NULL,
    to_place   INTEGER NOT NULL,
    from_place INTEGER NOT NULL,
    at_ms      INTEGER NOT NULL,
    entries    INTEGER NOT NULL,
    reason     TEXT    NOT NULL,
    records    TEXT    NOT NULL,
    PRIMARY KEY (node, boot, to_place)
);
CREATE INDEX usage_quarantine_by_age ON usage_quarantine (at_ms, node, boot, to_place);
