package io.runnel.exec.task;

/**
 * The name of a node, a POP's or a region's, unique in the network. A DNS label: 1 to 63 of a-z,
 * 0-9 and inner '-'.
 */
public record NodeName(String value) implements Comparable<NodeName> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public NodeName {
        Names.requireLabel("node name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
