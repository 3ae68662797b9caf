package io.runnel.routing.cache;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * An answer where it is kept, and how it fares. What it is never changes; visits and the turn to
 * revalidate are any thread's; its place in a queue belongs to who holds the lock of {@link Shelf}.
 */
final class Kept {
    /** More visits than these say nothing. */
    static final int MOST_VISITS = 3;

    /** Objects around an answer: those of this class, of the map, the key, the lists. */
    private static final long OVERHEAD = 640;

    private static final long HEADER_OVERHEAD = 160;
    private static final long BYTES_OF_CHARACTER = 2;

    private static final long NEVER = Long.MIN_VALUE;

    final CacheKey key;
    final Vary vary;
    final String varyText;
    final Freshness freshness;
    final StoredAnswer answer;

    /** Bytes. */
    final long cost;

    /** Where it waits to be evicted. */
    final QueuePlace place = new QueuePlace(this);

    /** Whether that is in the main queue; belongs to the lock's holder, as the place does. */
    boolean isSettled;

    private final AtomicInteger visits = new AtomicInteger();
    private final AtomicLong turn = new AtomicLong(NEVER);

    Kept(CacheKey key, String varyText, Terms terms, StoredAnswer answer) {
        this.key = key;
        this.vary = terms.vary();
        this.varyText = varyText;
        this.freshness = terms.freshness();
        this.answer = answer;
        this.cost = cost(key, varyText, terms) + answer.length();
    }

    /** Bytes, without a body: rather too many than too few. */
    static long cost(CacheKey key, String varyText, Terms terms) {
        long characters = key.characters();
        characters += varyText.length();
        for (Map.Entry<String, String> header : terms.headers()) {
            characters += header.getKey().length();
            characters += header.getValue().length();
        }
        return OVERHEAD
                + terms.headers().size() * HEADER_OVERHEAD
                + characters * BYTES_OF_CHARACTER;
    }

    /** By what it is known again after it went. */
    long mark() {
        long mixed = ((long) key.hashCode() << Integer.SIZE) ^ varyText.hashCode();
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return mixed ^ (mixed >>> 31);
    }

    /** Notes that it was given. Of two at once one may be lost. */
    void visit() {
        int seen = visits.getOpaque();
        if (seen < MOST_VISITS) {
            visits.setOpaque(seen + 1);
        }
    }

    int visits() {
        return visits.getOpaque();
    }

    void setVisits(int count) {
        visits.setOpaque(count);
    }

    /** Whether it is this caller's turn to revalidate: only one's within so many milliseconds. */
    boolean takeTurn(long nowMillis, long forMillis) {
        long last = turn.get();
        boolean isFree = last == NEVER || nowMillis < last || nowMillis - last >= forMillis;
        return isFree && turn.compareAndSet(last, nowMillis);
    }
}
