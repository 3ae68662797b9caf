package io.runnel.exec.task;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What somebody must be so that something is done for it: which values facts of its document may
 * have. What is not there is as bad as what is wrong. Immutable.
 *
 * @param facts by the fact's name, in order; {@code software.digest} is the fact {@code digest} of
 *     the fact {@code software}
 */
public record Requirements(Map<String, List<String>> facts) {
    /** Nothing is asked for. */
    public static final Requirements NONE = new Requirements(Map.of());

    /** How many facts may be asked for. */
    public static final int MOST_FACTS = 16;

    /** How many values a fact may have. */
    public static final int MOST_VALUES = 64;

    private static final int LONGEST_VALUE = 256;
    private static final Pattern FACT =
            Pattern.compile("[A-Za-z][A-Za-z0-9]{0,31}(\\.[A-Za-z][A-Za-z0-9]{0,31}){0,3}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a fact's name or value is none, or there are too many
     */
    public Requirements {
        Map<String, List<String>> copy = new TreeMap<>();
        facts.forEach((fact, values) -> copy.put(fact(fact), List.copyOf(values)));
        facts = Collections.unmodifiableMap(copy);
        facts.values().stream().flatMap(List::stream).forEach(Requirements::value);
        boolean isBounded =
                facts.size() <= MOST_FACTS
                        && facts.values().stream()
                                .allMatch(all -> !all.isEmpty() && all.size() <= MOST_VALUES);
        if (!isBounded) {
            throw new IllegalArgumentException(
                    "at most %d facts of 1 to %d values may be asked for"
                            .formatted(MOST_FACTS, MOST_VALUES));
        }
    }

    /** Whether nothing is asked for. */
    public boolean areNone() {
        return facts.isEmpty();
    }

    /**
     * Checks a fact's name.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static String fact(String name) {
        if (!FACT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "fact must be names of letters and digits with '.' between: '%s'"
                            .formatted(Names.shown(name)));
        }
        return name;
    }

    /**
     * Checks a value.
     *
     * @throws IllegalArgumentException if no fact can have it
     */
    public static String value(String text) {
        boolean isPrintable =
                text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
        if (text.isEmpty() || text.length() > LONGEST_VALUE || !isPrintable) {
            throw new IllegalArgumentException(
                    "a fact's value is 1 to %d printable characters without spaces, \" and \\: '%s'"
                            .formatted(LONGEST_VALUE, Names.shown(text)));
        }
        return text;
    }
}
