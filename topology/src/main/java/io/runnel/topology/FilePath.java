package io.runnel.topology;

import java.util.regex.Pattern;

/** The rule for paths of files in topologies: absolute, short, and nothing that goes back. */
final class FilePath {
    private static final int LONGEST = 255;
    private static final Pattern FORM = Pattern.compile("(/[A-Za-z0-9_.:@+,=-]+)+");
    private static final Pattern GOES_BACK = Pattern.compile("(^|.*/)\\.\\.?(/.*|$)");

    private FilePath() {}

    /**
     * Checks a path.
     *
     * @param whose for the message: "a device's file"
     * @throws IllegalArgumentException if it is none
     */
    static String require(String whose, String path) {
        if (path.length() > LONGEST
                || !FORM.matcher(path).matches()
                || GOES_BACK.matcher(path).matches()) {
            throw new IllegalArgumentException(
                    "%s must be an absolute path of letters, digits and _.:@+,=-/: '%s'"
                            .formatted(whose, Shown.text(path)));
        }
        return path;
    }
}
