-- The last tick of each schedule of which an event was kept.
CREATE TABLE schedule_tick (
    account TEXT COLLATE "C" NOT NULL,
    name    TEXT COLLATE "C" NOT NULL,
    tick_ms BIGINT           NOT NULL,
    PRIMARY KEY (account, name)
);
CREATE INDEX schedule_tick_by_age ON schedule_tick (tick_ms);
