package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that came from a source and can be delivered. Times are by this node's clock. */
sealed interface FeedItem {
    /** The next record of some origin. */
    record Change(FeedRecord record) implements FeedItem {}

    /**
     * A snapshot, all of it.
     *
     * @param age how long before {@code atNs} its origin confirmed, as the source says
     * @param atNs when it began to come
     */
    record Whole(FeedSnapshot snapshot, Optional<Duration> age, long atNs) implements FeedItem {}

    /** Certificates of authorities, as PEM: of what follows. */
    record Authorities(List<String> certificates) implements FeedItem {}

    /**
     * What the source knew, and of when.
     *
     * @param trueAtNs when this was so: the line may have come late
     */
    record Confirmed(FeedPositions heads, Map<RegionId, Duration> ages, long trueAtNs)
            implements FeedItem {}
}
