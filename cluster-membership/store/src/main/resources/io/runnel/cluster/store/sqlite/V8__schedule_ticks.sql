-- The last tick of each schedule of which an event was kept.
CREATE TABLE schedule_tick (
    account TEXT    NOT NULL,
    name    TEXT    NOT NULL,
    tick_ms INTEGER NOT NULL,
    PRIMARY KEY (account, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX schedule_tick_by_age ON schedule_tick (tick_ms);
