package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Parts what is new in a batch of records from what is known already, and checks that it follows
 * on: hash, chain, no gap. A pure function.
 */
final class FeedSieve {
    /** A record that does not follow on, and why. */
    record Fault(RegionId origin, CatalogException cause) {}

    /**
     * What a batch comes to.
     *
     * @param fresh what is new, up to the first fault
     * @param fault the first record that does not follow on, if any
     */
    record Sifted(List<FeedRecord> fresh, Optional<Fault> fault) {}

    private final FeedPositions known;
    private final Map<RegionId, Position> heads = new HashMap<>();
    private final List<FeedRecord> fresh = new ArrayList<>();

    private FeedSieve(FeedPositions known) {
        this.known = known;
    }

    /**
     * Sifts.
     *
     * @param known how far each origin is known
     * @param setAside origins whose records are passed over, without a fault, where they do not
     *     follow on
     */
    static Sifted sift(FeedPositions known, List<FeedRecord> records, Set<RegionId> setAside) {
        FeedSieve sieve = new FeedSieve(known);
        for (FeedRecord record : records) {
            try {
                sieve.add(record);
            } catch (CatalogException e) {
                if (!(e.code().curedBySnapshot() && setAside.contains(record.origin()))) {
                    return new Sifted(sieve.fresh, Optional.of(new Fault(record.origin(), e)));
                }
            }
        }
        return new Sifted(sieve.fresh, Optional.empty());
    }

    private void add(FeedRecord record) {
        Position head = head(record);
        if (head.covers(Position.of(record))) {
            return;
        }
        HashChain.requireNext(head, record);
        heads.put(record.origin(), Position.of(record));
        fresh.add(record);
    }

    /** Of an origin that is not known, any log may begin. */
    private Position head(FeedRecord record) {
        Position within = heads.get(record.origin());
        return within != null
                ? within
                : known.position(record.origin()).orElseGet(() -> Position.start(record.log()));
    }
}
