package io.runnel.cluster.replication;

import io.runnel.attestation.certificate.KnownRevocations;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;

/**
 * Answers {@code GET /v1/revocations} with what each authority of the network has revoked, so far
 * as this node knows: as PEM, each authority's certificate and its list. For everybody: a node that
 * was revoked learns of it here. Safe for any thread.
 */
public final class RevocationHandler implements Handler<HttpServerRequest> {
    /** Where the lists are. */
    public static final String PATH = "/v1/revocations";

    private final KnownRevocations known;

    /** Tells what is known. */
    public RevocationHandler(KnownRevocations known) {
        this.known = known;
    }

    @Override
    public void handle(HttpServerRequest request) {
        request.response().putHeader("Content-Type", "application/x-pem-file").end(known.text());
    }
}
