package io.runnel.cluster.replication;

import io.runnel.attestation.seal.RecipientSeal;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.PublicKey;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Answers that only the asker can read: sealed to the key of the certificate that its connection
 * was opened with. Safe for any thread.
 *
 * @param workers where it is sealed: never an event loop
 */
record SealedAnswers(Vertx vertx, Executor workers) {
    private static final Logger LOG = System.getLogger(SealedAnswers.class.getName());

    /**
     * Answers once it is found; 404 if it is not here.
     *
     * @param about what it is of: the asker must know
     */
    void send(HttpServerRequest request, String about, CompletionStage<Optional<byte[]>> found) {
        Optional<PublicKey> asker = asker(request);
        if (asker.isEmpty()) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        Context loop = vertx.getOrCreateContext();
        var unused =
                found.thenApplyAsync(
                                text ->
                                        text.map(
                                                one -> RecipientSeal.seal(asker.get(), about, one)),
                                workers)
                        .whenComplete(
                                (made, failure) ->
                                        loop.runOnContext(back -> answer(request, made, failure)));
    }

    private static Optional<PublicKey> asker(HttpServerRequest request) {
        try {
            return Optional.of(
                    request.connection().sslSession().getPeerCertificates()[0].getPublicKey());
        } catch (SSLPeerUnverifiedException e) {
            return Optional.empty();
        }
    }

    private static void answer(
            HttpServerRequest request, Optional<byte[]> made, Throwable failure) {
        if (failure != null) {
            LOG.log(Level.WARNING, "what is secret cannot be served", failure);
            Refusal.INTERNAL_ERROR.send(request);
        } else if (made.isEmpty()) {
            Refusal.SECRETS_NOT_FOUND.send(request);
        } else if (!request.response().closed()) {
            request.response()
                    .putHeader("Content-Type", "application/octet-stream")
                    .end(Buffer.buffer(made.get()));
        }
    }
}
