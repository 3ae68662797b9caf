package io.runnel.exec.microvm;

import io.runnel.exec.microvm.guest.AgentChannel;
import io.runnel.exec.microvm.guest.GuestConfig;
import io.runnel.exec.microvm.machine.Machine;
import io.runnel.exec.network.GuestNetwork;

import java.io.IOException;

/**
 * A function that runs in a machine of its own.
 *
 * @param config what it was started with
 */
record LiveFunction(GuestConfig config, Machine machine, AgentChannel channel, GuestNetwork network)
        implements AutoCloseable {
    /** Whether it can take a call. */
    boolean isAlive() {
        return channel.ended().isEmpty();
    }

    /** What it has for itself, in bytes; all that it may have if that cannot be told. */
    long heldBytes() {
        try {
            return machine.privateBytes();
        } catch (IOException e) {
            return machine.spec().memoryBytes();
        }
    }

    /** Ends it. What takes long is done behind. */
    @Override
    public void close() {
        channel.close();
        network.close();
        Thread.ofVirtual().name("microvm-end").start(machine::halt);
    }
}
