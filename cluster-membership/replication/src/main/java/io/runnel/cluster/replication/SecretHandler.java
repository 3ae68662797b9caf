package io.runnel.cluster.replication;

import io.runnel.exec.task.SecretBundle;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Answers {@code GET /v1/secrets/ACCOUNT:TASK:ID} with the values of a bundle of secrets, sealed to
 * the asker; 404 if they are not here. Who may ask is looked at before. Safe for any thread.
 */
public final class SecretHandler implements Handler<HttpServerRequest> {
    /** What the bundle's key is appended to. */
    public static final String PATH = "/v1/secrets/";

    private final SealedAnswers answers;
    private final Function<SecretBundle.Key, CompletionStage<Optional<Map<String, String>>>>
            bundles;

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
        this.answers = new SealedAnswers(vertx, workers);
        this.bundles = bundles;
    }

    /** What a sealed bundle is about. */
    static String about(SecretBundle.Key key) {
        return "secrets " + key;
    }

    @Override
    public void handle(HttpServerRequest request) {
        SecretBundle.Key.parse(request.path().substring(PATH.length()))
                .ifPresentOrElse(
                        key ->
                                answers.send(
                                        request,
                                        about(key),
                                        bundles.apply(key)
                                                .thenApply(found -> found.map(SecretText::write))),
                        () -> Refusal.BAD_REQUEST.send(request));
    }
}
