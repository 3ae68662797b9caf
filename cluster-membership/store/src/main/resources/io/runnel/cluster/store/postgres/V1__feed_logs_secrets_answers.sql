-- What this store is: its own region, the random name of its own log.
CREATE TABLE store_fact (
    name  TEXT   NOT NULL PRIMARY KEY,
    value TEXT   NOT NULL
);

-- How far each origin's log is known. What stands at or before base_seq may have gaps: it came as
-- a snapshot.
CREATE TABLE feed_origin (
    origin    TEXT   NOT NULL PRIMARY KEY,
    log       TEXT   NOT NULL,
    head_seq  BIGINT NOT NULL,
    head_hash TEXT   NOT NULL,
    base_seq  BIGINT NOT NULL
);

-- Every record, verbatim.
CREATE TABLE feed_record (
    origin TEXT   NOT NULL,
    seq    BIGINT NOT NULL,
    log    TEXT   NOT NULL,
    at_ms  BIGINT NOT NULL,
    kind   TEXT   NOT NULL,
    key    TEXT   NOT NULL,
    record TEXT   NOT NULL,
    prev   TEXT   NOT NULL,
    hash   TEXT   NOT NULL,
    PRIMARY KEY (origin, seq)
);

-- Which record of each key is the last one.
CREATE TABLE feed_latest (
    origin  TEXT   NOT NULL,
    kind    TEXT   NOT NULL,
    key     TEXT   NOT NULL,
    seq     BIGINT NOT NULL,
    deleted BIGINT NOT NULL,
    PRIMARY KEY (origin, kind, key)
);

-- What tasks wrote to standard error. An id is never given twice, so that readers can go on.
CREATE TABLE task_log (
    id      BIGINT NOT NULL GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account TEXT   NOT NULL,
    task    TEXT   NOT NULL,
    request TEXT   NOT NULL,
    at_ms   BIGINT NOT NULL,
    node    TEXT   NOT NULL,
    text    TEXT   NOT NULL,
    bytes   BIGINT NOT NULL,
    kept_ms BIGINT NOT NULL
);
CREATE INDEX task_log_by_task ON task_log (account, task, id);

-- How many lines of each task are gone, or never came.
CREATE TABLE task_log_dropped (
    account TEXT   NOT NULL,
    task    TEXT   NOT NULL,
    lines   BIGINT NOT NULL,
    PRIMARY KEY (account, task)
);

-- One row: how many bytes the lines take.
CREATE TABLE task_log_size (
    id    BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    bytes BIGINT NOT NULL
);
INSERT INTO task_log_size (id, bytes) VALUES (1, 0);

-- Secrets of access keys, sealed before they come here.
CREATE TABLE key_secret (
    key_id TEXT   NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL
);

-- Answers to writes that may be asked again.
CREATE TABLE given_answer (
    account     TEXT   NOT NULL,
    request_key TEXT   NOT NULL,
    fingerprint TEXT   NOT NULL,
    body        TEXT   NOT NULL,
    at_ms       BIGINT NOT NULL,
    PRIMARY KEY (account, request_key)
);
CREATE INDEX given_answer_by_age ON given_answer (at_ms);
