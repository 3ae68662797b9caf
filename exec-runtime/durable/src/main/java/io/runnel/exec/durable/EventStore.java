package io.runnel.exec.durable;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.ScheduleName;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Where events wait. The rules that every store keeps:
 *
 * <ol>
 *   <li>A method may be called on any thread and returns at once. Calls take effect in the order in
 *       which they were made.
 *   <li>When a future of a write completes, what it wrote survives the loss of power. A future that
 *       fails leaves open whether it was written.
 *   <li>An event is in the store once, however often it is accepted, also for {@link #REMEMBERED}
 *       seconds after it ended.
 *   <li>Of an account no more than {@link #MOST_EVENTS} events wait, nor more than {@link
 *       #MOST_BYTES} of payloads; letters may take as much again.
 *   <li>At most one node has an event, until its lease ends. Who lost it changes nothing any more.
 *   <li>Accounts take turns: no account's second event goes to a node before every account whose
 *       turn it is had its first.
 *   <li>Of a schedule one tick's event is kept once, and none of a tick that is not later than one
 *       of which an event was kept; this is known for {@link #TICK_REMEMBERED} seconds after the
 *       tick, as later ticks tell the time. It is written in the same step as the event.
 * </ol>
 */
public interface EventStore {
    /** The most events of an account that wait. */
    int MOST_EVENTS = 10_000;

    /** The most bytes of an account's payloads that wait. */
    ByteSize MOST_BYTES = ByteSize.ofMiB(256);

    /** The most events in one {@link #claim}. */
    int MOST_CLAIMED = 64;

    /** How long an event that ended is known, in seconds. */
    int REMEMBERED = 3600;

    /** How long a schedule's last tick is known, in seconds: longer than any is caught up with. */
    int TICK_REMEMBERED = 2 * 24 * 3600;

    /** What came of an event that was to be kept. */
    enum Accepted {
        /** It is kept. */
        KEPT,
        /** It was kept before. */
        KNOWN,
        /** Its account has too many. */
        TOO_MANY
    }

    /** What came of the end of an event. */
    enum Ended {
        /** It ended, and each letter is kept. */
        ENDED,
        /** It ended; there was no room for a letter. */
        WITHOUT_LETTER,
        /** Another node has it. */
        LOST
    }

    /**
     * What a node wants.
     *
     * @param node who
     * @param now what is due by then
     * @param until when the lease ends
     * @param most so many, {@link #MOST_CLAIMED} at most
     * @param after the account whose turn was last; empty for none
     * @param without accounts whose events are not wanted
     */
    record Claim(
            String node,
            Instant now,
            Instant until,
            int most,
            String after,
            Set<AccountId> without) {
        /**
         * Keeps the accounts.
         *
         * @throws IllegalArgumentException if it wants none or too many
         */
        public Claim {
            without = Set.copyOf(without);
            if (most < 1 || most > MOST_CLAIMED) {
                throw new IllegalArgumentException(
                        "claimed events must be 1 to %d: %d".formatted(MOST_CLAIMED, most));
            }
        }
    }

    /** One moment of a schedule. */
    record Tick(AccountId account, ScheduleName schedule, Instant at) {}

    /** Keeps an event that was not run yet. */
    CompletableFuture<Accepted> accept(KeptEvent event);

    /** Keeps the event of a tick; {@link Accepted#KNOWN} also if a later tick was kept before. */
    CompletableFuture<Accepted> accept(KeptEvent event, Tick tick);

    /** Gives a node events that are due, those first that have been so for longest. */
    CompletableFuture<List<KeptEvent>> claim(Claim claim);

    /** Has the node's leases of these events end later. */
    CompletableFuture<Void> renew(String node, Collection<RequestId> events, Instant until);

    /**
     * Gives an event back that is to be run again.
     *
     * @param event as the node got it
     * @param progress from now on
     * @return whether the node still had it
     */
    CompletableFuture<Boolean> again(String node, KeptEvent event, KeptEvent.Progress progress);

    /**
     * Ends an event, and keeps letters about that in the same step.
     *
     * @param event as the node got it
     */
    CompletableFuture<Ended> end(
            String node, KeptEvent event, Instant now, List<KeptEvent> letters);

    /** Gives back what a node has, to be run at once; how much it was. */
    CompletableFuture<Integer> release(String node, Instant now);

    /** How many events wait or run. */
    CompletableFuture<Long> queued();
}
