package io.runnel.routing.api;

import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/**
 * A type of contents, or several: {@code application/json}, {@code image/*}, {@code *}{@code /*}.
 *
 * @param type in lower case; * for any
 * @param subtype in lower case; * for any
 */
record MediaRange(String type, String subtype) {
    /** The most specific first. */
    static final Comparator<MediaRange> MOST_SPECIFIC_FIRST =
            Comparator.comparing((MediaRange range) -> range.type.equals("*"))
                    .thenComparing(range -> range.subtype.equals("*"));

    /** Reads one; parameters behind it are overlooked. Empty if it is none. */
    static Optional<MediaRange> parse(String text) {
        int semicolon = text.indexOf(';');
        String range = (semicolon < 0 ? text : text.substring(0, semicolon)).strip();
        int slash = range.indexOf('/');
        if (slash < 0) {
            return Optional.empty();
        }
        String type = range.substring(0, slash).toLowerCase(Locale.ROOT);
        String subtype = range.substring(slash + 1).toLowerCase(Locale.ROOT);
        boolean names = isName(type) && isName(subtype);
        return names && (!type.equals("*") || subtype.equals("*"))
                ? Optional.of(new MediaRange(type, subtype))
                : Optional.empty();
    }

    private static boolean isName(String text) {
        return text.equals("*") || (HeaderName.isOne(text) && text.indexOf('*') < 0);
    }

    /** Whether it is one type. */
    boolean isType() {
        return !subtype.equals("*");
    }

    /** Whether it is JSON (RFC 8259), or a type that is written so (RFC 6839). */
    boolean isJson() {
        return (type.equals("application") && subtype.equals("json")) || subtype.endsWith("+json");
    }

    boolean includes(MediaRange other) {
        return (type.equals("*") || type.equals(other.type))
                && (subtype.equals("*") || subtype.equals(other.subtype));
    }

    @Override
    public String toString() {
        return type + "/" + subtype;
    }
}
