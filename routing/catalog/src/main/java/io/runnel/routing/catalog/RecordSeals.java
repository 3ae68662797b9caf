package io.runnel.routing.catalog;

import java.time.Instant;
import java.util.List;

/** Signs a region's own records, and checks all. Safe for any thread. */
public interface RecordSeals extends RecordCheck {
    /** The most authorities that are known at a time: a region has a new one about once a year. */
    int MOST_AUTHORITIES = 256;

    /**
     * Signs a record of this region.
     *
     * @param record with its hash
     * @param live what stands of the log with it
     * @param at the time
     * @throws CatalogException with {@link CatalogException.Code#UNSIGNABLE} if there is nothing to
     *     sign with
     */
    RecordSeal seal(FeedRecord record, String live, Instant at);

    /**
     * Learns of authorities, at most {@link #MOST_AUTHORITIES} in all; what is not under the
     * network's root is passed over.
     *
     * @param certificates as PEM; hostile
     */
    void learn(List<String> certificates);
}
