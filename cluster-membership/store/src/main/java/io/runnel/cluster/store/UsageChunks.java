package io.runnel.cluster.store;

import io.runnel.exec.task.AccountId;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatchCodec;
import io.runnel.routing.usage.UsageRecord;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Single records in their table, within an age and a number. What one batch says of one payer is a
 * row, as it came over the wire: a row for each record would take ten times as long to write, and
 * is read by nobody but a payer who looks at some of his. Each method is one step of its caller's
 * transaction.
 */
final class UsageChunks {
    private static final String INSERT =
            "INSERT INTO usage_chunk (node, boot, place, payer, first_ms, last_ms, entries,"
                    + " records) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String DELETE =
            "DELETE FROM usage_chunk WHERE node = ? AND boot = ? AND place = ?";
    private static final int READ_AT_ONCE = 16;
    private static final Comparator<UsageRecord> ORDER =
            Comparator.comparingLong(UsageRecord::endedMillis)
                    .thenComparing(record -> record.id().value());

    static final String PAGE =
            "SELECT first_ms, node, boot, place, records FROM usage_chunk WHERE payer = ?"
                    + " AND (first_ms, node, boot, place) > (?, ?, ?, ?) AND first_ms < ?"
                    + " AND last_ms >= ? ORDER BY first_ms, node, boot, place LIMIT "
                    + READ_AT_ONCE;
    static final String OLDEST =
            "SELECT node, boot, place, entries FROM usage_chunk WHERE last_ms < ?"
                    + " ORDER BY last_ms LIMIT ?";

    private final Database database;
    private final UsageRetention retention;

    /** What tells a row from others. */
    private record Key(String node, String boot, long place) {
        static final Key NONE = new Key("", "", 0);
    }

    /** A row, but for its records. */
    private record Size(Key key, long entries) {}

    /** A row among its payer's. */
    private record Chunk(long firstMillis, Key key, List<UsageBatch.Entry> entries) {
        static final Chunk BEFORE_ALL = new Chunk(Long.MIN_VALUE, Key.NONE, List.of());
    }

    UsageChunks(Database database, UsageRetention retention) {
        this.database = database;
        this.retention = retention;
    }

    /** Adds these; what is too old or too much then goes first, so that there is room. */
    void add(UsageBatch.Spool spool, List<UsageBatch.Entry> entries, Instant now) {
        long before = size();
        long left = before - forgetOld(now);
        long tooMany = left + entries.size() - retention.mostRecords();
        if (tooMany > 0) {
            left -= forget(Long.MAX_VALUE, tooMany);
        }
        insert(database, spool, entries);
        database.update("UPDATE usage_size SET records = ?", left + entries.size());
    }

    static void insert(Database database, UsageBatch.Spool spool, List<UsageBatch.Entry> entries) {
        Map<AccountId, List<UsageBatch.Entry>> byPayer = new LinkedHashMap<>();
        for (UsageBatch.Entry entry : entries) {
            byPayer.computeIfAbsent(entry.record().payer(), payer -> new ArrayList<>()).add(entry);
        }
        List<Object[]> rows = new ArrayList<>();
        byPayer.forEach((payer, all) -> rows.add(row(spool, payer, all)));
        database.updateAll(INSERT, rows);
    }

    private static Object[] row(
            UsageBatch.Spool spool, AccountId payer, List<UsageBatch.Entry> entries) {
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        for (UsageBatch.Entry entry : entries) {
            first = Math.min(first, entry.record().endedMillis());
            last = Math.max(last, entry.record().endedMillis());
        }
        long from = entries.getFirst().place();
        UsageBatch batch = new UsageBatch(spool, from, entries.getLast().place() + 1, entries);
        return new Object[] {
            spool.node().value(),
            spool.boot(),
            from,
            payer.value(),
            first,
            last,
            (long) entries.size(),
            UsageBatchCodec.encode(batch)
        };
    }

    private long size() {
        return database.first(row -> row.getLong(1), "SELECT records FROM usage_size").orElse(0L);
    }

    private long forgetOld(Instant now) {
        return forget(now.minus(retention.recordAge()).toEpochMilli(), Long.MAX_VALUE);
    }

    /** Of the oldest whose records all ended before this as many as hold so many; how many. */
    private long forget(long endedBefore, long most) {
        long gone = 0;
        List<Object[]> rows = new ArrayList<>();
        for (Size size : oldest(endedBefore)) {
            if (gone >= most) {
                break;
            }
            gone += size.entries();
            rows.add(new Object[] {size.key().node(), size.key().boot(), size.key().place()});
        }
        database.updateAll(DELETE, rows);
        return gone;
    }

    private List<Size> oldest(long endedBefore) {
        return database.list(
                row -> new Size(key(row, 1), row.getLong(4)),
                OLDEST,
                endedBefore,
                (long) retention.step());
    }

    private static Key key(ResultSet row, int column) throws SQLException {
        return new Key(row.getString(column), row.getString(column + 1), row.getLong(column + 2));
    }

    /** The first of a payer's records by time and id. */
    List<UsageRecord> page(
            AccountId payer,
            long fromMillis,
            long toMillis,
            Optional<UsagePoint> after,
            int limit) {
        TreeSet<UsageRecord> found = new TreeSet<>(ORDER);
        List<Chunk> some = chunks(payer, Chunk.BEFORE_ALL, fromMillis, toMillis);
        while (!some.isEmpty()) {
            for (Chunk chunk : some) {
                boolean isFull = found.size() >= limit;
                if (isFull && chunk.firstMillis() > found.last().endedMillis()) {
                    return List.copyOf(found);
                }
                collect(chunk, fromMillis, toMillis, after, limit, found);
            }
            some = chunks(payer, some.getLast(), fromMillis, toMillis);
        }
        return List.copyOf(found);
    }

    private static void collect(
            Chunk chunk,
            long fromMillis,
            long toMillis,
            Optional<UsagePoint> after,
            int limit,
            NavigableSet<UsageRecord> found) {
        for (UsageBatch.Entry entry : chunk.entries()) {
            UsageRecord record = entry.record();
            boolean isWanted =
                    record.endedMillis() >= fromMillis
                            && record.endedMillis() < toMillis
                            && after.map(point -> point.isBefore(record)).orElse(true);
            if (isWanted && found.add(record) && found.size() > limit) {
                found.pollLast();
            }
        }
    }

    private List<Chunk> chunks(AccountId payer, Chunk after, long fromMillis, long toMillis) {
        return database.list(
                UsageChunks::chunk,
                PAGE,
                payer.value(),
                after.firstMillis(),
                after.key().node(),
                after.key().boot(),
                after.key().place(),
                toMillis,
                fromMillis);
    }

    private static Chunk chunk(ResultSet row) throws SQLException {
        UsageBatch batch = UsageBatchCodec.decode(row.getBytes(5));
        return new Chunk(row.getLong(1), key(row, 2), batch.entries());
    }
}
