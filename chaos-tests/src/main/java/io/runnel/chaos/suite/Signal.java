package io.runnel.chaos.suite;

import java.util.Locale;

/** What a node's process is sent. */
enum Signal {
    /** It ends at once. */
    KILL("KILL"),
    /** It stands still. */
    FREEZE("STOP"),
    /** It goes on. */
    THAW("CONT");

    private final String posixName;

    Signal(String posixName) {
        this.posixName = posixName;
    }

    /** As {@code kill} knows it. */
    String posixName() {
        return posixName;
    }

    /** As supervisors know it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
