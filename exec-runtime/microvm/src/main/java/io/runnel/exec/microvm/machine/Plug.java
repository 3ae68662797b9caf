package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** What a machine's network card is plugged into. */
@FunctionalInterface
public interface Plug {
    /** Nothing: what the guest sends is lost. */
    Plug NONE = frames -> {};

    /**
     * Takes the other end of the wire, as {@link Machine#frames} describes it. What is written
     * before this returns, a guest that begins with a snapshot gets before it does anything.
     *
     * @throws IOException if the wire is of no use; then the machine does not start
     */
    void plug(SocketChannel frames) throws IOException;
}
