-- When an access key of an account of this region was used last.
CREATE TABLE key_use (
    key_id  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    used_ms BIGINT           NOT NULL
);
CREATE INDEX key_use_by_age ON key_use (used_ms);
