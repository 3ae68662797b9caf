package io.runnel.cluster.store;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;

/**
 * What a store was at the moment at which it was read.
 *
 * @param origin whose it is
 * @param log the name of its own log
 * @param schema the number of its last migration
 * @param catalog what its records make
 */
public record StoreSummary(RegionId origin, String log, int schema, Catalog catalog) {
    /** How long its own log is. */
    public long seq() {
        return catalog.positions().position(origin).map(head -> head.seq()).orElse(0L);
    }
}
