package io.runnel.cluster.replication;

import io.runnel.attestation.record.AuthorityCertificates;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Position;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What all sessions of a feed share.
 *
 * @param own the region that this node is of
 * @param snapshots how many are sent at once
 * @param sinceContact how long ago another region confirmed
 * @param authorities whose records are known here
 */
record FeedServing(
        RegionId own,
        FeedLog log,
        FeedTail tail,
        Permits snapshots,
        Function<RegionId, Optional<Duration>> sinceContact,
        AuthorityCertificates authorities,
        FeedHandler.Settings settings,
        LongSupplier nanoClock) {

    long nanoTime() {
        return nanoClock.getAsLong();
    }

    /** A region always confirms what it wrote itself. */
    Optional<Duration> age(RegionId origin) {
        return origin.equals(own) ? Optional.of(Duration.ZERO) : sinceContact.apply(origin);
    }

    FeedLine.Heads heads(Set<RegionId> except, long sentMs, List<String> authorities) {
        Map<RegionId, Position> heads = new HashMap<>();
        Map<RegionId, Duration> ages = new HashMap<>();
        log.heads()
                .of()
                .forEach(
                        (origin, head) -> {
                            if (!except.contains(origin)) {
                                heads.put(origin, head);
                                age(origin).ifPresent(age -> ages.put(origin, age));
                            }
                        });
        return new FeedLine.Heads(new FeedPositions(heads), ages, sentMs, authorities);
    }
}
