package io.runnel.cluster.replication;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.json.JsonObject;

/** How a peer is told no: a problem document (RFC 9457) that says nothing of this node's inside. */
enum Refusal {
    BAD_REQUEST(400, "bad-request", "The request is not understood"),
    UNAUTHENTICATED(401, "unauthenticated", "Credentials are missing or wrong"),
    FORBIDDEN(403, "forbidden", "This is not for nodes like this one"),
    NOT_ATTESTED(403, "not-attested", "This node has not shown to be what is asked for"),
    CODE_NOT_FOUND(404, "code-not-found", "This node does not hold this code"),
    SECRETS_NOT_FOUND(404, "secrets-not-found", "This node does not hold these secrets"),
    NOT_CERTIFIED(403, "not-certified", "This node does not certify this POP"),
    METHOD_NOT_ALLOWED(405, "method-not-allowed", "This path has other methods"),
    PAYLOAD_TOO_LARGE(413, "payload-too-large", "The body is longer than allowed"),
    INTERNAL_ERROR(500, "internal-error", "The node could not do it"),
    OVER_CAPACITY(503, "over-capacity", "The node has as much to do as it takes on");

    private static final long LINGER_MILLIS = 3_000;

    private final int status;
    private final String code;
    private final String title;

    Refusal(int status, String code, String title) {
        this.status = status;
        this.code = code;
        this.title = title;
    }

    /** Answers so, if nothing was answered yet; whatever of the body is still to come is let go. */
    void send(HttpServerRequest request) {
        send(request, "");
    }

    /** The same, and says why, to whoever may know it. */
    void send(HttpServerRequest request, String why) {
        HttpServerResponse response = request.response();
        if (response.ended() || response.closed() || response.headWritten()) {
            return;
        }
        response.setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        if (this == OVER_CAPACITY) {
            response.putHeader("Retry-After", "1");
        }
        response.end(body(why));
        request.resume();
    }

    /** Answers so and closes the connection: for whoever is not to be listened to any longer. */
    void sendAndClose(HttpServerRequest request) {
        HttpServerResponse response = request.response();
        response.setStatusCode(status).putHeader("Content-Type", "application/problem+json");
        if (request.version() != HttpVersion.HTTP_2) {
            // Else its client may send the next one into a connection that is being closed.
            response.putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        response.end(body("")).onComplete(done -> close(request));
    }

    /** One connection of HTTP/2 carries many requests: its client is to see what became of each. */
    private static void close(HttpServerRequest request) {
        Context context = Vertx.currentContext();
        if (request.version() == HttpVersion.HTTP_2 && context != null) {
            context.owner().setTimer(LINGER_MILLIS, late -> request.connection().close());
        } else {
            request.connection().close();
        }
    }

    private String body(String why) {
        JsonObject body =
                JsonObject.of(
                        "type", "about:blank", "title", title, "status", status, "code", code);
        return (why.isEmpty() ? body : body.put("detail", why)).encode();
    }
}
