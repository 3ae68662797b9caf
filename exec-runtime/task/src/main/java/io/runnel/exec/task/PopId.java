package io.runnel.exec.task;

/** The name of a point of presence. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'. */
public record PopId(String value) implements Comparable<PopId> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public PopId {
        Names.requireLabel("POP name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(PopId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
