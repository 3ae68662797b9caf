package io.runnel.cluster.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** All rows of a store, in memory, in a form that can be compared. */
final class Dumped implements StoreRows {
    /** One row of a table. */
    record Row(StoreTable table, List<Object> values) {}

    private final List<Row> rows = new ArrayList<>();

    @Override
    public void row(StoreTable table, List<Object> values) {
        rows.add(new Row(table, List.copyOf(values)));
    }

    void into(StoreRows to) {
        rows.forEach(row -> to.row(row.table(), row.values()));
    }

    /** By table, each row as text. */
    Map<String, List<String>> text() {
        Map<String, List<String>> text = new TreeMap<>();
        for (Row row : rows) {
            text.computeIfAbsent(row.table().label(), t -> new ArrayList<>())
                    .add(row.values().stream().map(Dumped::text).toList().toString());
        }
        return text;
    }

    private static String text(Object value) {
        return value instanceof byte[] bytes
                ? java.util.HexFormat.of().formatHex(bytes)
                : value.getClass().getSimpleName() + " " + value;
    }
}
