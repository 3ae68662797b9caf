package io.runnel.exec.isolate;

/** Where a guest's bytes go. Used by one thread; blocks while its reader is slow. */
@FunctionalInterface
public interface OutputSink {
    /** Drops everything. */
    OutputSink NOWHERE = (bytes, offset, length) -> {};

    /**
     * Takes these bytes; they are the caller's again when it returns.
     *
     * @throws SinkClosedException if no more is wanted: the limit is reached or the reader is gone
     */
    void write(byte[] bytes, int offset, int length);

    /**
     * Takes these bytes if that needs next to no stack, waits for nothing and wakes nobody; else
     * takes none of them. May be called where the stack may end in it: then nothing is left half
     * done that outlives the call, a lock least of all.
     *
     * @return whether it took them
     */
    default boolean tryWrite(byte[] bytes, int offset, int length) {
        return false;
    }
}
