package io.runnel.exec.microvm.machine;

import java.nio.file.Path;
import java.nio.file.Paths;

/**
 * Whom machines run as.
 *
 * @param firstUid of their users, also the first of their groups; nobody else has them
 * @param uids how many: as many machines can run on this computer
 * @param claims a folder of locks that all nodes of the computer share
 */
public record JailSettings(int firstUid, int uids, Path claims) {
    private static final int FIRST = 2_100_000_000;
    private static final int COUNT = 4096;
    private static final int LEAST_UID = 1000;

    /** What stands if nothing else is said. */
    public static final JailSettings DEFAULT =
            new JailSettings(FIRST, COUNT, Paths.get("/run/runnel/machine-uids"));

    /**
     * Checks the range.
     *
     * @throws IllegalArgumentException if it has users of the system in it, or ends too far up
     */
    public JailSettings {
        if (firstUid < LEAST_UID || uids < 1 || uids > Integer.MAX_VALUE - firstUid) {
            throw new IllegalArgumentException(
                    "users of machines must be from %d to %d: %d and %d more"
                            .formatted(LEAST_UID, Integer.MAX_VALUE, firstUid, uids));
        }
    }
}
