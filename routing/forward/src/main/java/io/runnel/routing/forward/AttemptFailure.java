package io.runnel.routing.forward;

/** How asking one region failed; with the error type of RFC 9209 that says it best. */
public enum AttemptFailure {
    /** It is known to be down, and was not asked. */
    DOWN("destination_unavailable"),
    /** Every stream of every connection that may be is taken. */
    BUSY("connection_limit_reached"),
    /** No connection. */
    NOT_CONNECTED("connection_refused"),
    /** No connection in time. */
    CONNECT_TIMED_OUT("connection_timeout"),
    /** It said that it has not looked at the call. */
    NOT_TAKEN("destination_unavailable"),
    /** It said that it has not run the call. */
    NOT_RUN("destination_unavailable"),
    /** It went down while the call waited for its answer. */
    SILENT("connection_timeout"),
    /** The connection or the stream broke after the call was sent. */
    BROKEN("connection_terminated"),
    /** The deadline passed before the answer was whole. */
    TOO_LATE("http_response_timeout");

    private final String proxyError;

    AttemptFailure(String proxyError) {
        this.proxyError = proxyError;
    }

    /** As it stands in {@code Proxy-Status}. */
    String proxyError() {
        return proxyError;
    }

    /** Whether the region may have run the call, or part of it. */
    boolean mayHaveRun() {
        return switch (this) {
            case DOWN, BUSY, NOT_CONNECTED, CONNECT_TIMED_OUT, NOT_TAKEN, NOT_RUN -> false;
            case SILENT, BROKEN, TOO_LATE -> true;
        };
    }
}
