package io.runnel.exec.network.tcp;

import io.runnel.exec.network.wire.TcpSegment;

import java.nio.ByteBuffer;

/** What comes from the guest: in order, as far as there is room, and acknowledged. */
final class TcpReceiver {
    /** How far windows are shifted. */
    static final int SCALE = 7;

    private static final int MOST_UNSCALED = 0xffff;

    private final ByteRing waiting;
    private final int most;
    private boolean scaled;
    private int next;
    private boolean finished;
    private boolean ackDue;
    private int told;

    /**
     * From this number on.
     *
     * @param scaled whether the guest knows scaled windows
     * @param most bytes that wait to go on to the peer
     */
    TcpReceiver(int next, boolean scaled, int most, ByteBudget budget) {
        this.waiting = new ByteRing(most, budget);
        this.most = most;
        this.told = most;
        this.next = next;
        this.scaled = scaled;
    }

    /** Nothing goes on any more. */
    void clear() {
        waiting.clear();
    }

    /** The guest has said where it begins. */
    void begin(int number, boolean knowsScale) {
        next = number;
        scaled = knowsScale;
        ackDue = true;
    }

    /** The number of the byte that is to come. */
    int next() {
        return next;
    }

    /** Whether the guest has said that no more comes. */
    boolean isFinished() {
        return finished;
    }

    boolean isAckDue() {
        return ackDue;
    }

    void owesAck() {
        ackDue = true;
    }

    /** Takes what is new of a segment. */
    void accept(TcpSegment segment) {
        int known = Sequence.distance(segment.sequence(), next);
        if (segment.length() == 0) {
            // A question whether we are there has a number that is over. One that is yet to come
            // says
            // that something was lost; two ends that both answered that would never stop.
            ackDue |= known > 0;
            return;
        }
        ackDue = true;
        ByteBuffer bytes = segment.payload().duplicate();
        if (finished || known < 0 || known > bytes.remaining()) {
            return;
        }
        bytes.position(bytes.position() + known);
        next += waiting.put(bytes);
        if (!bytes.hasRemaining() && segment.has(TcpSegment.FIN)) {
            finished = true;
            next++;
        }
    }

    /** The window that a segment from here tells, and that it acknowledges. */
    int told() {
        ackDue = false;
        told = most - waiting.size(); // Never less than was told before.
        return Math.min(MOST_UNSCALED, scaled ? told >>> SCALE : told);
    }

    /** The same in a SYN, where windows are never scaled. */
    int toldUnscaled() {
        var unused = told();
        return Math.min(MOST_UNSCALED, told);
    }

    /** Bytes that the peer has not got yet. */
    int waiting() {
        return waiting.size();
    }

    /** Copies what waits, as far as it fits. */
    void copy(ByteBuffer into) {
        waiting.copy(0, Math.min(waiting.size(), into.remaining()), into);
    }

    /** The peer has got these. */
    void passedOn(int count) {
        waiting.drop(count);
        // A guest that was told of little room has to be told of more.
        if (told < most / 4 && most - waiting.size() >= most / 2) {
            ackDue = true;
        }
    }
}
