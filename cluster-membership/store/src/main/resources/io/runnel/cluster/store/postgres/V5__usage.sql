-- How far each spool of a node is taken, and what was taken of it.
CREATE TABLE usage_spool (
    node      TEXT COLLATE "C" NOT NULL,
    boot      TEXT COLLATE "C" NOT NULL,
    mark      BIGINT           NOT NULL,
    run_nanos BIGINT           NOT NULL,
    gaps      BIGINT           NOT NULL,
    first_ms  BIGINT           NOT NULL,
    last_ms   BIGINT           NOT NULL,
    PRIMARY KEY (node, boot)
);
CREATE INDEX usage_spool_by_age ON usage_spool (last_ms);

-- Single records, for a month: what one batch says of one payer is a row, as it came.
CREATE TABLE usage_chunk (
    node     TEXT COLLATE "C" NOT NULL,
    boot     TEXT COLLATE "C" NOT NULL,
    place    BIGINT           NOT NULL,
    payer    TEXT COLLATE "C" NOT NULL,
    first_ms BIGINT           NOT NULL,
    last_ms  BIGINT           NOT NULL,
    entries  BIGINT           NOT NULL,
    records  BYTEA            NOT NULL,
    PRIMARY KEY (node, boot, place)
);
CREATE INDEX usage_chunk_by_payer ON usage_chunk (payer, first_ms, node, boot, place);
CREATE INDEX usage_chunk_by_age ON usage_chunk (last_ms);

-- One row: how many single records there are.
CREATE TABLE usage_size (
    id      BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    records BIGINT NOT NULL
);
INSERT INTO usage_size (id, records) VALUES (1, 0);

-- What is charged. The day is in UTC, counted from 1970-01-01. The order of the keys is the one in
-- which totals are told. With room in its pages a row is changed in place.
CREATE TABLE usage_total (
    payer         TEXT COLLATE "C" NOT NULL,
    day           BIGINT           NOT NULL,
    owner         TEXT COLLATE "C" NOT NULL,
    task          TEXT COLLATE "C" NOT NULL,
    version       BIGINT           NOT NULL,
    calls         BIGINT           NOT NULL,
    failed        BIGINT           NOT NULL,
    charged_ms    BIGINT           NOT NULL,
    memory_kib_ms BIGINT           NOT NULL,
    cpu_nanos     BIGINT           NOT NULL,
    bytes_in      BIGINT           NOT NULL,
    bytes_out     BIGINT           NOT NULL,
    PRIMARY KEY (payer, day, owner, task, version)
) WITH (fillfactor = 70);
CREATE INDEX usage_total_by_owner ON usage_total (owner, day, task, version, payer);
CREATE INDEX usage_total_by_age ON usage_total (day);

-- Batches that were not believed, for an operator: counted nowhere. Each line of records is one,
-- with a tab between its values: place, id, ended_ms, payer, key, owner, task, version, home, start,
-- outcome, nanoseconds to start, to run and of a processor, bytes of memory, in and out.
CREATE TABLE usage_quarantine (
    node       TEXT COLLATE "C" NOT NULL,
    boot       TEXT COLLATE "C" NOT NULL,
    to_place   BIGINT           NOT NULL,
    from_place BIGINT           NOT NULL,
    at_ms      BIGINT           NOT NULL,
    entries    BIGINT           NOT NULL,
    reason     TEXT COLLATE "C" NOT NULL,
    records    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (node, boot, to_place)
);
CREATE INDEX usage_quarantine_by_age ON usage_quarantine (at_ms, node, boot, to_place);
