package io.runnel.exec.task;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A host that a task may send requests to.
 *
 * @param name in small letters; an address of IPv4 in its usual form counts as a name
 * @param below whether it is all names below this one that are meant, and not the name itself
 * @param port the one port; empty for 80 (http) and 443 (https)
 */
public record OutboundHost(String name, boolean below, OptionalInt port) {
    /** The most that one task may name. */
    public static final int MOST = 32;

    private static final String BELOW = "*.";
    private static final int MOST_PORT = 65_535;
    private static final int LONGEST_NAME = 253;
    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?");
    private static final Pattern ADDRESS =
            Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is no name of a host, or the port is none
     */
    public OutboundHost {
        if (!isName(name) || (below && (name.indexOf('.') < 0 || isAddress(name)))) {
            throw wrong((below ? BELOW : "") + name);
        }
        if (port.isPresent() && (port.getAsInt() < 1 || port.getAsInt() > MOST_PORT)) {
            throw wrong(name + ":" + port.getAsInt());
        }
    }

    /**
     * Reads {@code name}, {@code name:port}, {@code *.name} or {@code *.name:port}.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    public static OutboundHost parse(String text) {
        int colon = text.indexOf(':');
        String host = (colon < 0 ? text : text.substring(0, colon)).toLowerCase(Locale.ROOT);
        boolean below = host.startsWith(BELOW);
        return new OutboundHost(
                below ? host.substring(BELOW.length()) : host,
                below,
                colon < 0 ? OptionalInt.empty() : OptionalInt.of(port(text, colon)));
    }

    private static int port(String text, int colon) {
        String digits = text.substring(colon + 1);
        if (!digits.matches("\\d{1,5}")) {
            throw wrong(text);
        }
        return Integer.parseInt(digits);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "an outbound host must be NAME, *.NAME.OF.DOMAIN, or one with :PORT: '%s'"
                        .formatted(Names.shown(text)));
    }

    /** Whether this is the name of a host in small letters, or an address of IPv4. */
    public static boolean isName(String text) {
        if (text.isEmpty() || text.length() > LONGEST_NAME) {
            return false;
        }
        if (isAddress(text)) {
            return List.of(text.split("\\.")).stream().allMatch(n -> Integer.parseInt(n) < 256);
        }
        String[] labels = text.split("\\.", -1);
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return false;
            }
        }
        // Numbers at the end are an address for some resolvers, in one of many forms.
        return !Character.isDigit(labels[labels.length - 1].charAt(0));
    }

    private static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** Whether a request to this name, in small letters, and this port is one to this host. */
    public boolean covers(String host, int toPort, boolean secure) {
        boolean named = below ? host.endsWith("." + name) : host.equals(name);
        return named && toPort == port.orElse(secure ? HTTPS_PORT : HTTP_PORT);
    }

    @Override
    public String toString() {
        return (below ? BELOW : "") + name + (port.isPresent() ? ":" + port.getAsInt() : "");
    }
}
