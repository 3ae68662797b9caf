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
 * What calls took, as nodes' records say, each counted once, whichever node of the region it came
 * to and however often. It keeps the rules of its {@link RegionStore}.
 *
 * <p>Single records are kept until 31 days after their run, or until there are two million; totals
 * and marks of spools for 400 days. What is older goes as batches come.
 */
public interface UsageLedger {
    /** The most totals, records or batches that are told at once. */
    int MOST_ROWS = 4096;

    /** The most characters in the reason of a {@link #quarantine}. */
    int MOST_REASON = 500;

    /**
     * Counts the entries that are at or behind the spool's mark, and moves the mark to the end of
     * the batch. One that is all before the mark changes nothing. One that begins behind the mark
     * is taken too, and counted in {@link SpoolMark#gaps}: the store is an older copy of itself, or
     * the spool's beginning is lost.
     *
     * <p>Fails by {@link ArithmeticException} if a sum is too large to be true; nothing is taken.
     *
     * @param now what age is measured by
     * @return the mark: the node may forget what is before it
     */
    CompletableFuture<Long> take(UsageBatch batch, Instant now);

    /** The totals that are asked for, by day, task, version and payer; the first of them. */
    CompletableFuture<List<UsageTotal>> totals(UsageQuery query, int limit);

    /**
     * What this account is charged for memory in these days: the sum of {@link
     * UsageTotal#memoryKibMillis}.
     *
     * <p>Fails if it is too large to be true.
     */
    CompletableFuture<Long> memoryKibMillis(AccountId payer, LocalDate from, LocalDate to);

    /**
     * What single runs took that this account pays for, by the time they ended, then by id.
     *
     * @param endedFromMillis the first millisecond since 1970
     * @param endedToMillis the one behind the last
     * @param after where an earlier answer ended. Of runs that have both in common the rest is left
     *     out, should an answer end between them.
     */
    CompletableFuture<List<UsageRecord>> records(
            AccountId payer,
            long endedFromMillis,
            long endedToMillis,
            Optional<UsagePoint> after,
            int limit);

    /** The first of what single runs took that this account pays for. */
    default CompletableFuture<List<UsageRecord>> records(
            AccountId payer, long endedFromMillis, long endedToMillis, int limit) {
        return records(payer, endedFromMillis, endedToMillis, Optional.empty(), limit);
    }

    /**
     * Keeps a batch as it is for an operator, counts none of it, and moves the spool's mark, so
     * that the node goes on. One that is all before the mark changes nothing. The last 1000 are
     * kept, fewer if they have more than 100,000 entries.
     *
     * @param reason why it is not believed; at most {@link #MOST_REASON} characters
     * @param now what age is measured by
     */
    CompletableFuture<Void> quarantine(UsageBatch batch, String reason, Instant now);

    /** The batches that were put aside, the last one first. */
    CompletableFuture<List<QuarantinedBatch>> quarantined(int limit);

    /**
     * When each of these access keys was used last, for a call or otherwise; what a batch that was
     * put aside says does not count. Those that never were, or not for 400 days, are left out.
     *
     * @param keys at most {@link #MOST_ROWS}
     */
    CompletableFuture<Map<String, Instant>> lastUses(Collection<String> keys);

    /**
     * Notes that an access key was used, other than for a call; an earlier time changes nothing.
     */
    CompletableFuture<Void> used(String key, Instant at);

    /** How far a spool is taken; empty if nothing ever came of it. */
    CompletableFuture<Optional<SpoolMark>> spool(UsageBatch.Spool spool);
}
