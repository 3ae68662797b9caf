package io.runnel.exec.task;

/** The name of an account. A DNS label: 1 to 63 of a-z, 0-9 and inner '-'. */
public record AccountId(String value) implements Comparable<AccountId> {
    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the value is no label
     */
    public AccountId {
        Names.requireLabel("account name", value);
    }

    /** Whether {@code value} would be accepted: for names that come from outside. */
    public static boolean isValid(String value) {
        return Names.isLabel(value);
    }

    @Override
    public int compareTo(AccountId other) {
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
