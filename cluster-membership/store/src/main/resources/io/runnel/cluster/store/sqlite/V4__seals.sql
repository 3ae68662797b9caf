-- What each record's origin signed of it. Records of an older version have none.
CREATE TABLE feed_seal (
    origin    TEXT    NOT NULL,
    seq       INTEGER NOT NULL,
    signer    TEXT    NOT NULL,
    signed_ms INTEGER NOT NULL,
    live      TEXT    NOT NULL,
    signature TEXT    NOT NULL,
    PRIMARY KEY (origin, seq)
) WITHOUT ROWID;

-- The sum over what stands of the own log, from which the next one is made.
CREATE TABLE feed_live (
    origin TEXT NOT NULL PRIMARY KEY,
    sum    TEXT NOT NULL
) WITHOUT ROWID;

-- Certificates of authorities that signed, as PEM; each proves itself.
CREATE TABLE feed_authority (
    certificate TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;
