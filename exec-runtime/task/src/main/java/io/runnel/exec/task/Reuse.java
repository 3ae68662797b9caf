package io.runnel.exec.task;

import java.util.Locale;

/** What of a guest's memory one call leaves to the next. */
public enum Reuse {
    /** Nothing: each call begins with fresh memory. */
    FRESH,
    /**
     * All of it, to the next call of the same version by the same account, as long as the isolate
     * is there: a cache, and never more than that. Calls without credentials begin with fresh
     * memory.
     */
    KEPT;

    /** As it stands in commands and records. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a label.
     *
     * @throws IllegalArgumentException if there is none such
     */
    public static Reuse parse(String label) {
        for (Reuse reuse : values()) {
            if (reuse.label().equals(label)) {
                return reuse;
            }
        }
        throw new IllegalArgumentException(
                "reuse must be fresh or kept: '%s'".formatted(Names.shown(label)));
    }
}
