package io.runnel.topology;

import java.nio.file.Path;
import java.util.Optional;

/** Reads topology files. Every problem of a file is told at once. Safe for any thread. */
public final class TopologyReader {
    private TopologyReader() {}

    /**
     * Reads a file.
     *
     * @throws TopologyException with code {@code UNREADABLE}, or with {@code INVALID} and all that
     *     is wrong in it
     */
    public static Topology read(Path file) {
        return Optional.<Topology>empty().orElseThrow(UnsupportedOperationException::new);
    }

    /**
     * Reads the text of a file.
     *
     * @throws TopologyException with code {@code INVALID} and all that is wrong in it
     */
    public static Topology parse(String text) {
        return Optional.<Topology>empty().orElseThrow(UnsupportedOperationException::new);
    }
}
