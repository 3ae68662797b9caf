package io.runnel.exec.task;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Variables of a version whose values are secret: what all may know of them. The values are kept
 * apart, sealed, and are given to nodes that show what they are.
 *
 * @param id under which the values are kept: 32 of 0-9 and a-f, by chance
 * @param names of the variables, at least one
 */
public record SecretBundle(String id, SortedSet<String> names) {
    /** The most variables in one. */
    public static final int MOST = 64;

    /** An id's. */
    public static final int ID_BYTES = 16;

    private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern TEXT = Pattern.compile("([^:]*):([^:]*):([^:]*)");

    /** With names in any order. */
    public SecretBundle(String id, Set<String> names) {
        this(id, new TreeSet<>(names));
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the id is none, or there are no names or too many
     */
    public SecretBundle {
        if (!isId(id)) {
            throw new IllegalArgumentException("a bundle's id must be 32 of 0-9 and a-f");
        }
        names = Collections.unmodifiableSortedSet(new TreeSet<>(names));
        if (names.isEmpty() || names.size() > MOST) {
            throw new IllegalArgumentException(
                    "secret variables must be 1 to %d: %d".formatted(MOST, names.size()));
        }
    }

    private static boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    /**
     * What values are kept and asked for by: an id alone may be written into the versions of any
     * task, by whoever keeps them.
     *
     * @param task whose secrets they are
     */
    public record Key(TaskRef task, String id) {
        /**
         * Checks the id.
         *
         * @throws IllegalArgumentException if it is none
         */
        public Key {
            if (!isId(id)) {
                throw new IllegalArgumentException("a bundle's id must be 32 of 0-9 and a-f");
            }
        }

        /** That of a version; empty if it has no secrets. */
        public static Optional<Key> of(Task task) {
            return task.options().secrets().map(bundle -> new Key(task.ref(), bundle.id()));
        }

        /** Reads {@code acme:pay:ID}; empty if it is none. */
        public static Optional<Key> parse(String text) {
            Matcher parts = TEXT.matcher(text);
            return parts.matches()
                            && AccountId.isValid(parts.group(1))
                            && TaskName.isValid(parts.group(2))
                            && isId(parts.group(3))
                    ? Optional.of(
                            new Key(TaskRef.of(parts.group(1), parts.group(2)), parts.group(3)))
                    : Optional.empty();
        }

        /** As {@code acme:pay:ID}. */
        @Override
        public String toString() {
            return task.account() + ":" + task.name() + ":" + id;
        }
    }
}
