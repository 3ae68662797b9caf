package io.runnel.exec.isolate;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.concurrent.CountDownLatch;

/** A body of which nothing ever comes. A read blocks until its thread is interrupted. */
public final class SilentInput extends InputStream {
    private final CountDownLatch never = new CountDownLatch(1);

    @Override
    public int read() throws IOException {
        try {
            never.await();
            return -1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return read();
    }
}
