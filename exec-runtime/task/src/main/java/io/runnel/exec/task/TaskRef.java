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

    /**
     * Reads it as it is written.
     *
     * @param what it names, as an error is to begin
     * @throws IllegalArgumentException if there are not two names, or either part is none
     */
    public static TaskRef parse(String what, String text) {
        int slash = text.indexOf('/');
        if (slash < 0 || slash != text.lastIndexOf('/')) {
            throw new IllegalArgumentException(
                    "%s must be ACCOUNT/NAME: '%s'".formatted(what, Names.shown(text)));
        }
        return of(text.substring(0, slash), text.substring(slash + 1));
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
