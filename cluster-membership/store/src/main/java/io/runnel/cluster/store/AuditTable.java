package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.util.List;

/** The audit log in its table. Each method is one step of its caller's transaction. */
final class AuditTable {
    private final Database database;

    AuditTable(Database database) {
        this.database = database;
    }

    void append(long seq, String entry) {
        long last =
                database.first(
                                row -> row.getLong(1),
                                "SELECT seq FROM audit_log ORDER BY seq DESC LIMIT 1")
                        .orElse(0L);
        if (seq != last + 1) {
            throw new StoreException(
                    Code.CONFLICT, "the audit log ends at %d, not before %d".formatted(last, seq));
        }
        database.update("INSERT INTO audit_log (seq, entry) VALUES (?, ?)", seq, entry);
    }

    List<String> read(long afterSeq, int limit) {
        return database.list(
                row -> row.getString(1),
                "SELECT entry FROM audit_log WHERE seq > ? ORDER BY seq LIMIT " + limit,
                afterSeq);
    }
}
