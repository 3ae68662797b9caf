-- What the region's authority certified, refused and revoked: only ever appended to. Each entry names the
-- hash of the one before it.
CREATE TABLE audit_log (
    seq   BIGINT NOT NULL PRIMARY KEY,
    entry TEXT   NOT NULL
);
CREATE FUNCTION audit_log_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log is only appended to';
END;
$$;
CREATE TRIGGER audit_log_stays BEFORE UPDATE OR DELETE ON audit_log
    FOR EACH ROW EXECUTE FUNCTION audit_log_stays();
