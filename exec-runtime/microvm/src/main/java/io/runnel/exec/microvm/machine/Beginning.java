package io.runnel.exec.microvm.machine;

import java.io.InputStream;

/** What a machine begins with. */
sealed interface Beginning {
    /**
     * Its kernel boots.
     *
     * @param savable whether it can be saved later: then its memory is a file
     */
    record Kernel(boolean savable) implements Beginning {}

    /**
     * With a snapshot.
     *
     * @param state of the devices, as the snapshot has it; checked
     */
    record Restored(Snapshot snapshot, InputStream state) implements Beginning {}

    /**
     * With what another machine sends of itself; it stands still then.
     *
     * @param stream all of that machine
     */
    record Sent(InputStream stream) implements Beginning {}

    /** Whether it can be saved. */
    default boolean isSavable() {
        return this instanceof Kernel(boolean savable) && savable;
    }
}
