package io.runnel.routing.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A request's path as segments, each decoded once. Pure. */
final class RequestPath {
    private RequestPath() {}

    /**
     * The segments; the last is empty behind a slash at the end.
     *
     * @param path as it came, without its query
     * @return empty if no route may be found for it: it does not begin with a slash, is not well
     *     encoded, has an empty segment within, or a segment that is dots, or has a slash or NUL,
     *     after decoding
     */
    static Optional<List<String>> segments(String path) {
        if (path.isEmpty() || path.charAt(0) != '/') {
            return Optional.empty();
        }
        List<String> segments = new ArrayList<>();
        int from = 1;
        while (true) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            if (to == from && slash >= 0) {
                return Optional.empty();
            }
            String raw = path.substring(from, to);
            Optional<String> segment =
                    PercentText.isPlain(raw) ? Optional.of(raw) : PercentText.decode(raw, false);
            if (segment.isEmpty() || !isSafe(segment.get())) {
                return Optional.empty();
            }
            segments.add(segment.get());
            if (slash < 0) {
                return Optional.of(segments);
            }
            from = slash + 1;
        }
    }

    private static boolean isSafe(String segment) {
        return segment.indexOf('/') < 0 && segment.indexOf('\0') < 0 && !isDots(segment);
    }

    static boolean isDots(String segment) {
        return segment.equals(".") || segment.equals("..");
    }
}
