package io.runnel.exec.isolate;

import io.runnel.exec.task.MoveId;

import java.io.IOException;
import java.io.OutputStream;

/** The way of a call to the node that is to go on with it. All block. */
public interface MoveLink {
    /** Writes what the other node is to get. */
    @FunctionalInterface
    interface Sending {
        /** Writes all of it. */
        void to(OutputStream out) throws IOException;
    }

    /**
     * Asks the other node to take a call; it keeps room for it when this returns.
     *
     * @throws IOException if it does not take it, or does not answer; says why
     */
    void offer(MoveId id, byte[] offer) throws IOException, InterruptedException;

    /**
     * Sends a call that was offered; the other node has all of it when this returns.
     *
     * @throws IOException if it does not take it, or the way to it is broken; says why
     */
    void bring(MoveId id, Sending sending) throws IOException, InterruptedException;

    /**
     * Tells the other node that the call is its own now. May be said again.
     *
     * @return whether it goes on there; false if it is not there any more
     * @throws IOException if nobody knows whether it was heard
     */
    boolean goOn(MoveId id, byte[] state) throws IOException, InterruptedException;

    /** Tells the other node that the call stays; it finds that out by itself later. */
    void drop(MoveId id) throws InterruptedException;
}
