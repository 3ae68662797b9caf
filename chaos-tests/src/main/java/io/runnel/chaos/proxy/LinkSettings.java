package io.runnel.chaos.proxy;

import java.net.InetSocketAddress;

/**
 * What a link is: a "proxy" in Toxiproxy's words.
 *
 * @param listen {@code host:port}; port 0 takes a free one
 * @param upstream {@code host:port} of the server behind it
 */
record LinkSettings(String name, String listen, String upstream, boolean enabled) {
    private static final int LONGEST_NAME = 128;

    LinkSettings {
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(
                    "name must have 1 to %d characters: %d".formatted(LONGEST_NAME, name.length()));
        }
        address("listen", listen);
        if (address("upstream", upstream).getPort() == 0) {
            throw new IllegalArgumentException("upstream must have a port: " + upstream);
        }
    }

    InetSocketAddress listenAddress() {
        InetSocketAddress address = address("listen", listen);
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }

    /** Looked up anew for each connection. */
    InetSocketAddress upstreamAddress() {
        InetSocketAddress address = address("upstream", upstream);
        return new InetSocketAddress(address.getHostString(), address.getPort());
    }

    /** Whether the other one stands at the same place, before the same server. */
    boolean leadsAs(LinkSettings other) {
        return listen.equals(other.listen) && upstream.equals(other.upstream);
    }

    LinkSettings withListen(String other) {
        return new LinkSettings(name, other, upstream, enabled);
    }

    LinkSettings withEnabled(boolean other) {
        return new LinkSettings(name, listen, upstream, other);
    }

    /** An address that is not looked up; without a host it is loopback. */
    static InetSocketAddress address(String what, String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            return InetSocketAddress.createUnresolved(
                    host.isEmpty() ? "127.0.0.1" : host,
                    Integer.parseInt(text.substring(colon + 1)));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "%s must be HOST:PORT: '%s'".formatted(what, text), e);
        }
    }
}
