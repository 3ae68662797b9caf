package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.isolate.SinkClosedException.Reason;
import io.vertx.core.buffer.Buffer;

import java.util.Arrays;

/**
 * A guest's output that is of use only as a whole. Written by the slot's thread; read by whoever
 * learned that the guest has ended.
 */
final class WholeOutput implements OutputSink {
    private static final int FIRST = 512;

    private final int mostBytes;
    private byte[] bytes = {};
    private int length;
    private boolean overflowed;
    private volatile boolean closed;

    WholeOutput(long mostBytes) {
        this.mostBytes = Math.toIntExact(mostBytes);
    }

    @Override
    public void write(byte[] source, int offset, int count) {
        if (closed) {
            throw new SinkClosedException(Reason.GONE);
        }
        if (count > mostBytes - length) {
            overflowed = true;
            throw new SinkClosedException(Reason.LIMIT);
        }
        append(source, offset, count);
    }

    @Override
    public boolean tryWrite(byte[] source, int offset, int count) {
        if (closed || count > mostBytes - length) {
            return false;
        }
        append(source, offset, count);
        return true;
    }

    private void append(byte[] source, int offset, int count) {
        if (length + count > bytes.length) {
            int wanted = Math.max(length + count, Math.max(FIRST, 2 * length));
            bytes = Arrays.copyOf(bytes, Math.min(mostBytes, wanted));
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    /** Nobody reads it: the guest ends at its next write. Any thread. */
    void close() {
        closed = true;
    }

    boolean overflowed() {
        return overflowed;
    }

    int length() {
        return length;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    Buffer toBuffer() {
        return Buffer.buffer(length).appendBytes(bytes, 0, length);
    }
}
