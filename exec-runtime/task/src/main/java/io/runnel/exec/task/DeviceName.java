package io.runnel.exec.task;

/**
 * What a kind of device is called in a network, whatever its file is called on each node: {@code
 * sensor}. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'.
 */
public record DeviceName(String value) implements Comparable<DeviceName> {
    /** The most that one task may use, and one node may have. */
    public static final int MOST = 16;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public DeviceName {
        Names.requireLabel("device name", value);
    }

    @Override
    public int compareTo(DeviceName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
