package io.runnel.topology;

/** How hostile text stands in a message: at most 80 characters, none of them control characters. */
final class Shown {
    private static final int MOST_CHARACTERS = 80;

    private Shown() {}

    static String text(String value) {
        String cut =
                value.length() > MOST_CHARACTERS
                        ? value.substring(0, MOST_CHARACTERS) + "..."
                        : value;
        return cut.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\u2028\\u2029]", "?");
    }

    /** The first line of a foreign message. */
    static String line(String message) {
        return message == null ? "" : text(message.lines().findFirst().orElse(""));
    }
}
