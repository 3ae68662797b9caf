package io.runnel.exec.node;

/**
 * A node whose process can be followed by another one while it still serves: what only one process
 * may have, its files and its word in the network, goes first, its port with its end. Called on one
 * thread, one call at a time; both may block.
 */
public interface Succeeded extends AutoCloseable {
    /** Gives up what only one process may have; goes on serving. */
    void letGo();

    /** Takes it again: the other process did not come up. */
    void takeBack();

    /** Ends it. */
    @Override
    void close();
}
