package io.runnel.routing.catalog;

import java.util.List;

/** Says of records whether their origins wrote them. Safe for any thread; takes long. */
public interface RecordCheck {
    /**
     * Checks that each record is what its hash says, and that its origin signed that.
     *
     * @throws CatalogException with {@link CatalogException.Code#TAMPERED} or {@link
     *     CatalogException.Code#FORGED} for the first that is not
     */
    void require(List<FeedRecord> records);

    /**
     * Checks each record of a snapshot, and that they are all that stood of the log when its origin
     * wrote the last one. Says nothing of an empty one: that is to be believed of its origin itself
     * only.
     *
     * @param snapshot of one origin, in the order of the log
     * @throws CatalogException as {@link #require}
     */
    default void requireSnapshot(List<FeedRecord> snapshot) {
        require(snapshot);
        LiveSum.requireWhole(snapshot);
    }
}
