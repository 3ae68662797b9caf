package io.runnel.exec.task;

import java.util.Optional;

/**
 * What may stand behind a task's name to say which of its versions is meant: {@code hello@3},
 * {@code hello@stable}, or nothing.
 *
 * @param version its number; 0 if none is named
 * @param alias the name of an alias, 1 to 63 of A-Z, a-z, 0-9, - and _, no - first and no number;
 *     empty if none is named
 */
public record Qualifier(int version, String alias) {
    /** Nothing stands there: what calls get is meant. */
    public static final Qualifier NONE = new Qualifier(0, "");

    private static final int MOST_CHARACTERS = 63;
    private static final int MOST_DIGITS = 9;

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if the version is negative, the alias is no name, or both
     *     are there
     */
    public Qualifier {
        if (version < 0) {
            throw new IllegalArgumentException("version must not be negative: " + version);
        }
        if (!alias.isEmpty() && (version > 0 || !isAlias(alias))) {
            throw new IllegalArgumentException(
                    "alias must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number");
        }
    }

    /** Of a version. */
    public static Qualifier of(int version) {
        return version == 0 ? NONE : new Qualifier(version, "");
    }

    /** Of an alias. */
    public static Qualifier of(String alias) {
        return new Qualifier(0, alias);
    }

    /** Reads what stands behind the {@code @}; empty if it is neither a version nor an alias. */
    public static Optional<Qualifier> parse(String text) {
        if (isAlias(text)) {
            return Optional.of(of(text));
        }
        boolean isVersion =
                !text.isEmpty()
                        && text.length() <= MOST_DIGITS
                        && text.charAt(0) != '0'
                        && isNumber(text);
        return isVersion ? Optional.of(of(Integer.parseInt(text))) : Optional.empty();
    }

    /** Whether an alias may be called so. */
    public static boolean isAlias(String name) {
        return !name.isEmpty()
                && name.length() <= MOST_CHARACTERS
                && name.charAt(0) != '-'
                && !isNumber(name)
                && name.chars().allMatch(Qualifier::isOfNames);
    }

    private static boolean isNumber(String text) {
        return text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isOfNames(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_';
    }

    /** As it stands behind a name: {@code @3}, {@code @stable} or nothing. */
    @Override
    public String toString() {
        return version > 0 ? "@" + version : alias.isEmpty() ? "" : "@" + alias;
    }
}
