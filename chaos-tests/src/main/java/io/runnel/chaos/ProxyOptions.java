package io.runnel.chaos;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalLong;

/** What {@code runnel chaos proxy} was told. */
record ProxyOptions(InetSocketAddress listen, OptionalLong seed) {
    private static final InetSocketAddress DEFAULT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 8474);

    /**
     * Reads arguments.
     *
     * @throws IllegalArgumentException naming the one that is wrong
     */
    static ProxyOptions parse(List<String> arguments) {
        ProxyOptions options = new ProxyOptions(DEFAULT, OptionalLong.empty());
        for (int i = 0; i < arguments.size(); i += 2) {
            String option = arguments.get(i);
            String value = i + 1 < arguments.size() ? arguments.get(i + 1) : "";
            options =
                    switch (option) {
                        case "--listen" -> new ProxyOptions(address(value), options.seed());
                        case "--seed" ->
                                new ProxyOptions(
                                        options.listen(), OptionalLong.of(number(option, value)));
                        default -> throw new IllegalArgumentException("unknown option: " + option);
                    };
        }
        return options;
    }

    private static InetSocketAddress address(String value) {
        int colon = value.lastIndexOf(':');
        if (colon < 1) {
            throw new IllegalArgumentException("--listen must be HOST:PORT: '" + value + "'");
        }
        long port = number("--listen", value.substring(colon + 1));
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("--listen must have a port of 0 to 65535: " + port);
        }
        return new InetSocketAddress(value.substring(0, colon), (int) port);
    }

    private static long number(String option, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "%s must be a whole number: '%s'".formatted(option, value), e);
        }
    }
}
