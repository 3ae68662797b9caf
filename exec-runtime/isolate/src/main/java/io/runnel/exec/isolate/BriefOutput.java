package io.runnel.exec.isolate;

import java.util.Arrays;

/**
 * What a guest writes while nobody knows yet whether its run counts. More than a little ends the
 * run: where it goes next may have to be waited for. One thread.
 */
final class BriefOutput implements OutputSink {
    /** As much as every reader takes at once. */
    static final int MOST_BYTES = 32 * 1024;

    private static final int FIRST = 512;

    private byte[] bytes = {};
    private int length;
    private boolean full;

    @Override
    public void write(byte[] source, int offset, int count) {
        if (!tryWrite(source, offset, count)) {
            full = true;
            throw new SinkClosedException(SinkClosedException.Reason.GONE);
        }
    }

    @Override
    public boolean tryWrite(byte[] source, int offset, int count) {
        if (count > MOST_BYTES - length) {
            return false;
        }
        if (length + count > bytes.length) {
            int wanted = Math.max(length + count, Math.max(FIRST, 2 * length));
            bytes = Arrays.copyOf(bytes, Math.min(MOST_BYTES, wanted));
        }
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return true;
    }

    /** Whether there was more than it takes. */
    boolean isFull() {
        return full;
    }

    /** Passes on what was written: the run counts. */
    void flushTo(OutputSink sink) {
        if (length > 0) {
            sink.write(bytes, 0, length);
        }
    }
}
