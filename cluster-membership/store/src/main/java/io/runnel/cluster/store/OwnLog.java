package io.runnel.cluster.store;

import io.runnel.cluster.store.FeedTables.Known;
import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.LiveSum;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordSeals;
import io.runnel.routing.catalog.RecordShape;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The log of the region whose store it is, which is written here and nowhere else: each record
 * follows on the one before it, and is signed with what stands of the log then. Each method is one
 * step of its caller's transaction.
 */
final class OwnLog {
    private static final int SEALED_AT_ONCE = 500;

    private final Database database;
    private final FeedTables feed;
    private final RegionId own;
    private final RecordSeals seals;
    private final LiveTable live;

    /**
     * That of a database.
     *
     * @param feed the tables that it is in
     * @param seals sign what is written, and check what that is built on
     */
    OwnLog(Database database, FeedTables feed, RegionId own, RecordSeals seals) {
        this.database = database;
        this.feed = feed;
        this.own = own;
        this.seals = seals;
        this.live = new LiveTable(database, own);
    }

    /** Begins it. */
    void begin(String log) {
        feed.keep(own, new Known(Position.start(log), 0));
    }

    /**
     * Checks that a key's last record, or the newest of many keys', is the one that a writer has
     * seen.
     *
     * @throws StoreException with {@link Code#CONFLICT} if it is not
     */
    void require(Precondition precondition) {
        long seq = precondition.isPrefix() ? newest(precondition) : last(precondition);
        if (seq != precondition.expectedSeq()) {
            throw new StoreException(
                    Code.CONFLICT,
                    "%s %s is at %d, expected at %d"
                            .formatted(
                                    precondition.kind().label(),
                                    precondition.key(),
                                    seq,
                                    precondition.expectedSeq()));
        }
    }

    private long last(Precondition precondition) {
        return database.first(
                        row -> row.getBoolean(2) ? Precondition.ABSENT : row.getLong(1),
                        "SELECT seq, deleted FROM feed_latest WHERE origin = ? AND kind ="
                                + " ? AND key = ?",
                        own.value(),
                        precondition.kind().label(),
                        precondition.key())
                .orElse(Precondition.ABSENT);
    }

    /** Letter by letter: engines differ in how they order texts. */
    private long newest(Precondition precondition) {
        String prefix = precondition.key();
        return database.first(
                        row -> row.getLong(1),
                        "SELECT seq FROM feed_latest WHERE origin = ? AND kind = ? AND deleted = 0"
                                + " AND substr(key, 1, ?) = ? ORDER BY seq DESC LIMIT 1",
                        own.value(),
                        precondition.kind().label(),
                        prefix.length(),
                        prefix)
                .orElse(Precondition.ABSENT);
    }

    /**
     * Writes to its end.
     *
     * @throws StoreException with {@link Code#MALFORMED} if a record would be one that feeds do not
     *     take
     * @throws CatalogException if what stands there already is not what this region signed
     */
    List<FeedRecord> append(List<Draft> drafts, Instant now) {
        Known known = feed.known(own).orElseThrow();
        Position head = known.head();
        LiveSum standing = standing(head);
        List<FeedRecord> written = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            String kind = draft.kind().label();
            FeedRecord open = HashChain.next(own, head, now, kind, draft.key(), draft.json());
            requireShape(open);
            latest(kind, draft.key()).ifPresent(standing::remove);
            standing.add(open.hash());
            FeedRecord record = open.sealed(seals.seal(open, standing.digest(), now));
            feed.insert(record);
            head = Position.of(record);
            written.add(record);
        }
        live.keep(standing);
        feed.keep(own, new Known(head, known.base()));
        return written;
    }

    /** Whoever follows this region would read such a record again and again, and none behind it. */
    private static void requireShape(FeedRecord record) {
        RecordShape.broken(record)
                .ifPresent(
                        rule -> {
                            throw new StoreException(
                                    Code.MALFORMED,
                                    "record %d of %s/%s is not written: %s"
                                            .formatted(
                                                    record.seq(),
                                                    record.origin(),
                                                    record.log(),
                                                    rule));
                        });
    }

    /** What stands of it, as the record at its head says: nothing is built on less. */
    private LiveSum standing(Position head) {
        if (head.seq() == 0) {
            return new LiveSum();
        }
        List<FeedRecord> last = feed.after(own, head.seq() - 1, 1);
        seals.require(last);
        LiveSum sum = live.read().orElseGet(() -> LiveSum.of(feed.snapshot(own)));
        boolean isSigned =
                !last.isEmpty()
                        && Position.of(last.getFirst()).equals(head)
                        && last.getFirst().seal().orElseThrow().live().equals(sum.digest());
        if (!isSigned) {
            throw new CatalogException(
                    CatalogException.Code.FORGED,
                    "what stands of %s's own log at %d is not what was signed"
                            .formatted(own, head.seq()));
        }
        return sum;
    }

    /** The hash of a key's last record. */
    private Optional<String> latest(String kind, String key) {
        return database.first(
                row -> row.getString(1),
                "SELECT r.hash FROM feed_latest l JOIN feed_record r ON r.origin = l.origin AND"
                        + " r.seq = l.seq WHERE l.origin = ? AND l.kind = ? AND l.key = ?",
                own.value(),
                kind,
                key);
    }

    /**
     * Signs the records that have no signature: an older version wrote them.
     *
     * @return how many
     * @throws CatalogException if the log is not whole, or has others' signatures
     */
    long sealOld(Instant now) {
        Position head = feed.known(own).orElseThrow().head();
        Position at = Position.start(head.log());
        LiveSum standing = new LiveSum();
        Map<String, String> latest = new HashMap<>();
        long count = 0;
        while (at.seq() < head.seq()) {
            List<FeedRecord> page = feed.after(own, at.seq(), SEALED_AT_ONCE);
            if (page.isEmpty()) {
                throw new CatalogException(
                        CatalogException.Code.GAP,
                        "%s's own log ends at %d, not at %d".formatted(own, at.seq(), head.seq()));
            }
            for (FeedRecord record : page) {
                HashChain.requireNext(at, record);
                String before = latest.put(record.kind() + " " + record.key(), record.hash());
                if (before != null) {
                    standing.remove(before);
                }
                standing.add(record.hash());
                if (record.seal().isEmpty()) {
                    feed.insertSeal(record, seals.seal(record, standing.digest(), now));
                    count++;
                }
                at = Position.of(record);
            }
        }
        live.keep(standing);
        return count;
    }

    /** Whether any record has no signature. */
    boolean hasUnsealed() {
        return database.first(
                        row -> true,
                        "SELECT 1 FROM feed_record r LEFT JOIN feed_seal s ON s.origin = r.origin"
                                + " AND s.seq = r.seq WHERE r.origin = ? AND s.signature IS NULL"
                                + " LIMIT 1",
                        own.value())
                .isPresent();
    }
}
