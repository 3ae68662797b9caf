package io.runnel.cluster.store;

import io.runnel.exec.task.AccountId;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageQuery;
import io.runnel.routing.usage.UsageRecord;
import io.runnel.routing.usage.UsageTotal;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The ledger in a store's tables. That each record counts once rests on one thing: the mark is
 * read, and moved, in the transaction that writes what is behind it, which runs alone among all
 * that write.
 */
final class TableLedger implements UsageLedger {
    private static final int MOST_PENDING = RegionStore.MOST_PENDING / 2;

    private final StoreThread thread;
    private final Database database;
    private final SpoolTable spools;
    private final UsageChunks chunks;
    private final UsageTotals totals;
    private final QuarantineTable aside;
    private final KeyUseTable keys;

    TableLedger(StoreThread thread, Database database, UsageRetention retention) {
        this.thread = thread;
        this.database = database;
        this.spools = new SpoolTable(database, retention);
        this.chunks = new UsageChunks(database, retention);
        this.totals = new UsageTotals(database, retention);
        this.aside = new QuarantineTable(database, retention);
        this.keys = new KeyUseTable(database, retention);
    }

    @Override
    public CompletableFuture<Long> take(UsageBatch batch, Instant now) {
        return thread.submit(MOST_PENDING, () -> database.transaction(() -> taken(batch, now)));
    }

    private long taken(UsageBatch batch, Instant now) {
        forgetOld(now);
        long mark = spools.mark(batch.spool());
        if (batch.to() <= mark) {
            return mark;
        }
        List<UsageBatch.Entry> fresh =
                batch.entries().stream().filter(entry -> entry.place() >= mark).toList();
        long runNanos = 0;
        for (UsageBatch.Entry entry : fresh) {
            UsageRecord record = entry.record();
            runNanos = Math.addExact(runNanos, record.startNanos());
            runNanos = Math.addExact(runNanos, record.runNanos());
        }
        totals.add(fresh);
        keys.add(fresh, now);
        chunks.add(batch.spool(), fresh, now);
        spools.move(batch, mark, runNanos, now);
        return batch.to();
    }

    private void forgetOld(Instant now) {
        totals.forgetOld(now);
        spools.forgetOld(now);
        keys.forgetOld(now);
    }

    @Override
    public CompletableFuture<List<UsageTotal>> totals(UsageQuery query, int limit) {
        TableStore.requireAtMost("limit", limit, MOST_ROWS);
        return reading(() -> totals.find(query, limit));
    }

    @Override
    public CompletableFuture<Long> memoryKibMillis(AccountId payer, LocalDate from, LocalDate to) {
        return reading(() -> totals.memoryKibMillis(payer, from, to));
    }

    @Override
    public CompletableFuture<List<UsageRecord>> records(
            AccountId payer,
            long endedFromMillis,
            long endedToMillis,
            Optional<UsagePoint> after,
            int limit) {
        TableStore.requireAtMost("limit", limit, MOST_ROWS);
        return reading(() -> chunks.page(payer, endedFromMillis, endedToMillis, after, limit));
    }

    private <T> CompletableFuture<T> reading(StoreThread.Work<T> work) {
        return thread.submit(RegionStore.MOST_PENDING, work);
    }

    @Override
    public CompletableFuture<Void> quarantine(UsageBatch batch, String reason, Instant now) {
        TableStore.requireAtMost("characters", reason.length(), MOST_REASON);
        return thread.submit(
                MOST_PENDING,
                () ->
                        database.transaction(
                                () -> {
                                    putAside(batch, reason, now);
                                    return null;
                                }));
    }

    private void putAside(UsageBatch batch, String reason, Instant now) {
        long mark = spools.mark(batch.spool());
        if (batch.to() > mark) {
            aside.keep(batch, reason, now);
            spools.move(batch, mark, 0, now);
        }
    }

    @Override
    public CompletableFuture<List<QuarantinedBatch>> quarantined(int limit) {
        TableStore.requireAtMost("limit", limit, MOST_ROWS);
        return reading(() -> aside.last(limit));
    }

    @Override
    public CompletableFuture<Map<String, Instant>> lastUses(Collection<String> ids) {
        TableStore.requireAtMost("keys", ids.size(), MOST_ROWS);
        List<String> copy = List.copyOf(ids);
        return reading(() -> keys.find(copy));
    }

    @Override
    public CompletableFuture<Void> used(String key, Instant at) {
        return thread.submit(
                MOST_PENDING,
                () -> {
                    keys.used(key, at);
                    return null;
                });
    }

    @Override
    public CompletableFuture<Optional<SpoolMark>> spool(UsageBatch.Spool spool) {
        return reading(() -> spools.find(spool));
    }
}
