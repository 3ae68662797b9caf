package io.runnel.exec.task;

import java.util.Locale;

/** What a call found when it came. */
public enum StartKind {
    /** Code that was ready to run. */
    WARM,
    /** Code that had to be read or compiled first. */
    COLD,
    /** A snapshot that was brought back. */
    RESTORED;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** As it stands in {@code Runnel-Start}. */
    public String label() {
        return label;
    }
}
