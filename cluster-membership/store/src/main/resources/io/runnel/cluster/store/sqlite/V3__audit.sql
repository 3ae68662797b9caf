-- What the region's authority certified, refused and revoked: only ever appended to. Each entry names the
-- hash of the one before it.
CREATE TABLE audit_log (
    seq   INTEGER NOT NULL PRIMARY KEY,
    entry TEXT    NOT NULL
);
CREATE TRIGGER audit_log_stays BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only appended to');
END;
CREATE TRIGGER audit_log_keeps BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'the audit log is only appended to');
END;
