package io.runnel.cluster.replication;

import io.runnel.attestation.seal.RecipientSeal;
import io.runnel.exec.task.SecretBundle;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.PublicKey;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Answers {@code GET /v1/secrets/ACCOUNT:TASK:ID} with the values of a bundle of secrets, sealed to
 * the key of the certificate that the asker's connection was opened with; 404 if they are not here.
 * Who may ask is looked at before. Safe for any thread.
 */
public final class SecretHandler implements Handler<HttpServerRequest> {
    /** What the bundle's key is appended to. */
    public static final String PATH = "/v1/secrets/";

    private static final Logger LOG = System.getLogger(SecretHandler.class.getName());

    private final Vertx vertx;
    private final Function<SecretBundle.Key, CompletionStage<Optional<Map<String, String>>>>
            bundles;
    private final Executor workers;

    /**
     * Serves these.
     *
     * @param bundles by their keys
     * @param workers where it is sealed: never an event loop
     */
    public SecretHandler(
            Vertx vertx,
            Function<SecretBundle.Key, CompletionStage<Optional<Map<String, String>>>> bundles,
            Executor workers) {
        this.vertx = vertx;
        this.bundles = bundles;
        this.workers = workers;
    }

    /** What a sealed bundle is about. */
    static String about(SecretBundle.Key key) {
        return "secrets " + key;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Optional<SecretBundle.Key> key =
                SecretBundle.Key.parse(request.path().substring(PATH.length()));
        Optional<PublicKey> asker = asker(request);
        if (key.isEmpty() || asker.isEmpty()) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        Context loop = vertx.getOrCreateContext();
        var unused =
                bundles.apply(key.get())
                        .thenApplyAsync(
                                found ->
                                        found.map(values -> sealed(asker.get(), key.get(), values)),
                                workers)
                        .whenComplete(
                                (made, failure) ->
                                        loop.runOnContext(back -> answer(request, made, failure)));
    }

    private static Buffer sealed(
            PublicKey asker, SecretBundle.Key key, Map<String, String> values) {
        return Buffer.buffer(RecipientSeal.seal(asker, about(key), SecretText.write(values)));
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
            HttpServerRequest request, Optional<Buffer> made, Throwable failure) {
        if (failure != null) {
            LOG.log(Level.WARNING, "secrets cannot be served", failure);
            Refusal.INTERNAL_ERROR.send(request);
        } else if (made.isEmpty()) {
            Refusal.SECRETS_NOT_FOUND.send(request);
        } else if (!request.response().closed()) {
            request.response()
                    .putHeader("Content-Type", "application/octet-stream")
                    .end(made.get());
        }
    }
}
