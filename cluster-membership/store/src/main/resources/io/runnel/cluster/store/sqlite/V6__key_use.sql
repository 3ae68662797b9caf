-- When an access key of an account of this region was used last.
CREATE TABLE key_use (
    key_id  TEXT    NOT NULL PRIMARY KEY,
    used_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX key_use_by_age ON key_use (used_ms);
