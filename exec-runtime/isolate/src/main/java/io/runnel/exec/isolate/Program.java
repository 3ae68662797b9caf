package io.runnel.exec.isolate;

/**
 * Code that is ready to run, shared by its isolates. Safe for any thread. After {@link #close} no
 * new isolate is made; those that run go on.
 */
public interface Program extends AutoCloseable {
    /**
     * A new isolate for one thread. Cheap enough to make one for each call.
     *
     * @throws IllegalStateException after {@link #close}
     */
    Isolate newIsolate();

    /** About how much memory the program itself keeps while it is ready, in bytes. */
    long footprintBytes();

    @Override
    void close();
}
