package io.runnel.exec.microvm.guest;

import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * One call as the function sees it in the headers of {@code /invocation/next}.
 *
 * @param requestId not empty; without a slash
 * @param deadlineMillis since 1970 in UTC; the function is told, the host keeps it
 * @param functionArn a name of the function
 * @param traceId empty if there is none
 * @param clientContext as its caller gave it
 */
public record GuestCall(
        String requestId,
        long deadlineMillis,
        String functionArn,
        String traceId,
        Optional<String> clientContext) {
    private static final int MOST_ID = 250;
    private static final int MOST_NAME = 1000;
    private static final int MOST_CONTEXT = 32 * 1024;

    /** Checks it: what gets into a header must not make two of it. */
    public GuestCall {
        Bounds.text("requestId", requestId, MOST_ID);
        Bounds.text("functionArn", functionArn, MOST_NAME);
        Bounds.text("traceId", traceId, MOST_NAME);
        clientContext.ifPresent(text -> Bounds.text("clientContext", text, MOST_CONTEXT));
        if (requestId.isEmpty() || requestId.indexOf('/') >= 0) {
            throw new IllegalArgumentException("requestId must be a name: " + requestId);
        }
        if (deadlineMillis < 0) {
            throw new IllegalArgumentException(
                    "deadlineMillis must not be negative: " + deadlineMillis);
        }
    }

    byte[] payload() {
        ObjectNode json =
                GuestJson.newObject()
                        .put("requestId", requestId)
                        .put("deadlineMs", deadlineMillis)
                        .put("functionArn", functionArn)
                        .put("traceId", traceId);
        clientContext.ifPresent(text -> json.put("clientContext", text));
        return Bounds.payload(FrameType.INVOKE, GuestJson.bytes(json));
    }
}
