package io.runnel.exec.task;

/** Which task of which account; written {@code account/task}. */
public record TaskRef(AccountId account, TaskName name) implements Comparable<TaskRef> {
    /**
     * Reads the two names.
     *
     * @throws IllegalArgumentException if either part is no name
     */
    public static TaskRef of(String account, String name) {
        return new TaskRef(new AccountId(account), new TaskName(name));
    }

    @Override
    public int compareTo(TaskRef other) {
        int byAccount = account.compareTo(other.account);
        return byAccount != 0 ? byAccount : name.compareTo(other.name);
    }

    /** As fast as that of its names. */
    @Override
    public int hashCode() {
        return 31 * account.hashCode() + name.hashCode();
    }

    @Override
    public String toString() {
        return account + "/" + name;
    }
}
