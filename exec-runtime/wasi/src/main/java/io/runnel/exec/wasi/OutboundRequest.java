package io.runnel.exec.wasi;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A request that a guest sends.
 *
 * @param body not to be changed; empty for none
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record OutboundRequest(
        String method, OutboundUrl url, List<OutboundHeader> headers, byte[] body) {
    private static final Pattern METHOD = Pattern.compile("[A-Z]{1,20}");

    /** Whether a guest may use this method: any but those that make other use of a connection. */
    static boolean isMethod(String method) {
        return METHOD.matcher(method).matches()
                && !method.equals("CONNECT")
                && !method.equals("TRACE");
    }

    /** What a guest passed, if it is well-formed. */
    static Optional<OutboundRequest> parse(String method, String url, String headers, byte[] body) {
        return isMethod(method)
                ? OutboundUrl.parse(url)
                        .flatMap(
                                to ->
                                        OutboundHeader.parse(headers)
                                                .map(h -> new OutboundRequest(method, to, h, body)))
                : Optional.empty();
    }
}
