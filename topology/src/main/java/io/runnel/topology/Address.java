package io.runnel.topology;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a node listens: {@code 127.0.0.1:9081}, {@code edge.example:80}, {@code [::1]:9081}.
 *
 * @param host an IPv4 address, an IPv6 address without brackets, or a host name; never resolved
 *     here
 * @param port 0 to 65535; 0 stands for any free port until {@link Topology#withFreePorts}
 */
public record Address(String host, int port) {
    private static final int MOST_HOST_CHARACTERS = 253;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern WRITTEN =
            Pattern.compile("(?:\\[([^\\]]*:[^\\]]*)\\]|([^:\\[\\]]*)):(\\d{1,9})");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if host or port cannot be one
     */
    public Address {
        boolean isHost = NAME.matcher(host).matches() || IPV6.matcher(host).matches();
        if (!isHost || host.length() > MOST_HOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "host must be an IP address or a host name: '%s'".formatted(Shown.text(host)));
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port must be 0 to 65535: " + port);
        }
    }

    /**
     * Reads {@code host:port} or {@code [ipv6]:port}.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static Address parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "address must be HOST:PORT: '%s'".formatted(Shown.text(text)));
        }
        String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return new Address(host, Integer.parseInt(matcher.group(3)));
    }

    /** This host with another port. */
    public Address withPort(int other) {
        return new Address(host, other);
    }

    /** Whether nothing can be dialled here: {@code 0.0.0.0} and {@code ::} mean every address. */
    public boolean isWildcard() {
        return host.equals("0.0.0.0") || host.equals("::");
    }

    /** The host as far as text can tell whether two are the same one. */
    String hostKey() {
        return host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
    }
}
