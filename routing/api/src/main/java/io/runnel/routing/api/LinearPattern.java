package io.runnel.routing.api;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;

/**
 * A regular expression of a document, run by RE2/J: in a time that is linear in the text, for each
 * of its instructions, whatever it is. What goes back and forth (references to groups, what is
 * ahead or behind) it does not know.
 *
 * @param pattern as RE2/J has it; it looks for it anywhere in a text
 */
record LinearPattern(Pattern pattern) implements RegularExpression {
    /** A pattern's. */
    static final int MOST_CHARACTERS = 1_024;

    /** The most instructions of one. */
    static final int MOST_INSTRUCTIONS = 2_000;

    /** How many instructions are tried on one character for a step. */
    private static final int INSTRUCTIONS_A_STEP = 4;

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none that RE2/J knows, or too long
     */
    static LinearPattern compile(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a pattern must be at most %d characters".formatted(MOST_CHARACTERS));
        }
        try {
            LinearPattern compiled = new LinearPattern(Pattern.compile(text));
            if (compiled.pattern.programSize() > MOST_INSTRUCTIONS) {
                throw new IllegalArgumentException(
                        "a pattern repeats too much: %d instructions, at most %d"
                                .formatted(compiled.pattern.programSize(), MOST_INSTRUCTIONS));
            }
            return compiled;
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException(
                    "is no pattern that RE2 knows: " + e.getDescription(), e);
        }
    }

    @Override
    public boolean matches(String value) {
        long tried = (long) pattern.programSize() * value.length();
        CheckSteps.current().take(1 + tried / INSTRUCTIONS_A_STEP);
        return pattern.matcher(value).find();
    }
}
