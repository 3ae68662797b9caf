-- What each record's origin signed of it. Records of an older version have none.
CREATE TABLE feed_seal (
    origin    TEXT   NOT NULL,
    seq       BIGINT NOT NULL,
    signer    TEXT   NOT NULL,
    signed_ms BIGINT NOT NULL,
    live      TEXT   NOT NULL,
    signature TEXT   NOT NULL,
    PRIMARY KEY (origin, seq)
);

-- The sum over what stands of the own log, from which the next one is made.
CREATE TABLE feed_live (
    origin TEXT NOT NULL PRIMARY KEY,
    sum    TEXT NOT NULL
);

-- Certificates of authorities that signed, as PEM; each proves itself.
CREATE TABLE feed_authority (
    certificate TEXT NOT NULL PRIMARY KEY
);

-- A node of an older version, which signs nothing, writes no more from now on.
ALTER TABLE feed_record ADD CONSTRAINT feed_record_sealed FOREIGN KEY (origin, seq)
    REFERENCES feed_seal (origin, seq) DEFERRABLE INITIALLY DEFERRED NOT VALID;
