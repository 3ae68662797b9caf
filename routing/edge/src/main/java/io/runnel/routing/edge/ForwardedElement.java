package io.runnel.routing.edge;

import java.util.Optional;

/** The last element of a {@code Forwarded} header (RFC 7239 section 4), its parameters by name. */
final class ForwardedElement {
    private final String text;

    ForwardedElement(String header) {
        this.text = header.substring(header.lastIndexOf(',') + 1);
    }

    /** What the first parameter of this name says, without quotes; empty if it says nothing. */
    Optional<String> find(String name) {
        int at = 0;
        while (at < text.length()) {
            at = skipBlanks(at);
            int end = at + name.length();
            boolean isIt =
                    text.regionMatches(true, at, name, 0, name.length())
                            && end < text.length()
                            && text.charAt(end) == '=';
            if (isIt) {
                return value(end + 1);
            }
            at = next(at);
        }
        return Optional.empty();
    }

    private int skipBlanks(int from) {
        int at = from;
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    /** Behind the parameter's end. */
    private int next(int from) {
        int semicolon = text.indexOf(';', from);
        return semicolon < 0 ? text.length() : semicolon + 1;
    }

    private Optional<String> value(int from) {
        String value = isQuoted(from) ? quoted(from + 1) : plain(from);
        return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }

    private boolean isQuoted(int from) {
        return from < text.length() && text.charAt(from) == '"';
    }

    /** What has no end says nothing. */
    private String quoted(int from) {
        int end = text.indexOf('"', from);
        return end < 0 ? "" : text.substring(from, end);
    }

    private String plain(int from) {
        int end = from;
        while (end < text.length() && text.charAt(end) != ';' && text.charAt(end) != '"') {
            end++;
        }
        return text.substring(from, end);
    }
}
