package io.runnel.exec.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** One header of a guest's request, or of the answer to it. */
public record OutboundHeader(String name, String value) {
    private static final int MOST_HEADERS = 100;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,256}");

    /** Visible characters of ASCII, blanks and tabs. */
    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** How a message is framed and where it goes is the host's to say. */
    private static final Set<String> OF_THE_HOST =
            Set.of(
                    "cdn-loop",
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private static final String PROXY = "proxy-";

    /** Reads lines of {@code name: value}; nothing if one is not well-formed or not a guest's. */
    static Optional<List<OutboundHeader>> parse(String lines) {
        List<OutboundHeader> headers = new ArrayList<>();
        for (String line : lines.split("\r?\n", -1)) {
            if (line.isEmpty()) {
                continue;
            }
            int colon = line.indexOf(':');
            if (colon < 0 || headers.size() == MOST_HEADERS) {
                return Optional.empty();
            }
            String name = line.substring(0, colon);
            String value = line.substring(colon + 1).strip();
            if (!NAME.matcher(name).matches()
                    || !VALUE.matcher(value).matches()
                    || isOfTheHost(name.toLowerCase(Locale.ROOT))) {
                return Optional.empty();
            }
            headers.add(new OutboundHeader(name, value));
        }
        return Optional.of(List.copyOf(headers));
    }

    private static boolean isOfTheHost(String name) {
        return OF_THE_HOST.contains(name) || name.startsWith(PROXY);
    }

    /** As lines, for a guest. What is no line stays out. */
    static String lines(List<OutboundHeader> headers) {
        StringBuilder lines = new StringBuilder();
        for (OutboundHeader header : headers) {
            if (header.value().indexOf('\n') < 0 && header.value().indexOf('\r') < 0) {
                lines.append(header.name()).append(": ").append(header.value()).append('\n');
            }
        }
        return lines.toString();
    }
}
