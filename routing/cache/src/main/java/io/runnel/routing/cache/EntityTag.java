package io.runnel.routing.cache;

import java.util.List;
import java.util.Optional;

/**
 * What tells versions of an answer apart (RFC 9110, section 8.8.3).
 *
 * @param weak whether answers of the same tag are only about the same
 * @param opaque what stands between the quotes
 */
record EntityTag(boolean weak, String opaque) {
    private static final String WEAK = "W/";

    /** Reads a tag that stands alone; empty if it is none. */
    static Optional<EntityTag> parse(String text) {
        String trimmed = text.trim();
        boolean weak = trimmed.startsWith(WEAK);
        int from = weak ? WEAK.length() : 0;
        int to = end(trimmed, from);
        return to == trimmed.length()
                ? Optional.of(new EntityTag(weak, trimmed.substring(from + 1, to - 1)))
                : Optional.empty();
    }

    /** Behind the quote that ends what begins here; negative if nothing does. */
    private static int end(String text, int from) {
        if (from >= text.length() || text.charAt(from) != '"') {
            return -1;
        }
        int quote = text.indexOf('"', from + 1);
        return quote < 0 ? -1 : quote + 1;
    }

    /** Whether an If-None-Match header names this tag, weak or not, or any. */
    static boolean anyMatches(List<String> lines, Optional<EntityTag> tag) {
        if (lines.size() == 1 && lines.getFirst().trim().equals("*")) {
            return true;
        }
        return tag.isPresent() && lines.stream().anyMatch(line -> names(line, tag.get().opaque));
    }

    /** One pass: a list that cannot be read counts up to there. */
    private static boolean names(String line, String opaque) {
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (c == ' ' || c == '\t' || c == ',') {
                at++;
                continue;
            }
            int from = line.startsWith(WEAK, at) ? at + WEAK.length() : at;
            int to = end(line, from);
            if (to < 0) {
                return false;
            }
            boolean same = to - from - 2 == opaque.length() && line.startsWith(opaque, from + 1);
            if (same) {
                return true;
            }
            at = to;
        }
        return false;
    }

    /** As it stands in a header. */
    String text() {
        return (weak ? WEAK : "") + '"' + opaque + '"';
    }
}
