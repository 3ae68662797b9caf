package io.runnel.region.cli.supervisor;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How a node's process ended by itself.
 *
 * @param exitCode what it returned; above 128 a signal, as shells count
 * @param uptime how long it had run
 * @param reason what it said last that may explain it; one line
 */
record NodeEnd(int exitCode, Duration uptime, Optional<String> reason) {
    /** What a node's process returns that cannot start, however often it is tried. */
    private static final int NEVER_STARTS = 3;

    private static final String CANNOT_START = "cannot start: ";
    private static final int MOST_REASON_CHARACTERS = 400;

    static NodeEnd of(int exitCode, Duration uptime, List<String> lastLines) {
        return new NodeEnd(exitCode, uptime, reasonIn(lastLines));
    }

    /** Whether it would end the same way again. */
    boolean isHopeless() {
        return exitCode == NEVER_STARTS;
    }

    /** The line in which it says why, else its last line of words. */
    private static Optional<String> reasonIn(List<String> lines) {
        return lines.stream()
                .filter(l -> l.contains(CANNOT_START))
                .map(l -> l.substring(l.indexOf(CANNOT_START) + CANNOT_START.length()))
                .reduce((a, b) -> b)
                .or(() -> lines.stream().filter(NodeEnd::hasWords).reduce((a, b) -> b))
                .map(NodeEnd::cut);
    }

    private static boolean hasWords(String line) {
        return !line.isBlank() && !line.startsWith("\tat ") && !line.startsWith("\t...");
    }

    private static String cut(String line) {
        String text = line.strip();
        return text.length() > MOST_REASON_CHARACTERS
                ? text.substring(0, MOST_REASON_CHARACTERS) + "..."
                : text;
    }

    /** {@code ended with code 1 after 0.8 s: port 8081 is in use}. */
    @Override
    public String toString() {
        String how =
                exitCode > 128
                        ? "was ended by signal " + (exitCode - 128)
                        : "ended with code " + exitCode;
        return "%s after %s%s"
                .formatted(how, seconds(uptime), reason.map(r -> ": " + r).orElse(""));
    }

    static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1000.0);
    }
}
