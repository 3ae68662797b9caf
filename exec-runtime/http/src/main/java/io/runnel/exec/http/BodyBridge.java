package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A body that streams, as a guest's standard input: its gathered beginning, then what the event
 * loop brings. At most {@link #ROOM} bytes and one chunk wait here; while they do, the request is
 * paused. Read by the slot's thread, filled by the event loop.
 */
public final class BodyBridge extends InputStream {
    /** What may wait here, besides the gathered beginning. */
    static final int ROOM = 64 * 1024;

    /** Where the stream stands. */
    private enum State {
        /** More may come. */
        OPEN,
        /** All has come. */
        ENDED,
        /** No more comes, and not all has come. */
        BROKEN
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Buffer> chunks = new ArrayDeque<>();
    private final Consumer<Runnable> onLoop;
    private final ReadStream<Buffer> rest;
    private GuestInput current;
    private long waitingBytes;
    private long receivedBytes;
    private boolean starved;
    private State state = State.OPEN;

    private BodyBridge(Buffer head, ReadStream<Buffer> rest, Consumer<Runnable> onLoop) {
        this.current = new GuestInput(head);
        this.receivedBytes = head.length();
        this.rest = rest;
        this.onLoop = onLoop;
    }

    /**
     * Joins the two parts. For the event loop.
     *
     * @param onLoop has it do something soon
     * @param onFailure told, on the loop, if the rest fails: it is too large or never comes
     */
    public static BodyBridge open(
            Buffer head,
            ReadStream<Buffer> rest,
            Consumer<Runnable> onLoop,
            Consumer<Throwable> onFailure) {
        BodyBridge bridge = new BodyBridge(head, rest, onLoop);
        rest.handler(bridge::add);
        rest.endHandler(v -> bridge.become(State.ENDED));
        rest.exceptionHandler(
                cause -> {
                    bridge.become(State.BROKEN);
                    onFailure.accept(cause);
                });
        rest.fetch(1);
        return bridge;
    }

    /** How much of the body has come. Any thread. */
    long receivedBytes() {
        lock.lock();
        try {
            return receivedBytes;
        } finally {
            lock.unlock();
        }
    }

    private void add(Buffer chunk) {
        boolean more;
        lock.lock();
        try {
            receivedBytes += chunk.length();
            chunks.add(chunk);
            waitingBytes += chunk.length();
            more = waitingBytes < ROOM;
            starved = !more;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (more) {
            rest.fetch(1);
        }
    }

    private void become(State next) {
        lock.lock();
        try {
            if (state == State.OPEN) {
                state = next;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
        Objects.checkFromIndexSize(offset, count, target.length);
        if (count == 0) {
            return 0;
        }
        lock.lock();
        try {
            while (current.available() == 0) {
                if (!next()) {
                    return -1;
                }
            }
            return current.read(target, offset, count);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int available() {
        lock.lock();
        try {
            return current.available();
        } finally {
            lock.unlock();
        }
    }

    /** Goes on to the next chunk, waiting for it; false if there is none. */
    private boolean next() throws IOException {
        awaitChunk();
        if (chunks.isEmpty()) {
            return false;
        }
        Buffer chunk = chunks.remove();
        waitingBytes -= chunk.length();
        current = new GuestInput(chunk);
        if (starved && waitingBytes < ROOM / 2) {
            starved = false;
            onLoop.accept(this::fetchMore);
        }
        return true;
    }

    /** Returns when there is a chunk, or all chunks have come. */
    private void awaitChunk() throws IOException {
        try {
            while (chunks.isEmpty() && state == State.OPEN) {
                changed.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("the call is to end");
        }
        if (chunks.isEmpty() && state == State.BROKEN) {
            throw new IOException("the request's body ended early");
        }
    }

    private void fetchMore() {
        boolean open;
        lock.lock();
        try {
            open = state == State.OPEN;
        } finally {
            lock.unlock();
        }
        if (open) {
            rest.fetch(1);
        }
    }

    /** No more is wanted or comes. Any thread. */
    @Override
    public void close() {
        become(State.BROKEN);
    }
}
