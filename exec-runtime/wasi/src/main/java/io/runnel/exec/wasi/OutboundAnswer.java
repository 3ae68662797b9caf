package io.runnel.exec.wasi;

import java.time.Duration;
import java.util.List;

/** The answer to an {@link OutboundRequest}, as it comes. One thread. */
public interface OutboundAnswer extends AutoCloseable {
    /** Its status code. */
    int status();

    /** Its headers, in order. */
    List<OutboundHeader> headers();

    /**
     * Reads some of the body, as much as is there.
     *
     * @param length at least 1
     * @param most how long to wait
     * @return how many bytes; 0 at the end
     * @throws OutboundException if it broke off, or nothing came in time
     * @throws InterruptedException if the thread was interrupted
     */
    int read(byte[] into, int offset, int length, Duration most)
            throws OutboundException, InterruptedException;

    /** Ends it, wherever it is. Does not wait. */
    @Override
    void close();
}
