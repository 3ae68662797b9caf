package io.runnel.exec.task;

/** The name of a task within its account. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'. */
public record TaskName(String value) implements Comparable<TaskName> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public TaskName {
        Names.requireLabel("task name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(TaskName other) {
        return value.compareTo(other.value);
    }

    /** The name's, which a text has ready: maps on the path of each call ask for it. */
    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return value;
    }
}
