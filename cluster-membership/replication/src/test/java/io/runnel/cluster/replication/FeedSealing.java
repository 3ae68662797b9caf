package io.runnel.cluster.replication;

import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordSeal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records with parts of them changed. */
final class FeedSealing {
    private FeedSealing() {}

    static FeedRecord unsigned(FeedRecord r) {
        return with(r, Optional.empty());
    }

    private static FeedRecord with(FeedRecord r, Optional<RecordSeal> seal) {
        return new FeedRecord(
                r.origin(),
                r.log(),
                r.seq(),
                r.at(),
                r.kind(),
                r.key(),
                r.record(),
                r.prev(),
                r.hash(),
                seal);
    }

    /** The same with each part of it another one, with a right hash, and its signature. */
    static List<FeedRecord> changed(FeedRecord r) {
        List<FeedRecord> all = new ArrayList<>();
        Position before = new Position(r.log(), r.seq() - 1, r.prev());
        Position otherLog = new Position("OTHER", r.seq() - 1, r.prev());
        Position otherSeq = new Position(r.log(), r.seq(), r.prev());
        Position otherPast = new Position(r.log(), r.seq() - 1, "0a".repeat(32));
        Instant later = r.at().plusMillis(1);
        String other = r.record().replace("true", "false");
        all.add(HashChain.next(OriginLog.EAST, before, r.at(), r.kind(), r.key(), r.record()));
        all.add(HashChain.next(r.origin(), otherLog, r.at(), r.kind(), r.key(), r.record()));
        all.add(HashChain.next(r.origin(), otherSeq, r.at(), r.kind(), r.key(), r.record()));
        all.add(HashChain.next(r.origin(), otherPast, r.at(), r.kind(), r.key(), r.record()));
        all.add(HashChain.next(r.origin(), before, later, r.kind(), r.key(), r.record()));
        all.add(HashChain.next(r.origin(), before, r.at(), "key", r.key(), r.record()));
        all.add(HashChain.next(r.origin(), before, r.at(), r.kind(), "other", r.record()));
        all.add(HashChain.next(r.origin(), before, r.at(), r.kind(), r.key(), other));
        return all.stream().map(record -> with(record, r.seal())).toList();
    }
}
