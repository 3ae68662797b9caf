package io.runnel.exec.isolate;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A sink that keeps what it gets and says when the first byte came. */
public final class Collected implements OutputSink {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final CountDownLatch first = new CountDownLatch(1);

    @Override
    public synchronized void write(byte[] from, int offset, int length) {
        bytes.write(from, offset, length);
        first.countDown();
    }

    /** What came so far, as text. */
    public synchronized String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** How many bytes came so far. */
    public synchronized int size() {
        return bytes.size();
    }

    /**
     * Waits for the first byte.
     *
     * @throws IllegalStateException if none comes
     */
    public void awaitFirst() throws InterruptedException {
        if (!first.await(60, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the guest wrote nothing");
        }
    }
}
