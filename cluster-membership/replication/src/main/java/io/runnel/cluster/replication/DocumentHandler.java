package io.runnel.cluster.replication;

import io.runnel.attestation.gate.OwnDocument;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Answers {@code GET /v1/document} with this node's document as JWT, as it shows it to other nodes:
 * so a POP learns what the regions' nodes are before it sends calls there. 403 while it has none.
 * Safe for any thread.
 */
public final class DocumentHandler implements Handler<HttpServerRequest> {
    /** Where the document is. */
    public static final String PATH = "/v1/document";

    private final OwnDocument document;

    /** Shows this document, as it is at the time. */
    public DocumentHandler(OwnDocument document) {
        this.document = document;
    }

    @Override
    public void handle(HttpServerRequest request) {
        document.jwt()
                .ifPresentOrElse(
                        jwt ->
                                request.response()
                                        .putHeader("Content-Type", "application/jwt")
                                        .end(jwt),
                        () -> Refusal.NOT_ATTESTED.send(request));
    }
}
