package io.runnel.region.cli.supervisor;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a test does to a node's process. */
enum Hurt {
    /** It ends at once (SIGKILL), and is started again as after any crash. */
    KILL,
    /** It stands still (SIGSTOP). */
    FREEZE,
    /** It goes on (SIGCONT). */
    THAW;

    /** As it is written in a request. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Hurt> ofLabel(String label) {
        return Arrays.stream(values()).filter(hurt -> hurt.label().equals(label)).findFirst();
    }
}
