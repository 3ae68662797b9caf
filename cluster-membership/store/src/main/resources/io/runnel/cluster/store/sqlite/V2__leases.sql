-- Who does what alone, and until when; and, under the name "writers", which nodes may write. Each change
-- of holder raises the epoch.
CREATE TABLE lease (
    name     TEXT    NOT NULL PRIMARY KEY,
    holder   TEXT    NOT NULL,
    epoch    INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) WITHOUT ROWID;
