package io.runnel.exec.network.tcp;

import io.runnel.exec.network.wire.TcpSegment;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** What goes to the guest: kept until it is acknowledged, sent again if that takes too long. */
final class TcpSender {
    /** No timer runs. */
    static final long NEVER = Long.MAX_VALUE;

    private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_TRIES = 8;
    private static final int TRIES_OF_STUCK = 5;
    private static final int DUPLICATES = 3;

    private final ByteRing kept;
    private int mss;
    private int shift;
    private int acknowledged; // The first number that the guest has not acknowledged.
    private int next; // The one that is sent next.
    private int highest; // The one after the last that was ever sent.
    private int window;
    private boolean finishing;
    private boolean finAcknowledged;
    private boolean probing;
    private int duplicates;
    private int tries;
    private long dueNanos = NEVER;

    /**
     * From this number on.
     *
     * @param mss the most bytes of a segment
     * @param shift of the guest's windows
     * @param most bytes that wait to go to the guest or to be acknowledged by it
     */
    TcpSender(int first, int mss, int shift, int most, ByteBudget budget) {
        this.kept = new ByteRing(most, budget);
        this.acknowledged = first;
        this.next = first;
        this.highest = first;
        this.mss = mss;
        this.shift = shift;
    }

    /** Nothing is sent any more. */
    void clear() {
        kept.clear();
    }

    /** The guest has said how it takes segments. */
    void learn(int most, int windowShift) {
        mss = most;
        shift = windowShift;
    }

    /** The window in a SYN is never scaled. */
    void windowOf(TcpSegment syn) {
        window = syn.window();
    }

    /** The number after the last that was sent. */
    int highest() {
        return highest;
    }

    /** The first number that is not acknowledged. */
    int acknowledged() {
        return acknowledged;
    }

    /** How many bytes it takes now. */
    int room() {
        return finishing ? 0 : kept.room();
    }

    /** Takes bytes for which there is room. */
    void put(ByteBuffer bytes) {
        kept.put(bytes);
    }

    /** No more comes: the guest is told behind the last byte. */
    void finish() {
        finishing = true;
    }

    /** Whether the guest has got everything, and that this is all. */
    boolean isFinished() {
        return finAcknowledged;
    }

    /** When something is to be done if nothing happens; {@link #NEVER} if nothing is. */
    long dueNanos() {
        return dueNanos;
    }

    /** Whether an acknowledgment is of something that was sent. */
    boolean knows(int acknowledgment) {
        return !Sequence.isAfter(acknowledgment, highest);
    }

    /** The guest has all before this number, and room for so much more. */
    void acknowledged(TcpSegment segment) {
        int number = segment.acknowledgment();
        int old = window;
        if (isStuck()) {
            // It lives; it only has no room, for as long as it likes.
            tries = Math.min(tries, TRIES_OF_STUCK);
        }
        if (!Sequence.isBefore(number, acknowledged)) {
            window = segment.window() << shift;
        }
        int count = Sequence.distance(acknowledged, number);
        if (count > 0) {
            advance(number, count);
        } else if (count == 0
                && segment.length() == 0
                && window == old
                && Sequence.isAfter(highest, acknowledged)) {
            duplicates++;
            if (duplicates == DUPLICATES) {
                next = acknowledged;
            }
        }
    }

    private void advance(int number, int count) {
        int bytes = Math.min(count, kept.size());
        kept.drop(bytes);
        finAcknowledged |= count > bytes;
        acknowledged = number;
        if (Sequence.isBefore(next, number)) {
            next = number;
        }
        duplicates = 0;
        tries = 0;
        dueNanos = NEVER; // Set again by the next segment, or by restart.
    }

    /** Begins to wait for what is on its way, if nothing waits yet. */
    void watch(long nowNanos) {
        boolean waits = Sequence.isAfter(highest, acknowledged) || isStuck();
        if (!waits) {
            dueNanos = NEVER;
        } else if (dueNanos == NEVER) {
            dueNanos = nowNanos + (FIRST_WAIT_NANOS << tries);
        }
    }

    private boolean isStuck() {
        return window == 0 && unsent() > 0;
    }

    private int unsent() {
        return kept.size() - Math.min(kept.size(), Sequence.distance(acknowledged, next));
    }

    /**
     * Time has come.
     *
     * @return false if the guest has not answered for so long that it will not any more
     */
    boolean expire() {
        dueNanos = NEVER;
        tries++;
        probing = window == 0;
        next = acknowledged;
        return tries <= MOST_TRIES;
    }

    /** How many bytes the next segment has; −1 if there is none, not even one without bytes. */
    int nextLength() {
        int unsent = unsent();
        int onTheWay = Sequence.distance(acknowledged, next);
        int usable = probing ? 1 : Math.max(0, window - onTheWay);
        int length = Math.min(Math.min(unsent, usable), mss);
        boolean silly = length < unsent && length < mss && onTheWay > 0;
        if (length > 0 && !silly) {
            return length;
        }
        boolean finIsNext = finishing && !finAcknowledged && onTheWay == kept.size();
        return finIsNext ? 0 : -1;
    }

    /** The flags of a segment of this length. */
    int flags(int length) {
        boolean last = Sequence.distance(acknowledged, next) + length >= kept.size();
        return (last && length > 0 ? TcpSegment.PSH : 0) | (last && finishing ? TcpSegment.FIN : 0);
    }

    /** The number of its first byte. */
    int next() {
        return next;
    }

    /** Writes the bytes of the next segment. */
    void write(int length, ByteBuffer into) {
        kept.copy(Math.min(kept.size(), Sequence.distance(acknowledged, next)), length, into);
    }

    /** The next segment has been sent; a probe is likely to be refused, and is sent again. */
    void sent(int length, int flags, long nowNanos) {
        int after = next + length + ((flags & TcpSegment.FIN) != 0 ? 1 : 0);
        if (Sequence.isAfter(after, highest)) {
            highest = after;
        }
        if (!probing) {
            next = after;
        }
        probing = false;
        watch(nowNanos);
    }
}
