package io.runnel.exec.network;

import io.runnel.exec.network.tcp.TcpFlow;
import io.runnel.exec.network.wire.FrameWriter;
import io.runnel.exec.network.wire.Lan;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.SequencedSet;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What is to go to the guest: single frames first, then a segment of each connection in turn, so
 * that none keeps the others waiting. Segments are made when there is room for them on the wire.
 * Guarded by the network's lock.
 */
final class Outbox {
    private static final int MOST_SINGLE_BYTES = 512 * 1024;

    private final Condition changed;
    private final Deque<ByteBuffer> single = new ArrayDeque<>();
    private final SequencedSet<TcpFlow> ready = new LinkedHashSet<>();
    private int singleBytes;

    /**
     * An empty one.
     *
     * @param lock the network's
     */
    Outbox(ReentrantLock lock) {
        this.changed = lock.newCondition();
    }

    /**
     * Adds a frame; it is dropped if too many wait, as networks do.
     *
     * @param payload how many bytes it has beside its headers
     */
    void add(int payload, Consumer<FrameWriter> frame) {
        int bytes = payload + FrameWriter.MOST_HEADERS;
        if (singleBytes + bytes > MOST_SINGLE_BYTES) {
            return;
        }
        ByteBuffer out = ByteBuffer.allocate(bytes);
        frame.accept(new FrameWriter(out));
        singleBytes += out.flip().remaining();
        single.add(out);
        changed.signal();
    }

    /** A connection may have something to send. */
    void ready(TcpFlow flow) {
        if (flow.hasMore() && ready.add(flow)) {
            changed.signal();
        }
    }

    /** Fills a buffer with frames. */
    void fill(ByteBuffer batch, long nowNanos, Consumer<TcpFlow> sent) {
        while (!single.isEmpty() && batch.remaining() >= single.peek().remaining()) {
            singleBytes -= single.peek().remaining();
            batch.put(single.poll());
        }
        FrameWriter writer = new FrameWriter(batch);
        while (!ready.isEmpty()
                && batch.remaining() >= Lan.MOST_FRAME_BYTES + FrameWriter.MOST_HEADERS) {
            TcpFlow flow = ready.removeFirst();
            flow.emit(writer, nowNanos);
            sent.accept(flow);
            if (flow.hasMore()) {
                ready.add(flow);
            }
        }
    }

    /** What is signalled when there may be more. */
    Condition changed() {
        return changed;
    }

    /** Ends the wait. */
    void wake() {
        changed.signal();
    }

    void clear() {
        single.clear();
        ready.clear();
        singleBytes = 0;
    }
}
