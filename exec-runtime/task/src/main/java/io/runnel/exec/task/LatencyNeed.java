package io.runnel.exec.task;

import java.util.Locale;

/** How much the time of a task's answers matters to its owner: by it POPs choose who runs there. */
public enum LatencyNeed {
    /** Every millisecond counts: it comes to a POP sooner, and leaves it for more only. */
    URGENT,
    /** As most. */
    NORMAL,
    /** Nobody waits: where a POP has little left, it makes room for others. */
    RELAXED;

    /** As it stands in commands and records. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Reads a label.
     *
     * @throws IllegalArgumentException if there is none such
     */
    public static LatencyNeed parse(String label) {
        for (LatencyNeed need : values()) {
            if (need.label().equals(label)) {
                return need;
            }
        }
        throw new IllegalArgumentException(
                "latency must be urgent, normal or relaxed: '%s'".formatted(Names.shown(label)));
    }
}
