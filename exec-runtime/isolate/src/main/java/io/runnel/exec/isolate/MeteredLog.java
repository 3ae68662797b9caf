package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;

/**
 * Passes a guest's log on up to a limit, then drops and counts. A log that nobody takes any more
 * does not end the guest. One thread.
 */
final class MeteredLog implements OutputSink {
    private final OutputSink inner;
    private long leftBytes;
    private long droppedBytes;
    private boolean gone;

    MeteredLog(OutputSink inner, ByteSize limit) {
        this.inner = inner;
        this.leftBytes = limit.bytes();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        int fits = gone ? 0 : (int) Math.min(length, leftBytes);
        if (fits > 0) {
            leftBytes -= fits;
            pass(bytes, offset, fits);
        }
        droppedBytes += length - fits;
    }

    private void pass(byte[] bytes, int offset, int length) {
        try {
            inner.write(bytes, offset, length);
        } catch (SinkClosedException e) {
            gone = true;
            droppedBytes += length;
        }
    }

    long droppedBytes() {
        return droppedBytes;
    }
}
