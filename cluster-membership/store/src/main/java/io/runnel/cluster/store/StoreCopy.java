package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;

import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;

/**
 * Reads and fills a store's tables as a whole, by statements that all engines understand. Reads
 * page by page behind the last key, so that a store of any size takes little memory.
 */
final class StoreCopy {
    private static final int PAGE_ROWS = 500;

    private StoreCopy() {}

    /** Reads everything as it stands at one moment. */
    static StoreSummary read(Database database, int schema, StoreRows rows) {
        return database.reading(
                () -> {
                    StoreSummary summary = summary(database, schema);
                    for (StoreTable table : StoreTable.of(schema)) {
                        read(database, table, rows);
                    }
                    return summary;
                });
    }

    /**
     * What the tables say.
     *
     * @throws StoreException if they do not make a store
     */
    static StoreSummary summary(Database database, int schema) {
        RegionId origin = new RegionId(fact(database, "origin"));
        try {
            return new StoreSummary(
                    origin,
                    fact(database, "log"),
                    schema,
                    catalog(new FeedTables(database, origin, schema)));
        } catch (CatalogException e) {
            throw StoreException.damaged(database.engine().name() + ": " + e.getMessage(), e);
        }
    }

    /** What all origins' records make; whoever opens the store checks their signatures. */
    private static Catalog catalog(FeedTables feed) {
        Catalog catalog = Catalog.EMPTY;
        for (RegionId origin : feed.origins()) {
            catalog = catalog.withSnapshot(origin, feed.snapshot(origin));
        }
        return catalog;
    }

    private static String fact(Database database, String name) {
        return database.first(
                        row -> row.getString(1),
                        "SELECT value FROM store_fact WHERE name = ?",
                        name)
                .orElseThrow(
                        () ->
                                new StoreException(
                                        Code.NOT_THIS_STORE,
                                        "%s: holds no region's store"
                                                .formatted(database.engine().name())));
    }

    private static void read(Database database, StoreTable table, StoreRows rows) {
        String order = " ORDER BY %s LIMIT %d".formatted(names(table.key()), PAGE_ROWS);
        String select = "SELECT %s FROM %s".formatted(names(table.columns()), table.label());
        String behind = " WHERE (%s) > (%s)".formatted(names(table.key()), marks(table.key()));
        List<List<Object>> page = database.list(StoreCopy::values, select + order);
        while (!page.isEmpty()) {
            page.forEach(values -> rows.row(table, values));
            Object[] last = page.getLast().subList(0, table.key().size()).toArray();
            page = database.list(StoreCopy::values, select + behind + order, last);
        }
    }

    private static String names(List<String> columns) {
        return String.join(", ", columns);
    }

    private static String marks(List<String> columns) {
        return String.join(", ", Collections.nCopies(columns.size(), "?"));
    }

    private static List<Object> values(ResultSet row) throws SQLException {
        ResultSetMetaData shape = row.getMetaData();
        List<Object> values = new ArrayList<>();
        for (int i = 1; i <= shape.getColumnCount(); i++) {
            Object value = row.getObject(i);
            values.add(value instanceof Number number ? (Object) number.longValue() : value);
        }
        return values;
    }

    /**
     * Fills tables that were just made, all or nothing.
     *
     * @param overriding what an engine wants to hear that gives numbers of its own otherwise
     */
    static StoreSummary fill(
            Database database, int schema, String overriding, Consumer<StoreRows> source) {
        return database.transaction(
                () -> {
                    for (StoreTable table : StoreTable.of(schema)) {
                        database.update("DELETE FROM " + table.label());
                    }
                    source.accept((table, values) -> insert(database, overriding, table, values));
                    return summary(database, schema);
                });
    }

    private static void insert(
            Database database, String overriding, StoreTable table, List<Object> values) {
        database.update(
                "INSERT INTO %s (%s)%s VALUES (%s)"
                        .formatted(
                                table.label(),
                                names(table.columns()),
                                table == StoreTable.TASK_LOG ? overriding : "",
                                marks(table.columns())),
                values.toArray());
    }
}
