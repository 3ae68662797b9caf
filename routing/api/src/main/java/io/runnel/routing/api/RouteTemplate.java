package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which paths a route is for: {@code /orders/{id}}, {@code /files/{path+}}. A segment is a literal
 * or one parameter; a last one as {@code {path+}} takes the rest of the path, slashes included. A
 * slash at the end makes another route. Literals are plain text, in Unicode: a path's segments are
 * decoded once and then compared. Pure.
 */
public final class RouteTemplate {
    /** The most segments of one. */
    public static final int MOST_SEGMENTS = 64;

    /** A template's. */
    public static final int MOST_CHARACTERS = 1_024;

    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,63}");
    private static final String NOT_LITERAL = "%?#{}\\";

    private final String text;
    private final List<Segment> segments;

    /** What one segment of a path must be. */
    sealed interface Segment {
        /** This text; empty only for the last one, behind a slash at the end. */
        record Literal(String text) implements Segment {}

        /** Anything but nothing. */
        record One(String name) implements Segment {}

        /** Anything, and all that follows. */
        record Rest(String name) implements Segment {}

        /** A parameter's name. */
        default Optional<String> parameter() {
            return switch (this) {
                case Literal _ -> Optional.empty();
                case One(String name) -> Optional.of(name);
                case Rest(String name) -> Optional.of(name);
            };
        }
    }

    private RouteTemplate(String text, List<Segment> segments) {
        this.text = text;
        this.segments = List.copyOf(segments);
    }

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException if it is none, with a sentence that says why
     */
    public static RouteTemplate parse(String text) {
        if (text.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "a path must be at most %d characters: %d"
                            .formatted(MOST_CHARACTERS, text.length()));
        }
        if (text.isEmpty() || text.charAt(0) != '/') {
            throw new IllegalArgumentException("a path must begin with /");
        }
        String[] parts = text.substring(1).split("/", -1);
        if (parts.length > MOST_SEGMENTS) {
            throw new IllegalArgumentException(
                    "a path must have at most %d segments: %d"
                            .formatted(MOST_SEGMENTS, parts.length));
        }
        List<Segment> segments = new ArrayList<>(parts.length);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < parts.length; i++) {
            Segment segment = segment(parts[i], i == parts.length - 1);
            segment.parameter().ifPresent(name -> requireNew(names, name));
            segments.add(segment);
        }
        return new RouteTemplate(text, segments);
    }

    private static void requireNew(Set<String> names, String name) {
        if (!names.add(name)) {
            throw new IllegalArgumentException("a path has the parameter %s twice".formatted(name));
        }
    }

    private static Segment segment(String part, boolean last) {
        boolean parameter = part.startsWith("{") && part.endsWith("}");
        return parameter ? parameter(part, last) : literal(part, last);
    }

    private static Segment parameter(String part, boolean last) {
        boolean rest = part.endsWith("+}");
        String name = part.substring(1, part.length() - (rest ? 2 : 1));
        if (!isParameter(name)) {
            throw new IllegalArgumentException(
                    "a parameter of a path must be {NAME} or {NAME+}, its name 1 to 64 of A-Z, a-z,"
                            + " 0-9, _ and -, no digit or - first");
        }
        if (rest && !last) {
            throw new IllegalArgumentException(
                    "{%s+} must be a path's last segment".formatted(name));
        }
        return rest ? new Segment.Rest(name) : new Segment.One(name);
    }

    private static Segment literal(String part, boolean last) {
        if (part.isEmpty() && !last) {
            throw new IllegalArgumentException("a path must not have empty segments");
        }
        if (RequestPath.isDots(part)) {
            throw new IllegalArgumentException("a path must not have segments . and ..");
        }
        if (!part.codePoints().allMatch(RouteTemplate::isLiteral)) {
            throw new IllegalArgumentException(
                    "a segment must be plain text, or a parameter as a whole: no %, ?, #, {, }, \\,"
                            + " blanks and characters of control");
        }
        return new Segment.Literal(part);
    }

    private static boolean isLiteral(int character) {
        return NOT_LITERAL.indexOf(character) < 0
                && !Character.isISOControl(character)
                && !Character.isWhitespace(character)
                && !Character.isSpaceChar(character)
                && Character.getType(character) != Character.SURROGATE;
    }

    /** Whether a parameter may be called so. */
    static boolean isParameter(String name) {
        return PARAMETER.matcher(name).matches();
    }

    List<Segment> segments() {
        return segments;
    }

    /** The names of its parameters, in their order. */
    public List<String> parameters() {
        return segments.stream().flatMap(segment -> segment.parameter().stream()).toList();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RouteTemplate template && text.equals(template.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
