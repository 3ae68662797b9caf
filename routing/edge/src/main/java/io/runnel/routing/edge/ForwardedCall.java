package io.runnel.routing.edge;

import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.Origin;
import io.runnel.exec.http.RequestIds;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.task.MoveId;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What another node of ours says of a call that it forwards: its id, the time that is left, where
 * it came in. For guarded listeners only; what is malformed counts as not said.
 */
public final class ForwardedCall {
    private static final int MOST_DIGITS = 9;
    private static final int MOST_PORT_DIGITS = 5;

    private ForwardedCall() {}

    /** Takes over what it says of who it is, and whether it is one that was moved here. */
    static void adopt(Exchange exchange) {
        adoptId(exchange);
        Optional.ofNullable(exchange.request().getHeader(RunnelHeaders.RESUME))
                .filter(MoveId::isValid)
                .ifPresent(id -> exchange.resume(new MoveId(id)));
    }

    private static void adoptId(Exchange exchange) {
        RequestIds.forwarded(exchange.request().headers()).ifPresent(exchange::adopt);
    }

    /** When the call must be over: what the other node says, {@code latest} at most. */
    static long deadlineNanos(Exchange exchange, long latest) {
        String left = exchange.request().getHeader(RunnelHeaders.DEADLINE);
        if (left == null || !isNumber(left, MOST_DIGITS)) {
            return latest;
        }
        long said = exchange.arrivedNanos() + TimeUnit.MILLISECONDS.toNanos(Long.parseLong(left));
        return said - latest < 0 ? said : latest;
    }

    private static boolean isNumber(String text, int mostDigits) {
        if (text.isEmpty() || text.length() > mostDigits) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** Where a forwarded call came into the network. */
    public static Origin origin(Exchange exchange) {
        Origin direct = Origin.of(exchange.request());
        List<String> forwarded = exchange.request().headers().getAll(RunnelHeaders.FORWARDED);
        return forwarded.isEmpty() ? direct : origin(forwarded.getLast(), direct);
    }

    /**
     * What RFC 7239's last element says, {@code direct} where it says nothing. The last one is the
     * POP's; those before it are whatever the user sent.
     */
    static Origin origin(String forwarded, Origin direct) {
        ForwardedElement last = new ForwardedElement(forwarded);
        Origin atPop =
                last.find("host")
                        .map(host -> withHost(direct, host, last.find("proto")))
                        .orElse(direct);
        return last.find("for")
                .map(f -> new Origin(address(f), atPop.host(), atPop.port(), atPop.scheme()))
                .orElse(atPop);
    }

    private static Origin withHost(Origin direct, String host, Optional<String> proto) {
        String scheme = proto.filter("https"::equals).orElse("http");
        int colon = host.lastIndexOf(':');
        boolean hasPort =
                colon > 0
                        && host.indexOf(']') < colon
                        && isNumber(host.substring(colon + 1), MOST_PORT_DIGITS);
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
}
