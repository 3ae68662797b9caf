package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Where QEMU finds things: by their names in its jail, or where they really are if it has no root
 * of its own.
 *
 * @param sockets the folder with {@link #CONTROL}, {@link #AGENT} and {@link #NETWORK}
 */
record QemuPaths(
        Path program,
        Path kernel,
        Path initramfs,
        Path codeImage,
        Optional<Path> baseImage,
        Path memory,
        Path sockets) {
    /** Where we listen for QEMU's control channel. */
    static final String CONTROL = "control";

    /** Where we listen for the agent's port. */
    static final String AGENT = "agent";

    /** Where we listen for the frames of the guest's network card. */
    static final String NETWORK = "network";

    /** Where we listen for the devices' state when it is saved. */
    static final String STATE = "state";
}
