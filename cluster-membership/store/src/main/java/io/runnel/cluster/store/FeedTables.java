package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The logs of all origins in their tables. Each method is one step of its caller's transaction. */
final class FeedTables {
    private static final String COLUMNS =
            "r.origin, r.log, r.seq, r.at_ms, r.kind, r.key, r.record, r.prev, r.hash";

    private final Database database;
    private final RegionId own;

    FeedTables(Database database, RegionId own) {
        this.database = database;
        this.own = own;
    }

    /** An origin's log as it is known, and from where on it has no gaps. */
    record Known(Position head, long base) {}

    private Optional<Known> known(RegionId origin) {
        return database.first(
                row ->
                        new Known(
                                new Position(row.getString(1), row.getLong(2), row.getString(3)),
                                row.getLong(4)),
                "SELECT log, head_seq, head_hash, base_seq FROM feed_origin WHERE origin = ?",
                origin.value());
    }

    private void keep(RegionId origin, Known known) {
        database.update(
                "INSERT INTO feed_origin (origin, log, head_seq, head_hash, base_seq)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET log ="
                        + " excluded.log, head_seq = excluded.head_seq, head_hash ="
                        + " excluded.head_hash, base_seq = excluded.base_seq",
                origin.value(),
                known.head().log(),
                known.head().seq(),
                known.head().hash(),
                known.base());
    }

    /** Begins the own log. */
    void begin(String log) {
        keep(own, new Known(Position.start(log), 0));
    }

    FeedPositions positions() {
        Map<RegionId, Position> positions = new HashMap<>();
        known().forEach((origin, known) -> positions.put(origin, known.head()));
        return new FeedPositions(positions);
    }

    /** All origins' logs. */
    Map<RegionId, Known> known() {
        Map<RegionId, Known> all = new TreeMap<>(Comparator.comparing(RegionId::value));
        for (RegionId origin : origins()) {
            known(origin).ifPresent(known -> all.put(origin, known));
        }
        return all;
    }

    private List<RegionId> origins() {
        return database.list(
                row -> new RegionId(row.getString(1)),
                "SELECT origin FROM feed_origin ORDER BY origin");
    }

    void require(Precondition precondition) {
        long seq =
                database.first(
                                row -> row.getBoolean(2) ? Precondition.ABSENT : row.getLong(1),
                                "SELECT seq, deleted FROM feed_latest WHERE origin = ? AND kind ="
                                        + " ? AND key = ?",
                                own.value(),
                                precondition.kind().label(),
                                precondition.key())
                        .orElse(Precondition.ABSENT);
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

    List<FeedRecord> append(List<Draft> drafts, Instant now) {
        Known known = known(own).orElseThrow();
        Position head = known.head();
        List<FeedRecord> written = new ArrayList<>(drafts.size());
        for (Draft draft : drafts) {
            FeedRecord record =
                    HashChain.next(own, head, now, draft.kind().label(), draft.key(), draft.json());
            insert(record);
            head = Position.of(record);
            written.add(record);
        }
        keep(own, new Known(head, known.base()));
        return written;
    }

    void copy(List<FeedRecord> records) {
        Map<RegionId, Known> heads = new HashMap<>();
        for (FeedRecord record : records) {
            requireForeign(record.origin());
            Known known =
                    heads.computeIfAbsent(
                            record.origin(),
                            origin ->
                                    known(origin)
                                            .orElse(new Known(Position.start(record.log()), 0)));
            HashChain.requireNext(known.head(), record);
            insert(record);
            heads.put(record.origin(), new Known(Position.of(record), known.base()));
        }
        heads.forEach(this::keep);
    }

    void replace(RegionId origin, List<FeedRecord> snapshot) {
        requireForeign(origin);
        // What a catalog would not take is not kept either.
        Catalog.EMPTY.withSnapshot(origin, snapshot);
        for (String table : List.of("feed_origin", "feed_record", "feed_latest")) {
            database.update("DELETE FROM " + table + " WHERE origin = ?", origin.value());
        }
        snapshot.forEach(this::insert);
        if (!snapshot.isEmpty()) {
            Position head = Position.of(snapshot.getLast());
            boolean whole = head.seq() == snapshot.size();
            keep(origin, new Known(head, whole ? 0 : head.seq()));
        }
    }

    private void requireForeign(RegionId origin) {
        if (origin.equals(own)) {
            throw new CatalogException(
                    CatalogException.Code.MALFORMED,
                    "a copy of %s's own log cannot take its place".formatted(own));
        }
    }

    private void insert(FeedRecord record) {
        database.update(
                "INSERT INTO feed_record (origin, log, seq, at_ms, kind, key, record, prev, hash)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                record.origin().value(),
                record.log(),
                record.seq(),
                record.at().toEpochMilli(),
                record.kind(),
                record.key(),
                record.record(),
                record.prev(),
                record.hash());
        database.update(
                "INSERT INTO feed_latest (origin, kind, key, seq, deleted)"
                        + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin, kind, key) DO UPDATE SET"
                        + " seq = excluded.seq, deleted = excluded.deleted",
                record.origin().value(),
                record.kind(),
                record.key(),
                record.seq(),
                record.isDeletion() ? 1 : 0);
    }

    List<FeedRecord> read(RegionId origin, String log, long afterSeq, int limit) {
        Known known =
                known(origin)
                        .filter(k -> k.head().log().equals(log))
                        .filter(k -> afterSeq >= k.base() && afterSeq <= k.head().seq())
                        .orElseThrow(
                                () ->
                                        new StoreException(
                                                Code.SNAPSHOT_NEEDED,
                                                "%s/%s is not here from %d on"
                                                        .formatted(origin, log, afterSeq)));
        return afterSeq == known.head().seq() ? List.of() : after(origin, afterSeq, limit);
    }

    /** At most {@code limit} records of an origin behind this one, as they are there. */
    List<FeedRecord> after(RegionId origin, long seq, int limit) {
        return database.list(
                FeedTables::record,
                "SELECT "
                        + COLUMNS
                        + " FROM feed_record r WHERE r.origin = ? AND r.seq > ?"
                        + " ORDER BY r.seq LIMIT ?",
                origin.value(),
                seq,
                limit);
    }

    List<FeedRecord> snapshot(RegionId origin) {
        return database.list(
                FeedTables::record,
                "SELECT "
                        + COLUMNS
                        + " FROM feed_latest l JOIN feed_record r ON r.origin = l.origin AND"
                        + " r.seq = l.seq WHERE l.origin = ? ORDER BY r.seq",
                origin.value());
    }

    Catalog catalog() {
        Catalog catalog = Catalog.EMPTY;
        for (RegionId origin : origins()) {
            catalog = catalog.withSnapshot(origin, snapshot(origin));
        }
        return catalog;
    }

    private static FeedRecord record(ResultSet row) throws SQLException {
        return new FeedRecord(
                new RegionId(row.getString(1)),
                row.getString(2),
                row.getLong(3),
                Instant.ofEpochMilli(row.getLong(4)),
                row.getString(5),
                row.getString(6),
                row.getString(7),
                row.getString(8),
                row.getString(9));
    }
}
