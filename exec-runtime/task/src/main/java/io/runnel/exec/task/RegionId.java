package io.runnel.exec.task;

/** The name of a region. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'. */
public record RegionId(String value) implements Comparable<RegionId> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public RegionId {
        Names.requireLabel("region name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(RegionId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
