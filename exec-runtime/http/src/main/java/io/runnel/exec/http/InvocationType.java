package io.runnel.exec.http;

import io.vertx.core.http.HttpServerRequest;

import java.util.Optional;

/** What a Lambda Invoke call asks for by {@code X-Amz-Invocation-Type}. */
public enum InvocationType {
    /** Run it, and give its result. */
    REQUEST_RESPONSE("RequestResponse"),
    /** Keep it, run it later, and tell nobody who waits. */
    EVENT("Event"),
    /** Say whether it might be called. */
    DRY_RUN("DryRun");

    /** The header that says it. */
    public static final String HEADER = "X-Amz-Invocation-Type";

    private final String label;

    InvocationType(String label) {
        this.label = label;
    }

    /** What a call says, or the usual if it says nothing; empty if it is none of these. */
    public static Optional<InvocationType> of(HttpServerRequest request) {
        String said = request.getHeader(HEADER);
        if (said == null) {
            return Optional.of(REQUEST_RESPONSE);
        }
        for (InvocationType type : values()) {
            if (type.label.equals(said)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
