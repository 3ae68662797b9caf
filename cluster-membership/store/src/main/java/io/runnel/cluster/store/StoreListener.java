package io.runnel.cluster.store;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.FeedRecord;

import java.util.List;

/**
 * Told of what became durable, in this process or another, on the store's thread, in the order of
 * the log, before the future of the call that wrote it completes: a catalog that is kept by a
 * listener shows each write to who waited for it. Must be short, must not wait for the store.
 */
public interface StoreListener {
    /** This is what all records make before the first of which it is told. */
    default void started(Catalog catalog) {}

    /** These were added, each to the end of its origin's log. */
    void added(List<FeedRecord> records);

    /** All that was known of this origin was replaced by these. */
    void replaced(RegionId origin, List<FeedRecord> snapshot);
}
