package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.RunnelHeaders;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What another node of ours says of a call that it forwards: its id, the time that is left, where
 * it came in. For guarded listeners only; what is malformed counts as not said.
 */
final class ForwardedCall {
    private static final Pattern MILLIS = Pattern.compile("\\d{1,9}");
    private static final Pattern FOR = element("for");
    private static final Pattern HOST = element("host");
    private static final Pattern PROTO = element("proto");

    private ForwardedCall() {}

    /** One parameter of RFC 7239's first element, quoted or not. */
    private static Pattern element(String name) {
        return Pattern.compile(
                "(?:^|;)\\s*" + name + "=(?:\"([^\"]*)\"|([^;,\"]*))", Pattern.CASE_INSENSITIVE);
    }

    static void adoptId(Exchange exchange) {
        RequestIds.forwarded(exchange.request().headers()).ifPresent(exchange::adopt);
    }

    /** When the call must be over: what the other node says, {@code latest} at most. */
    static long deadlineNanos(Exchange exchange, long latest) {
        String left = exchange.request().getHeader(RunnelHeaders.DEADLINE);
        if (left == null || !MILLIS.matcher(left).matches()) {
            return latest;
        }
        long said = exchange.arrivedNanos() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(left));
        return said - latest < 0 ? said : latest;
    }

    static Origin origin(Exchange exchange) {
        Origin direct = Origin.of(exchange.request());
        List<String> forwarded = exchange.request().headers().getAll(RunnelHeaders.FORWARDED);
        return forwarded.isEmpty() ? direct : origin(forwarded.getLast(), direct);
    }

    /**
     * What RFC 7239's last element says, {@code direct} where it says nothing. The last one is the
     * POP's; those before it are whatever the user sent.
     */
    static Origin origin(String forwarded, Origin direct) {
        Origin atPop =
                find(HOST, forwarded)
                        .map(host -> withHost(direct, host, find(PROTO, forwarded)))
                        .orElse(direct);
        return find(FOR, forwarded)
                .map(f -> new Origin(address(f), atPop.host(), atPop.port(), atPop.scheme()))
                .orElse(atPop);
    }

    private static Origin withHost(Origin direct, String host, Optional<String> proto) {
        String scheme = proto.filter("https"::equals).orElse("http");
        int colon = host.lastIndexOf(':');
        boolean hasPort =
                colon > 0
                        && host.indexOf(']') < colon
                        && host.substring(colon + 1).matches("\\d{1,5}");
        int port =
                hasPort
                        ? Integer.parseInt(host.substring(colon + 1))
                        : scheme.equals("https") ? 443 : 80;
        return new Origin(direct.client(), hasPort ? host.substring(0, colon) : host, port, scheme);
    }

    /** Without the brackets of an IPv6 address. */
    private static String address(String forValue) {
        return forValue.startsWith("[") && forValue.endsWith("]")
                ? forValue.substring(1, forValue.length() - 1)
                : forValue;
    }

    private static Optional<String> find(Pattern pattern, String forwarded) {
        String last = forwarded.substring(forwarded.lastIndexOf(',') + 1);
        Matcher matcher = pattern.matcher(last);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String value = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        return value.isBlank() ? Optional.empty() : Optional.of(value.strip());
    }
}
