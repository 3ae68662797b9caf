package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.AgentChannel;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.machine.Machine;

/**
 * A function that runs in a machine of its own.
 *
 * @param config what it was started with
 */
record LiveFunction(GuestConfig config, Machine machine, AgentChannel channel)
        implements AutoCloseable {
    /** Whether it can take a call. */
    boolean isAlive() {
        return channel.ended().isEmpty();
    }

    /** Ends it. What takes long is done behind. */
    @Override
    public void close() {
        channel.close();
        Thread.ofVirtual().name("microvm-end").start(machine::halt);
    }
}
