package io.runnel.routing.cache;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The headers of a request that an answer depends on (RFC 9111, section 4.1), and what a request
 * has in them: two requests with the same text get the same answer. Lines of one header are joined;
 * in the headers that choose among encodings, languages and character sets, case and spaces do not
 * matter. A header that is missing is not one that is empty.
 *
 * @param names in lower case, in order
 */
record Vary(List<String> names) {
    /** Depends on nothing. */
    static final Vary NONE = new Vary(List.of());

    /** An answer that depends on more is not kept. */
    static final int MOST_NAMES = 8;

    /** A request that has more in the headers in question gets nothing that is kept. */
    static final int MOST_CHARACTERS = 4096;

    private static final Set<String> WITHOUT_CASE_AND_SPACES =
            Set.of("accept-encoding", "accept-language", "accept-charset");

    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** What an answer says; empty if no other request may ever get it, or nobody can tell which. */
    static Optional<Vary> of(List<String> lines) {
        Set<String> names = new TreeSet<>();
        for (String line : lines) {
            if (line.length() > MOST_CHARACTERS) {
                return Optional.empty();
            }
            for (String part : line.split(",", -1)) {
                String name = part.trim().toLowerCase(Locale.ROOT);
                if (name.equals("*") || !isToken(name)) {
                    return Optional.empty();
                }
                if (!name.isEmpty()) {
                    names.add(name);
                }
            }
        }
        if (names.isEmpty()) {
            return Optional.of(NONE);
        }
        return names.size() > MOST_NAMES
                ? Optional.empty()
                : Optional.of(new Vary(List.copyOf(names)));
    }

    private static boolean isToken(String name) {
        return name.chars()
                .allMatch(
                        c ->
                                (c >= 'a' && c <= 'z')
                                        || (c >= '0' && c <= '9')
                                        || TOKEN_MARKS.indexOf(c) >= 0);
    }

    boolean isNone() {
        return names.isEmpty();
    }

    /** What the request has in these headers; empty if it is too much. */
    Optional<String> textOf(HeaderView request) {
        if (names.isEmpty()) {
            return Optional.of("");
        }
        StringBuilder text = new StringBuilder();
        for (String name : names) {
            List<String> lines = request.all(name);
            if (lines.isEmpty()) {
                text.append('-');
            } else {
                String value = joined(lines, WITHOUT_CASE_AND_SPACES.contains(name));
                // With its length before it, no value can look like two.
                text.append(value.length()).append(':').append(value);
            }
            if (text.length() > MOST_CHARACTERS) {
                return Optional.empty();
            }
        }
        return Optional.of(text.toString());
    }

    private static String joined(List<String> lines, boolean folds) {
        String joined = lines.size() == 1 ? lines.getFirst().trim() : String.join(", ", lines);
        return folds ? folded(joined) : joined;
    }

    private static String folded(String value) {
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != ' ' && c != '\t') {
                text.append(c);
            }
        }
        return text.toString().toLowerCase(Locale.ROOT);
    }
}
