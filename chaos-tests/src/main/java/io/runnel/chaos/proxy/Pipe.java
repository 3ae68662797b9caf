package io.runnel.chaos.proxy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * One direction of one connection: one thread reads, one writes, a {@link Shaper} between them says
 * what and when. At most {@link #MOST_QUEUED} bytes wait; then the source has to.
 */
final class Pipe {
    private static final int MOST_QUEUED = 1 << 20;
    private static final int READ_BYTES = 1 << 14;

    private final Connection connection;
    private final Socket source;
    private final Socket sink;
    private final Shaper shaper;
    private final LongSupplier nanoClock;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean closed;

    Pipe(Connection connection, Socket source, Socket sink, Shaper shaper, LongSupplier nanoClock) {
        this.connection = connection;
        this.source = source;
        this.sink = sink;
        this.shaper = shaper;
        this.nanoClock = nanoClock;
    }

    void start(String name) {
        Thread.ofVirtual().name(name + " reads").start(this::read);
        Thread.ofVirtual().name(name + " writes").start(this::write);
    }

    void apply(List<Toxic> toxics) {
        change(() -> shaper.apply(toxics, nanoClock.getAsLong()));
    }

    void close() {
        change(() -> closed = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void read() {
        byte[] buffer = new byte[READ_BYTES];
        try {
            InputStream in = source.getInputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (!offer(Arrays.copyOf(buffer, length))) {
                    return;
                }
            }
            change(() -> shaper.end(nanoClock.getAsLong()));
        } catch (IOException e) {
            // The source was reset, so its peer is: a proxy that closed politely would hide it.
            connection.reset();
        }
    }

    private boolean offer(byte[] bytes) {
        lock.lock();
        try {
            shaper.offer(bytes, nanoClock.getAsLong());
            changed.signalAll();
            while (shaper.queuedBytes() >= MOST_QUEUED && !closed) {
                changed.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void write() {
        try {
            OutputStream out = sink.getOutputStream();
            boolean open = true;
            while (open) {
                open =
                        switch (nextStep()) {
                            case Step.Wait _ -> throw new IllegalStateException("waited already");
                            case Step.Send(ByteBuffer bytes) -> {
                                int from = bytes.arrayOffset() + bytes.position();
                                out.write(bytes.array(), from, bytes.remaining());
                                yield true;
                            }
                            case Step.Finish() -> finish();
                            case Step.Cut() -> cut();
                            case Step.Reset() -> reset();
                        };
            }
        } catch (IOException e) {
            connection.reset();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            connection.close();
        }
    }

    /** Waits as long as there is nothing to do. */
    private Step nextStep() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            Step step = closed ? new Step.Cut() : shaper.next(nanoClock.getAsLong());
            while (step instanceof Step.Wait(long nanos)) {
                changed.signalAll(); // there may be room for the reader
                changed.awaitNanos(nanos);
                step = closed ? new Step.Cut() : shaper.next(nanoClock.getAsLong());
            }
            changed.signalAll();
            return step;
        } finally {
            lock.unlock();
        }
    }

    private boolean finish() throws IOException {
        sink.shutdownOutput();
        connection.finished(this);
        return false;
    }

    private boolean cut() {
        connection.close();
        return false;
    }

    private boolean reset() {
        connection.reset();
        return false;
    }
}
