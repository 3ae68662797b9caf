package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.isolate.SinkClosedException.Reason;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Outcome;
import io.vertx.core.buffer.Buffer;

import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A guest's output on its way from its slot's thread to the event loop. {@link #ROOM} bytes may be
 * between guest and socket at any time: past that the guest's thread blocks until the client has
 * read. A guest that was blocked for {@link #PATIENCE_NANOS} in all may have more room, if there is
 * any, so that its slot is not the slow reader's.
 *
 * <p>The loop is woken as rarely as can be: when the guest ends, when the room is full, and, once
 * an answer flows, when a portion worth a write has gathered. What lies here for long is fetched by
 * the loop's ticks ({@link #isStale}).
 */
final class ResponseBridge implements OutputSink {
    /** What lies here and what the socket has not taken yet, together, unless it is widened. */
    static final int ROOM = 64 * 1024;

    private static final long PATIENCE_MILLIS = 20;
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);

    /** By how much it is widened at once. */
    static final int STEP = 256 * 1024;

    private static final byte[] NOTHING = {};
    private static final int FIRST = 512;
    private static final int PORTION = 16 * 1024;

    private final Runnable wakeLoop;
    private final Room more;
    private final int portion;

    // Guarded by this. A monitor is given back even if the stack ends where it is held.

    private byte[] bytes = NOTHING;
    private int length;
    private int onTheWay;
    private int room = ROOM;
    private long blockedNanos;
    private boolean flowing;

    /** The loop looks by itself when it has begun the call. */
    private boolean waking = true;

    private boolean closed;
    private boolean wasHereAtLastTick;
    private Optional<Outcome> outcome = Optional.empty();

    /** Where a bridge gets more room from. Called while the bridge is locked. */
    interface Room {
        /** There is none. */
        Room NONE =
                new Room() {
                    @Override
                    public boolean widen() {
                        return false;
                    }

                    @Override
                    public void narrow() {}
                };

        /** Takes room for {@link #STEP} bytes more, if there is so much. For the guest's thread. */
        boolean widen();

        /** All of it is of no use any more. For the loop. */
        void narrow();
    }

    /**
     * An empty bridge, of a call that the loop is about to begin: {@link #awaken} follows.
     *
     * @param wakeLoop has the event loop call {@link #take} soon
     * @param more where room comes from for a guest that is blocked
     */
    ResponseBridge(Runnable wakeLoop, Room more) {
        this(wakeLoop, more, PORTION);
    }

    private ResponseBridge(Runnable wakeLoop, Room more, int portion) {
        this.wakeLoop = wakeLoop;
        this.more = more;
        this.portion = portion;
    }

    /** One of an answer that flows from the first byte, each as soon as it is there. */
    static ResponseBridge eager(Runnable wakeLoop, Room more) {
        ResponseBridge bridge = new ResponseBridge(wakeLoop, more, 1);
        bridge.flowing = true;
        return bridge;
    }

    /** What the loop found: no more comes once there is an outcome. */
    static final class Portion {
        private final byte[] bytes;
        private final int length;
        private final Optional<Outcome> outcome;

        private Portion(byte[] bytes, int length, Optional<Outcome> outcome) {
            this.bytes = bytes;
            this.length = length;
            this.outcome = outcome;
        }

        int length() {
            return length;
        }

        Optional<Outcome> outcome() {
            return outcome;
        }

        CgiAnswer.Parsed parsed(AnswerHeads heads, CodeDigest code) {
            return heads.parse(code, bytes, length);
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, length);
        }

        Buffer asBuffer() {
            return Buffer.buffer(length).appendBytes(bytes, 0, length);
        }
    }

    @Override
    public synchronized void write(byte[] source, int offset, int count) {
        int at = offset;
        while (at < offset + count) {
            int part = Math.min(awaitRoom(), offset + count - at);
            append(source, at, part);
            at += part;
        }
        if (flowing && length >= portion) {
            wake();
        }
    }

    @Override
    public synchronized boolean tryWrite(byte[] source, int offset, int count) {
        boolean wakes = flowing && length + count >= portion;
        if (closed || wakes || count > room - length - onTheWay) {
            return false;
        }
        append(source, offset, count);
        return true;
    }

    private int awaitRoom() {
        while (true) {
            if (closed) {
                throw new SinkClosedException(Reason.GONE);
            }
            int free = room - length - onTheWay;
            if (free > 0) {
                return free;
            }
            if (length > 0) {
                wake();
            }
            if (blockedNanos >= PATIENCE_NANOS && more.widen()) {
                room += STEP;
                continue;
            }
            long since = System.nanoTime();
            try {
                wait(PATIENCE_MILLIS);
                blockedNanos += System.nanoTime() - since;
            } catch (InterruptedException e) {
                // Who interrupted knows why; the guest only learns that nobody listens.
                Thread.currentThread().interrupt();
                throw new SinkClosedException(Reason.GONE);
            }
        }
    }

    private void append(byte[] source, int at, int count) {
        if (length + count > bytes.length) {
            int wanted = Math.max(length + count, Math.max(FIRST, 4 * length));
            bytes = Arrays.copyOf(bytes, Math.min(room, wanted));
        }
        System.arraycopy(source, at, bytes, length, count);
        length += count;
    }

    private void wake() {
        if (!waking && !closed) {
            waking = true;
            wakeLoop.run();
        }
    }

    /** The guest has ended; on any thread, once. */
    synchronized void end(Outcome how) {
        outcome = Optional.of(how);
        if (!waking) {
            waking = true;
            wakeLoop.run();
        }
    }

    /**
     * The loop has begun the call, and from now on is to be woken.
     *
     * @return whether it is to {@link #take} now
     */
    synchronized boolean awaken() {
        waking = outcome.isPresent() || length == ROOM || (flowing && length >= portion);
        return waking;
    }

    /** What may be an answer's head, left here. For the loop. */
    synchronized CgiAnswer.Parsed head() {
        return CgiAnswer.parse(bytes, length);
    }

    /** Takes all that is here. For the loop, which says by {@link #sent} when it is gone. */
    synchronized Portion take() {
        Portion portion = new Portion(bytes, length, outcome);
        bytes = NOTHING;
        onTheWay += length;
        length = 0;
        flowing = true;
        waking = false;
        wasHereAtLastTick = false;
        return portion;
    }

    /** The socket has taken so many bytes. */
    synchronized void sent(int count) {
        onTheWay -= count;
        if (room > ROOM && length + onTheWay == 0) {
            room = ROOM;
            more.narrow();
        }
        notifyAll();
    }

    /** Whether something lies here since the last call of this method. For the loop's ticks. */
    synchronized boolean isStale() {
        boolean here = length > 0 && !waking;
        boolean stale = here && wasHereAtLastTick;
        wasHereAtLastTick = here;
        return stale;
    }

    /** Nobody reads any more: the guest ends at its next write. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
