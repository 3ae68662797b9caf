package io.runnel.cluster.store;

import io.runnel.routing.catalog.RecordSeals;

import java.util.List;

/** Certificates of authorities that signed records, as PEM. Each method is one step. */
final class AuthorityTable {
    private final Database database;

    AuthorityTable(Database database) {
        this.database = database;
    }

    List<String> all() {
        return database.list(
                row -> row.getString(1),
                "SELECT certificate FROM feed_authority ORDER BY certificate LIMIT ?",
                RecordSeals.MOST_AUTHORITIES);
    }

    /** Those that there is no more room for are left out. */
    void keep(List<String> certificates) {
        for (String certificate : certificates) {
            database.update(
                    "INSERT INTO feed_authority (certificate) SELECT CAST(? AS TEXT) WHERE (SELECT"
                            + " count(*) FROM feed_authority) < ? ON CONFLICT DO NOTHING",
                    certificate,
                    RecordSeals.MOST_AUTHORITIES);
        }
    }
}
