package io.runnel.cluster.store;

import java.util.List;

/** Takes all that stands in a store, row by row. On one thread; what it throws ends the reading. */
@FunctionalInterface
public interface StoreRows {
    /**
     * One row.
     *
     * @param values of the table's columns, in their order: text, whole numbers ({@link Long}) and
     *     bytes
     */
    void row(StoreTable table, List<Object> values);
}
