package io.runnel.exec.network.tcp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.Ipv4Packet;
import io.runnel.exec.network.wire.Lan;
import io.runnel.exec.network.wire.TcpSegment;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * Two ends of one connection: one calls, the other is called, and a wire between them that loses,
 * repeats and reorders as it is told. Time passes when nothing else can happen.
 */
final class FlowPair {
    static final FlowKey KEY = new FlowKey(80, 0xc6120100, 4000);
    private static final int MOST = 64 * 1024;

    /** Segments in a row; a window has room for fewer. */
    private static final int MOST_FRAMES = 10_000;

    private static final int MOST_STEPS = 500_000;

    /** One end, and who speaks there. */
    static final class Side {
        private final byte[] toSay;
        private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
        private TcpFlow flow;
        private int said;
        private boolean finished;

        Side(byte[] toSay) {
            this.toSay = toSay;
        }

        TcpFlow flow() {
            return flow;
        }

        byte[] heard() {
            return heard.toByteArray();
        }
    }

    private final ByteBudget budget;
    private final Random random;
    private final double trouble;
    private final Side caller;
    private final Side called;
    private final Deque<byte[]> toCaller = new ArrayDeque<>();
    private final Deque<byte[]> toCalled = new ArrayDeque<>();
    private long now = 1_000;
    private int steps;

    /**
     * A pair.
     *
     * @param trouble how likely a segment is lost, repeated or late
     */
    FlowPair(Random random, double trouble, byte[] fromCaller, byte[] fromCalled) {
        this.random = random;
        // Not always enough for both.
        this.budget = new ByteBudget(trouble > 0 ? random.nextInt(4 * MOST) : 16 * MOST);
        this.trouble = trouble;
        this.caller = new Side(fromCaller);
        this.called = new Side(fromCalled);
        caller.flow = new TcpFlow(KEY, random.nextInt(), MOST, budget);
    }

    Side caller() {
        return caller;
    }

    Side called() {
        return called;
    }

    static TcpSegment parse(byte[] frame) {
        ByteBuffer bytes = ByteBuffer.wrap(frame);
        assertTrue(bytes.getInt() == bytes.remaining(), "length");
        bytes.position(Integer.BYTES + Lan.ETHERNET_BYTES);
        return Ipv4Packet.parse(bytes).flatMap(TcpSegment::parse).orElseThrow();
    }

    static List<byte[]> emitted(TcpFlow flow, long now) {
        List<byte[]> frames = new ArrayList<>();
        ByteBuffer out = ByteBuffer.allocate(Lan.MOST_FRAME_BYTES + FrameWriter.MOST_HEADERS);
        while (flow.hasMore()) {
            assertTrue(frames.size() < MOST_FRAMES, "it never stops");
            flow.emit(new FrameWriter(out.clear()), now);
            byte[] frame = new byte[out.flip().remaining()];
            out.get(frame);
            frames.add(frame);
        }
        return frames;
    }

    /** Does one thing; false if there is nothing to do any more. */
    boolean step() {
        steps++;
        assertTrue(steps < MOST_STEPS, "it takes for ever");
        boolean any = deliver(toCaller, caller);
        any |= deliver(toCalled, called);
        any |= act(caller, toCalled);
        any |= act(called, toCaller);
        return any || pass();
    }

    private boolean deliver(Deque<byte[]> wire, Side to) {
        if (wire.isEmpty() || random.nextInt(3) == 0) {
            return !wire.isEmpty();
        }
        TcpSegment segment = parse(wire.poll());
        if (to.flow == null) {
            assertTrue(segment.has(TcpSegment.SYN));
            to.flow = new TcpFlow(KEY, segment, random.nextInt(), MOST, budget);
            to.flow.connected();
        } else {
            to.flow.accept(segment, now);
        }
        return true;
    }

    private boolean act(Side side, Deque<byte[]> wire) {
        if (side.flow == null) {
            return false;
        }
        boolean any = speak(side);
        any |= listen(side);
        for (byte[] frame : emitted(side.flow, now)) {
            put(frame, wire);
            any = true;
        }
        return any;
    }

    private boolean speak(Side side) {
        int room = Math.min(side.flow.room(), side.toSay.length - side.said);
        if (room > 0) {
            int count = 1 + random.nextInt(room);
            side.flow.fromPeer(ByteBuffer.wrap(side.toSay, side.said, count));
            side.said += count;
            return true;
        }
        if (side.said == side.toSay.length && !side.finished) {
            side.flow.peerFinished();
            side.finished = true;
            return true;
        }
        return false;
    }

    private boolean listen(Side side) {
        if (side.flow.forPeer() == 0) {
            return false;
        }
        if (random.nextInt(4) > 0) {
            ByteBuffer some = ByteBuffer.allocate(1 + random.nextInt(side.flow.forPeer()));
            side.flow.copyForPeer(some);
            side.heard.write(some.array(), 0, some.position());
            side.flow.passedOn(some.position());
        }
        return true;
    }

    private void put(byte[] frame, Deque<byte[]> wire) {
        if (random.nextDouble() >= trouble) {
            wire.add(frame);
            return;
        }
        switch (random.nextInt(3)) {
            case 0 -> {} // Lost.
            case 1 -> Collections.addAll(wire, frame, frame);
            default -> wire.addFirst(frame);
        }
    }

    private boolean pass() {
        long due = Math.min(due(caller), due(called));
        if (due == TcpFlow.NEVER) {
            return false;
        }
        now = Math.max(now, due);
        for (Side side : List.of(caller, called)) {
            if (side.flow != null) {
                side.flow.expire(now);
            }
        }
        return true;
    }

    private static long due(Side side) {
        return side.flow == null ? TcpFlow.NEVER : side.flow.dueNanos();
    }

    boolean isOpen() {
        return called.flow != null
                && called.flow.phase() == TcpFlow.Phase.OPEN
                && caller.flow.phase() == TcpFlow.Phase.OPEN;
    }

    /** How many segments are on their way to the caller. */
    int wireToCaller() {
        return toCaller.size();
    }

    void deliverToCaller() {
        caller.flow.accept(parse(toCaller.poll()), now);
    }

    long now() {
        return now;
    }
}
