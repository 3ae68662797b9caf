package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Where and how a node's machines run.
 *
 * @param folder of the machines that run: one node a folder, a short path (sockets are in it), best
 *     in memory (tmpfs), since a booting machine's memory is a file there
 * @param cache of this node alone, on disk: what is made once for all machines
 * @param startLimit for a machine to answer on its control channel
 */
public record MachineSettings(Path folder, Path cache, JailSettings jail, Duration startLimit) {
    private static final Duration START = Duration.ofSeconds(20);

    /** With what stands if nothing else is said. */
    public static MachineSettings in(Path folder, Path cache) {
        return new MachineSettings(folder, cache, JailSettings.DEFAULT, START);
    }
}
