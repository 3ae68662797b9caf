package io.runnel.cluster.replication;

import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Answers {@code GET /v1/signing-keys/KEY:DAY:REGION:SERVICE:aws4_request} with what a caller's
 * secret gives for that scope, sealed to the asker; 404 if the secret is not here. The secret
 * itself is told nobody. Who may ask is looked at before. Safe for any thread.
 */
public final class SigningKeyHandler implements Handler<HttpServerRequest> {
    /** What the key's id and the scope are appended to. */
    public static final String PATH = "/v1/signing-keys/";

    /** What is sealed is longer by less than this. */
    static final int MOST_BYTES = 1_024;

    private final SealedAnswers answers;
    private final Function<Wanted, CompletionStage<Optional<SigningKey>>> keys;

    /**
     * A signing key that is asked for.
     *
     * @param key the caller's
     */
    public record Wanted(KeyId key, SigningScope scope) {
        /** What follows {@link #PATH}, if it is one; hostile. */
        public static Optional<Wanted> parse(String text) {
            int colon = text.indexOf(':');
            if (colon < 0 || text.indexOf('/') >= 0 || !KeyId.isValid(text.substring(0, colon))) {
                return Optional.empty();
            }
            return SigningScope.parse(text.substring(colon + 1).replace(':', '/'))
                    .map(scope -> new Wanted(new KeyId(text.substring(0, colon)), scope));
        }

        /** {@code KEY:DAY:REGION:SERVICE:aws4_request}. */
        @Override
        public String toString() {
            return key + ":" + scope.toString().replace('/', ':');
        }
    }

    /**
     * Serves these.
     *
     * @param workers where it is sealed: never an event loop
     */
    public SigningKeyHandler(
            Vertx vertx,
            Function<Wanted, CompletionStage<Optional<SigningKey>>> keys,
            Executor workers) {
        this.answers = new SealedAnswers(vertx, workers);
        this.keys = keys;
    }

    /** What a sealed one is about. */
    static String about(Wanted wanted) {
        return "signing key " + wanted;
    }

    @Override
    public void handle(HttpServerRequest request) {
        Wanted.parse(request.path().substring(PATH.length()))
                .ifPresentOrElse(
                        wanted ->
                                answers.send(
                                        request,
                                        about(wanted),
                                        keys.apply(wanted)
                                                .thenApply(found -> found.map(SigningKey::bytes))),
                        () -> Refusal.BAD_REQUEST.send(request));
    }
}
