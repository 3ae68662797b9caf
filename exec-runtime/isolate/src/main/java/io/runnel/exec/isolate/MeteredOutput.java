package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;

/** Counts what a guest writes and ends the guest when it is more than it may. One thread. */
final class MeteredOutput implements OutputSink {
    private final OutputSink inner;
    private final long limitBytes;
    private long writtenBytes;
    private boolean exceeded;

    MeteredOutput(OutputSink inner, ByteSize limit) {
        this.inner = inner;
        this.limitBytes = limit.bytes();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int fits = (int) Math.min(length, limitBytes - writtenBytes);
        if (fits > 0) {
            inner.write(bytes, offset, fits);
            writtenBytes += fits;
        }
        if (fits < length) {
            exceeded = true;
            throw new SinkClosedException(SinkClosedException.Reason.LIMIT);
        }
    }

    @Override
    public boolean tryWrite(byte[] bytes, int offset, int length) {
        boolean takes =
                length <= limitBytes - writtenBytes && inner.tryWrite(bytes, offset, length);
        writtenBytes += takes ? length : 0;
        return takes;
    }

    long writtenBytes() {
        return writtenBytes;
    }

    boolean exceeded() {
        return exceeded;
    }
}
