package io.runnel.routing.cache;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the Cache-Control lines of a message say (RFC 9111, section 5.2). Read in one pass, and
 * where there is a doubt by the stricter meaning: of a directive that comes twice the stricter one
 * counts; numbers too large are the largest; what cannot be read, or is longer than {@link
 * #MOST_CHARACTERS}, is no-store. What is not known is skipped.
 */
final class CacheControl {
    /** Of all lines together. */
    static final int MOST_CHARACTERS = 4096;

    /** Says nothing. */
    static final CacheControl NONE = new CacheControl(Map.of());

    /** Seconds that stand for more than any number: 68 years. */
    static final long MOST_SECONDS = Integer.MAX_VALUE;

    private static final CacheControl UNREADABLE = new CacheControl(Map.of(Directive.NO_STORE, 0L));

    private final Map<Directive, Long> said;

    private CacheControl(Map<Directive, Long> said) {
        this.said = said;
    }

    /** Reads the lines of a message. */
    static CacheControl of(List<String> lines) {
        if (lines.isEmpty()) {
            return NONE;
        }
        Map<Directive, Long> said = new EnumMap<>(Directive.class);
        int characters = 0;
        for (String line : lines) {
            characters += Math.min(line.length(), MOST_CHARACTERS) + 1;
            if (characters > MOST_CHARACTERS || !new Line(line, said).read()) {
                return UNREADABLE;
            }
        }
        return said.isEmpty() ? NONE : new CacheControl(said);
    }

    boolean has(Directive directive) {
        return said.containsKey(directive);
    }

    /** A directive's time, if it is there. */
    OptionalLong millis(Directive directive) {
        Long seconds = said.get(directive);
        return seconds == null ? OptionalLong.empty() : OptionalLong.of(seconds * 1000);
    }

    /**
     * Digits alone; empty if it is no such number. Larger ones than {@link #MOST_SECONDS} are that.
     */
    static OptionalLong seconds(String text) {
        if (text.isEmpty()) {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return OptionalLong.empty();
            }
            value = Math.min(value * 10 + digit, MOST_SECONDS);
        }
        return OptionalLong.of(value);
    }

    /** One line while it is read. */
    private static final class Line {
        private final String text;
        private final Map<Directive, Long> said;
        private int at;

        Line(String text, Map<Directive, Long> said) {
            this.text = text;
            this.said = said;
        }

        /** Whether it could be read. */
        boolean read() {
            while (at < text.length()) {
                String name = upTo(",=\"").trim().toLowerCase(Locale.ROOT);
                Optional<String> argument = Optional.empty();
                if (at < text.length() && text.charAt(at) == '=') {
                    at++;
                    argument = argument();
                    if (argument.isEmpty()) {
                        return false;
                    }
                }
                if (at < text.length() && text.charAt(at) != ',') {
                    return false;
                }
                at++;
                note(name, argument);
            }
            return true;
        }

        private String upTo(String ends) {
            int from = at;
            while (at < text.length() && ends.indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(from, at);
        }

        /** What stands behind the equals sign, without quotes; empty if a quote does not end. */
        private Optional<String> argument() {
            String bare = upTo(",\"").trim();
            if (at == text.length() || text.charAt(at) == ',') {
                return Optional.of(bare);
            }
            Optional<String> quoted = bare.isEmpty() ? quoted() : Optional.empty();
            return quoted.filter(_ -> upTo(",").isBlank());
        }

        private Optional<String> quoted() {
            StringBuilder value = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return Optional.of(value.toString());
                }
                if (c == '\\' && ++at == text.length()) {
                    return Optional.empty();
                }
                value.append(text.charAt(at));
            }
            return Optional.empty();
        }

        private void note(String name, Optional<String> argument) {
            Directive.named(name)
                    .ifPresent(
                            directive -> {
                                switch (directive.kind()) {
                                    case FLAG -> said.put(directive, 0L);
                                    case LESS_IS_STRICTER ->
                                            said.merge(
                                                    directive,
                                                    less(directive, argument),
                                                    Math::min);
                                    case MORE_IS_STRICTER ->
                                            said.merge(directive, more(argument), Math::max);
                                }
                            });
        }

        private static long less(Directive directive, Optional<String> argument) {
            if (directive == Directive.MAX_STALE && argument.isEmpty()) {
                return MOST_SECONDS;
            }
            return seconds(argument.orElse("")).orElse(0);
        }

        private static long more(Optional<String> argument) {
            return seconds(argument.orElse("")).orElse(MOST_SECONDS);
        }
    }
}
