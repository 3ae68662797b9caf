package io.runnel.routing.cache;

import java.util.Optional;

/**
 * Who has to go when there is no room: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all
 * you need for cache eviction", SOSP 2023).
 *
 * <p>Whoever is new stands in the small queue, which has a tenth of the bytes. At its end those go
 * on into the main queue that were given at least twice meanwhile; the others go, and only a mark
 * is left of them. Who comes again while the mark is there begins in the main queue. At the main
 * queue's end those that were given begin again, with one visit less; the others go. So answers
 * that are asked for once pass through the small queue, however many they are, and push out nothing
 * that is asked for often. A visit notes a number in the answer and moves nothing, so that lookups
 * need no lock.
 *
 * <p>Unlike there, answers have sizes: the tenth is one of bytes. What nobody may get any more goes
 * as if it had never been given.
 *
 * <p>For one thread at a time.
 */
final class Eviction {
    private static final int SMALL_PART = 10;

    /** What was given so often on its way through the small queue goes on into the main queue. */
    private static final int VISITS_TO_STAY = 2;

    /** Bytes of an answer for which there is one mark. */
    private static final long BYTES_OF_MARK = 4096;

    private static final long LEAST_MARKS = 1L << 10;
    private static final long MOST_MARKS = 1L << 18;

    private final EvictionQueue small = new EvictionQueue();
    private final EvictionQueue main = new EvictionQueue();
    private final Ghosts ghosts;
    private final long smallBytes;

    Eviction(long mostBytes) {
        this.smallBytes = mostBytes / SMALL_PART;
        long marks = Math.clamp(mostBytes / BYTES_OF_MARK, LEAST_MARKS, MOST_MARKS);
        this.ghosts = new Ghosts((int) Long.highestOneBit(marks));
    }

    void add(Kept kept) {
        kept.isSettled = ghosts.take(kept.mark(), Math.max(main.size(), small.size()));
        queueOf(kept).push(kept);
    }

    /** Puts a newer answer in an older one's stead: it is asked for as often. */
    void replace(Kept old, Kept by) {
        remove(old);
        by.setVisits(old.visits());
        by.isSettled = old.isSettled;
        queueOf(by).push(by);
    }

    void remove(Kept kept) {
        queueOf(kept).remove(kept);
    }

    private EvictionQueue queueOf(Kept kept) {
        return kept.isSettled ? main : small;
    }

    /** Takes out who has to go; empty if nobody is left. */
    Optional<Kept> evict(long nowMillis) {
        if (small.bytes() > smallBytes || main.size() == 0) {
            Optional<Kept> gone = evictSmall(nowMillis);
            if (gone.isPresent()) {
                return gone;
            }
        }
        return evictMain(nowMillis);
    }

    private Optional<Kept> evictSmall(long nowMillis) {
        for (Optional<Kept> last = small.last(); last.isPresent(); last = small.last()) {
            Kept kept = last.get();
            small.remove(kept);
            if (visits(kept, nowMillis) < VISITS_TO_STAY) {
                ghosts.add(kept.mark());
                return last;
            }
            kept.setVisits(0);
            kept.isSettled = true;
            main.push(kept);
        }
        return Optional.empty();
    }

    /** Ends, as each round takes a visit off: unless others visit faster than this goes round. */
    private Optional<Kept> evictMain(long nowMillis) {
        int rounds = main.size() * (Kept.MOST_VISITS + 1);
        for (Optional<Kept> last = main.last(); last.isPresent(); last = main.last()) {
            Kept kept = last.get();
            main.remove(kept);
            int visits = visits(kept, nowMillis);
            if (visits == 0 || --rounds < 0) {
                return last;
            }
            kept.setVisits(visits - 1);
            main.push(kept);
        }
        return Optional.empty();
    }

    private static int visits(Kept kept, long nowMillis) {
        return kept.freshness.isOver(nowMillis) && !kept.answer.hasValidator() ? 0 : kept.visits();
    }
}
