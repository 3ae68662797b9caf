package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordSeal;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The logs of all origins in their tables: what each wrote, and how far it is known. What comes
 * next in the own one is for {@link OwnLog} to say. Each method is one step of its caller's
 * transaction.
 */
final class FeedTables {
    private static final String COLUMNS =
            "r.origin, r.log, r.seq, r.at_ms, r.kind, r.key, r.record, r.prev, r.hash";
    private static final String SEAL_COLUMNS = ", s.signer, s.signed_ms, s.live, s.signature";
    private static final String NO_SEAL_COLUMNS = ", NULL, NULL, NULL, NULL";
    private static final String SEALS =
            " LEFT JOIN feed_seal s ON s.origin = r.origin AND s.seq = r.seq";

    /** The schema that brought signatures. */
    private static final int SEALED_SINCE = 4;

    private final Database database;
    private final RegionId own;
    private final boolean hasSeals;

    /**
     * Those of a database.
     *
     * @param own the region whose store it is: of its log nothing is copied, replaced or forgotten
     * @param schema which it is of
     */
    FeedTables(Database database, RegionId own, int schema) {
        this.database = database;
        this.own = own;
        this.hasSeals = schema >= SEALED_SINCE;
    }

    /** An origin's log as it is known, and from where on it has no gaps. */
    record Known(Position head, long base) {}

    /** How far an origin's log is known; empty if nothing is. */
    Optional<Known> known(RegionId origin) {
        return database.first(
                row ->
                        new Known(
                                new Position(row.getString(1), row.getLong(2), row.getString(3)),
                                row.getLong(4)),
                "SELECT log, head_seq, head_hash, base_seq FROM feed_origin WHERE origin = ?",
                origin.value());
    }

    /** From now on an origin's log is known so far. */
    void keep(RegionId origin, Known known) {
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

    /** All origins, by name. */
    List<RegionId> origins() {
        return database.list(
                row -> new RegionId(row.getString(1)),
                "SELECT origin FROM feed_origin ORDER BY origin");
    }

    /** Forgets what is here of another origin. */
    void forget(RegionId origin) {
        requireForeign(origin);
        for (String table : List.of("feed_origin", "feed_record", "feed_seal", "feed_latest")) {
            database.update("DELETE FROM " + table + " WHERE origin = ?", origin.value());
        }
    }

    /** Keeps records that follow on what is here of their origins. */
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

    /** Keeps a snapshot in the place of whatever is here of its origin. */
    void replace(RegionId origin, List<FeedRecord> snapshot) {
        requireForeign(origin);
        // What a catalog would not take is not kept either.
        Catalog.EMPTY.withSnapshot(origin, snapshot);
        forget(origin);
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

    /**
     * Adds a record, with its signature if it has one; what stands of its key is this from now on.
     */
    void insert(FeedRecord record) {
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
        record.seal().ifPresent(seal -> insertSeal(record, seal));
    }

    /** Adds the signature of a record that is here. */
    void insertSeal(FeedRecord record, RecordSeal seal) {
        database.update(
                "INSERT INTO feed_seal (origin, seq, signer, signed_ms, live, signature)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                record.origin().value(),
                record.seq(),
                seal.signer(),
                seal.at().toEpochMilli(),
                seal.live(),
                seal.signature());
    }

    /**
     * What comes behind a place in an origin's log, one by one.
     *
     * @throws StoreException with {@link Code#SNAPSHOT_NEEDED} if that is not here
     */
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
                select("feed_record r")
                        + " WHERE r.origin = ? AND r.seq > ? ORDER BY r.seq LIMIT ?",
                origin.value(),
                seq,
                limit);
    }

    /** The last record of each key, as they are there, in the order of the log. */
    List<FeedRecord> snapshot(RegionId origin) {
        return database.list(
                FeedTables::record,
                select(
                                "feed_latest l JOIN feed_record r ON r.origin = l.origin AND"
                                        + " r.seq = l.seq")
                        + " WHERE l.origin = ? ORDER BY r.seq",
                origin.value());
    }

    private String select(String from) {
        return "SELECT %s%s FROM %s%s"
                .formatted(
                        COLUMNS,
                        hasSeals ? SEAL_COLUMNS : NO_SEAL_COLUMNS,
                        from,
                        hasSeals ? SEALS : "");
    }

    /**
     * The last record of each key, if they reach as far as the origin's log is said to be known.
     *
     * @throws CatalogException if they do not
     */
    List<FeedRecord> standing(RegionId origin) {
        List<FeedRecord> standing = snapshot(origin);
        Optional<Position> reached =
                standing.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Position.of(standing.getLast()));
        if (!known(origin).map(Known::head).filter(at -> at.seq() > 0).equals(reached)) {
            throw new CatalogException(
                    CatalogException.Code.GAP,
                    "what stands of %s does not end where its log does".formatted(origin));
        }
        return standing;
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
                row.getString(9),
                seal(row));
    }

    /** What is not of its form is none: it is found when the record is checked. */
    private static Optional<RecordSeal> seal(ResultSet row) throws SQLException {
        if (row.getString(13) == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    new RecordSeal(
                            row.getString(10),
                            Instant.ofEpochMilli(row.getLong(11)),
                            row.getString(12),
                            row.getString(13)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
