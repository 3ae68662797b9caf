package io.runnel.exec.task;

/** The name of a schedule within its account. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'. */
public record ScheduleName(String value) implements Comparable<ScheduleName> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public ScheduleName {
        Names.requireLabel("schedule name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(ScheduleName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
