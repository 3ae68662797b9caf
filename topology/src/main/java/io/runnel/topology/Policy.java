package io.runnel.topology;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What somebody must be so that something is done for it.
 *
 * @param action what is to be done
 * @param facts which values each fact may have: {@code software.digest} is the fact {@code digest}
 *     of the fact {@code software}
 */
public record Policy(Action action, Map<String, List<String>> facts) {
    /** What a policy may be about. */
    public enum Action {
        /** A POP's key is certified, the first time and each time after that. */
        JOIN;

        private final String label = name().toLowerCase(Locale.ROOT);

        /** As it stands in topologies. */
        public String label() {
            return label;
        }
    }

    static final int MOST_FACTS = 16;
    static final int MOST_VALUES = 64;
    private static final int LONGEST_VALUE = 256;
    private static final Pattern FACT =
            Pattern.compile("[A-Za-z][A-Za-z0-9]{0,31}(\\.[A-Za-z][A-Za-z0-9]{0,31}){0,3}");

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a fact's name or value is none, or there are too many
     */
    public Policy {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        facts.forEach((fact, values) -> copy.put(fact(fact), List.copyOf(values)));
        facts = Collections.unmodifiableMap(copy);
        facts.values().stream().flatMap(List::stream).forEach(Policy::value);
        boolean isBounded =
                facts.size() <= MOST_FACTS
                        && facts.values().stream()
                                .allMatch(all -> !all.isEmpty() && all.size() <= MOST_VALUES);
        if (!isBounded) {
            throw new IllegalArgumentException(
                    "a policy has at most %d facts of 1 to %d values"
                            .formatted(MOST_FACTS, MOST_VALUES));
        }
    }

    static String fact(String name) {
        if (!FACT.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "fact must be names of letters and digits with '.' between: '%s'"
                            .formatted(Shown.text(name)));
        }
        return name;
    }

    static String value(String text) {
        boolean isPrintable =
                text.chars().allMatch(c -> c > ' ' && c <= '~' && c != '"' && c != '\\');
        if (text.isEmpty() || text.length() > LONGEST_VALUE || !isPrintable) {
            throw new IllegalArgumentException(
                    "a fact's value is 1 to %d printable characters without spaces, \" and \\: '%s'"
                            .formatted(LONGEST_VALUE, Shown.text(text)));
        }
        return text;
    }
}
