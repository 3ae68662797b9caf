package io.runnel.exec.network.tcp;

import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.FrameWriter.TcpHead;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One connection of a guest's, and the host's end of it: the guest believes to speak with its peer.
 * It is opened by the guest, or for a peer that wants to reach a port of the guest's. What the peer
 * sends goes in by {@link #fromPeer}, what the guest sends is asked for by {@link #copyForPeer};
 * segments for the guest are asked for by {@link #emit}.
 */
public final class TcpFlow {
    /** How far a connection is. */
    public enum Phase {
        /** The guest has asked for it; the peer is being connected to. */
        CONNECTING,
        /** The guest is asked to take it. */
        CALLING,
        /** The guest has been told that the peer is there. */
        ANSWERED,
        /** Both sides know. */
        OPEN,
        /** Nothing more goes either way. */
        CLOSED
    }

    /** No timer runs. */
    public static final long NEVER = TcpSender.NEVER;

    /** The most bytes of a segment from the host. */
    static final int MOST_SEGMENT = Lan.MTU - 40;

    private static final int MOST_TRIES = 6;
    private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final FlowKey key;
    private final int first;
    private final boolean scaled; // Whether the guest's SYN offers it.
    private final TcpReceiver receiver;
    private final TcpSender sender;
    private Phase phase = Phase.CONNECTING;
    private boolean answerDue;
    private int answers;
    private long answerNanos = NEVER;
    private boolean resetDue;

    /**
     * One that a guest's SYN has begun.
     *
     * @param first the host's first number, which nobody can guess
     * @param most bytes that wait in each direction
     * @param budget what they are kept in, with those of others
     */
    public TcpFlow(FlowKey key, TcpSegment syn, int first, int most, ByteBudget budget) {
        this.key = key;
        this.first = first;
        this.scaled = syn.options().windowScale().isPresent();
        this.receiver = new TcpReceiver(syn.sequence() + 1, scaled, most, budget);
        this.sender =
                new TcpSender(
                        first + 1,
                        Math.min(MOST_SEGMENT, syn.options().mss()),
                        syn.options().windowScale().orElse(0),
                        most,
                        budget);
    }

    /**
     * One that is to be opened at a port of the guest's.
     *
     * @param first the host's first number, which nobody can guess
     * @param most bytes that wait in each direction
     * @param budget what they are kept in, with those of others
     */
    public TcpFlow(FlowKey key, int first, int most, ByteBudget budget) {
        this.key = key;
        this.first = first;
        this.scaled = true;
        this.receiver = new TcpReceiver(0, false, most, budget);
        this.sender = new TcpSender(first + 1, MOST_SEGMENT, 0, most, budget);
        this.phase = Phase.CALLING;
        this.answerDue = true;
    }

    /** Which it is. */
    public FlowKey key() {
        return key;
    }

    /** How far it is. */
    public Phase phase() {
        return phase;
    }

    /** Whether nothing more goes either way. */
    public boolean isClosed() {
        return phase == Phase.CLOSED;
    }

    /** Whether both sides have said that no more comes, and have all that came. */
    public boolean isFinished() {
        return sender.isFinished() && receiver.isFinished() && receiver.waiting() == 0;
    }

    /** Nothing more goes either way, from now on; the guest is not told. */
    public void close() {
        phase = Phase.CLOSED;
        sender.clear();
        receiver.clear();
    }

    /** Whether a guest's SYN is the one that began it, or a new one that its kernel may send. */
    private boolean isRepeated(TcpSegment syn) {
        return syn.sequence() + 1 == receiver.next() && phase != Phase.OPEN;
    }

    /** Takes a segment of the guest's. */
    public void accept(TcpSegment segment, long nowNanos) {
        if (phase == Phase.CLOSED) {
            return;
        }
        if (phase == Phase.CALLING) {
            answered(segment);
        } else if (segment.has(TcpSegment.RST)) {
            reset(segment);
        } else if (segment.has(TcpSegment.SYN)) {
            answerDue |= phase == Phase.ANSWERED && isRepeated(segment);
            if (phase == Phase.OPEN) {
                receiver.owesAck();
            }
        } else if (segment.has(TcpSegment.ACK) && phase != Phase.CONNECTING) {
            acknowledged(segment, nowNanos);
        }
    }

    /** The guest takes the connection, or does not. */
    private void answered(TcpSegment segment) {
        if (!segment.has(TcpSegment.ACK) || segment.acknowledgment() != first + 1) {
            return;
        }
        if (segment.has(TcpSegment.RST)) {
            phase = Phase.CLOSED;
        } else if (segment.has(TcpSegment.SYN)) {
            phase = Phase.OPEN;
            answerDue = false;
            sender.learn(
                    Math.min(MOST_SEGMENT, segment.options().mss()),
                    segment.options().windowScale().orElse(0));
            sender.windowOf(segment);
            receiver.begin(segment.sequence() + 1, segment.options().windowScale().isPresent());
        }
    }

    /** One that is not of the number that is to come may be somebody's guess (RFC 5961). */
    private void reset(TcpSegment segment) {
        if (segment.sequence() == receiver.next()) {
            phase = Phase.CLOSED;
        } else if (phase == Phase.OPEN) {
            receiver.owesAck();
        }
    }

    private void acknowledged(TcpSegment segment, long nowNanos) {
        if (!sender.knows(segment.acknowledgment())
                || Sequence.isBefore(segment.acknowledgment(), first + 1)) {
            if (phase == Phase.OPEN) {
                receiver.owesAck();
            }
            return;
        }
        phase = Phase.OPEN;
        answerNanos = NEVER;
        answerDue = false;
        sender.acknowledged(segment);
        receiver.accept(segment);
        sender.watch(nowNanos);
        closeWhenDone();
    }

    /** The guest's last word is acknowledged, too. */
    private void closeWhenDone() {
        if (isFinished() && !receiver.isAckDue()) {
            phase = Phase.CLOSED;
        }
    }

    /** The peer is connected to. */
    public void connected() {
        if (phase == Phase.CONNECTING) {
            phase = Phase.ANSWERED;
            answerDue = true;
        }
    }

    /** The peer is not there, or no more: the guest's next segment says so. */
    public void refuse() {
        if (phase != Phase.CLOSED) {
            resetDue = true;
        }
    }

    /** How many bytes of the peer's there is room for. */
    public int room() {
        return phase == Phase.CLOSED || resetDue ? 0 : sender.room();
    }

    /** Takes bytes of the peer's, for which there is room. */
    public void fromPeer(ByteBuffer bytes) {
        sender.put(bytes);
    }

    /** The peer has said that no more comes from it. */
    public void peerFinished() {
        sender.finish();
    }

    /** How many bytes wait for the peer. */
    public int forPeer() {
        return receiver.waiting();
    }

    /** Copies bytes for the peer, as many as fit. */
    public void copyForPeer(ByteBuffer into) {
        receiver.copy(into);
    }

    /** The peer has got these. */
    public void passedOn(int count) {
        receiver.passedOn(count);
        closeWhenDone();
    }

    /** Whether the guest has said that no more comes. */
    public boolean isGuestFinished() {
        return receiver.isFinished();
    }

    /** When {@link #expire} is to be called if nothing happens; {@link #NEVER} if it is not. */
    public long dueNanos() {
        return switch (phase) {
            case CONNECTING, CLOSED -> NEVER;
            case ANSWERED, CALLING -> answerNanos;
            case OPEN -> sender.dueNanos();
        };
    }

    /** Does what time has come for. */
    public void expire(long nowNanos) {
        if (dueNanos() == NEVER || dueNanos() - nowNanos > 0) {
            return;
        }
        boolean goesOn;
        if (phase == Phase.ANSWERED || phase == Phase.CALLING) {
            answerDue = true;
            goesOn = answers < MOST_TRIES;
        } else {
            goesOn = sender.expire();
        }
        if (!goesOn) {
            phase = Phase.CLOSED;
        }
    }

    /** Whether there is something to send to the guest. */
    public boolean hasMore() {
        return phase != Phase.CLOSED
                && (resetDue
                        || answerDue
                        || (phase == Phase.OPEN
                                && (receiver.isAckDue() || sender.nextLength() >= 0)));
    }

    /** Writes the next segment for the guest, if there is one. */
    public void emit(FrameWriter out, long nowNanos) {
        if (!hasMore()) {
            return;
        }
        if (resetDue) {
            emitReset(out);
        } else if (answerDue) {
            emitAnswer(out, nowNanos);
        } else {
            emitData(out, nowNanos);
        }
        closeWhenDone();
    }

    private void emitReset(FrameWriter out) {
        FlowPoint.reset(out, point().orElseThrow());
        phase = Phase.CLOSED;
    }

    private void emitAnswer(FrameWriter out, long nowNanos) {
        answerDue = false;
        answerNanos = nowNanos + (ANSWER_NANOS << answers);
        answers++;
        int window = receiver.toldUnscaled();
        int flags = TcpSegment.SYN | (phase == Phase.CALLING ? 0 : TcpSegment.ACK);
        TcpHead head = head(first, flags, window);
        if (scaled) {
            out.tcpSyn(head, MOST_SEGMENT, TcpReceiver.SCALE);
        } else {
            out.tcpSyn(head, MOST_SEGMENT);
        }
    }

    private TcpHead head(int sequence, int flags, int window) {
        return new TcpHead(
                key.remoteAddress(),
                key.remotePort(),
                key.guestPort(),
                sequence,
                receiver.next(),
                flags,
                window);
    }

    private void emitData(FrameWriter out, long nowNanos) {
        int length = sender.nextLength();
        int flags = length < 0 ? 0 : sender.flags(length);
        // One without bytes is no news of what may be sent again: it takes the highest number.
        int sequence = length < 0 ? sender.highest() : sender.next();
        TcpHead head = head(sequence, flags | TcpSegment.ACK, receiver.told());
        out.tcp(head, into -> sender.write(Math.max(0, length), into));
        if (length >= 0) {
            sender.sent(length, flags, nowNanos);
        }
    }

    /** Where it stands, so that it can be ended in the guest later; empty if nothing is open. */
    public Optional<FlowPoint> point() {
        return switch (phase) {
            case CLOSED -> Optional.empty();
            case CONNECTING -> Optional.of(new FlowPoint(key, 0, receiver.next()));
            // The guest's kernel may have it half open: it is as good as told.
            case CALLING -> Optional.of(new FlowPoint(key, first + 1, 0));
            case ANSWERED, OPEN ->
                    Optional.of(new FlowPoint(key, sender.highest(), receiver.next()));
        };
    }
}
