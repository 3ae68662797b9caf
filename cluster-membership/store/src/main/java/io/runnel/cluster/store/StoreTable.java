package io.runnel.cluster.store;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The tables that make a store; the same in every engine. */
public enum StoreTable {
    /** What the store is. */
    STORE_FACT(1, "name", "value"),
    /** How far each origin's log is known. */
    FEED_ORIGIN(1, "origin", "log", "head_seq", "head_hash", "base_seq"),
    /** Every record. */
    FEED_RECORD(2, "origin", "seq", "log", "at_ms", "kind", "key", "record", "prev", "hash"),
    /** Which record of each key is the last one. */
    FEED_LATEST(3, "origin", "kind", "key", "seq", "deleted"),
    /** What tasks wrote. */
    TASK_LOG(1, "id", "account", "task", "request", "at_ms", "node", "text", "bytes", "kept_ms"),
    /** How many lines of each task are gone. */
    TASK_LOG_DROPPED(2, "account", "task", "lines"),
    /** How many bytes the lines take. */
    TASK_LOG_SIZE(1, "id", "bytes"),
    /** Sealed secrets. */
    KEY_SECRET(1, "key_id", "sealed"),
    /** Answers given before. */
    GIVEN_ANSWER(2, "account", "request_key", "fingerprint", "body", "at_ms"),
    /** Who does what alone, and which nodes may write. */
    LEASE(2, 1, "name", "holder", "epoch", "until_ms"),
    /** What the region's authority did. */
    AUDIT_LOG(3, 1, "seq", "entry"),
    /** What each record's origin signed of it. */
    FEED_SEAL(4, 2, "origin", "seq", "signer", "signed_ms", "live", "signature"),
    /** The sum over what stands of the own log. */
    FEED_LIVE(4, 1, "origin", "sum"),
    /** Certificates of authorities that signed. */
    FEED_AUTHORITY(4, 1, "certificate"),
    /** How far each node's spool of usage is taken. */
    USAGE_SPOOL(5, 2, "node", "boot", "mark", "run_nanos", "gaps", "first_ms", "last_ms"),
    /** What single runs took. */
    USAGE_CHUNK(5, 3, "node boot place payer first_ms last_ms entries records"),
    /** How many of those there are. */
    USAGE_SIZE(5, 1, "id", "records"),
    /** What each payer is charged for each version of a task on each day. */
    USAGE_TOTAL(
            5,
            5,
            "payer day owner task version calls failed charged_ms memory_kib_ms cpu_nanos bytes_in"
                    + " bytes_out"),
    /** Batches of usage that were not believed. */
    USAGE_QUARANTINE(5, 3, "node boot to_place from_place at_ms entries reason records"),
    /** When keys were used last. */
    KEY_USE(6, 1, "key_id", "used_ms"),
    /** Calls that run later. */
    KEPT_EVENT(
            7,
            1,
            "id kind account name qualifier source context owner task payer key_id accepted_ms runs"
                    + " waits due_ms holder claim ended_ms size payload"),
    /** How many of those each payer has. */
    KEPT_EVENT_LOAD(7, 1, "payer", "events", "bytes"),
    /** The last tick of each schedule. */
    SCHEDULE_TICK(8, 2, "account", "name", "tick_ms");

    private final int since;
    private final int keys;

    /** With blanks between them. */
    private final String columns;

    StoreTable(int keys, String... columns) {
        this(1, keys, columns);
    }

    StoreTable(int since, int keys, String... columns) {
        this.since = since;
        this.keys = keys;
        this.columns = String.join(" ", columns);
    }

    /** Those of a store of this schema. */
    static List<StoreTable> of(int schema) {
        return Arrays.stream(values()).filter(table -> table.since <= schema).toList();
    }

    /** Its columns, those of its key first. */
    public List<String> columns() {
        return List.of(columns.split(" "));
    }

    /** Those that tell its rows apart. */
    List<String> key() {
        return columns().subList(0, keys);
    }

    /** Its name in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
