package io.runnel.cluster.replication;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.certificate.Pem;
import io.runnel.exec.task.PopId;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where POPs are certified: {@code POST /v1/certificates/POP} with a request of PKCS #10 in DER;
 * the answer is the chain as PEM. Who asks shows the network's token, once, in the header {@code
 * Runnel-Network}: it has nothing else to show yet. The comparison takes the same time for every
 * wrong token. Safe for any thread.
 */
public final class CertificateHandler implements Handler<HttpServerRequest> {
    /** What the path of a POP's certificate begins with. */
    public static final String PATH = "/v1/certificates/";

    /** The header that carries the token. */
    public static final String TOKEN = "Runnel-Network";

    /** What a request for one key takes, and some more. */
    static final int MOST_BYTES = 4096;

    private static final System.Logger LOG = System.getLogger(CertificateHandler.class.getName());

    private final Vertx vertx;
    private final NetworkToken token;
    private final Certifier certifier;
    private final Executor workers;

    /** Who decides. Blocks; safe for any thread. */
    @FunctionalInterface
    public interface Certifier {
        /**
         * Certifies a POP's key.
         *
         * @param key whose other half the POP was seen to have
         * @param by from where it asked
         * @return the chain; empty if there is no such POP, it was revoked, or no authority is here
         */
        Optional<List<X509Certificate>> certify(PopId pop, PublicKey key, String by);
    }

    /**
     * As this decides.
     *
     * @param workers where signatures are checked and made: never an event loop
     */
    public CertificateHandler(
            Vertx vertx, NetworkToken token, Certifier certifier, Executor workers) {
        this.vertx = vertx;
        this.token = token;
        this.certifier = certifier;
        this.workers = workers;
    }

    @Override
    public void handle(HttpServerRequest request) {
        List<String> shown = request.headers().getAll(TOKEN);
        if (shown.size() != 1 || !token.matches(shown.getFirst())) {
            Refusal.UNAUTHENTICATED.sendAndClose(request);
            return;
        }
        String name = request.path().substring(PATH.length());
        if (!PopId.isValid(name)) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        String by = request.remoteAddress().hostAddress();
        BoundedBody.gather(request, MOST_BYTES)
                .onSuccess(body -> work(request, new PopId(name), body, by))
                .onFailure(tooLarge -> Refusal.PAYLOAD_TOO_LARGE.send(request));
    }

    /** Does what blocks elsewhere, and answers with what it made of it here again. */
    private void work(HttpServerRequest request, PopId pop, Buffer body, String by) {
        Context loop = vertx.getOrCreateContext();
        workers.execute(() -> done(request, () -> certify(request, pop, body, by), loop));
    }

    private static void done(HttpServerRequest request, Supplier<Runnable> work, Context loop) {
        Runnable answer;
        try {
            answer = work.get();
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "the authority could not do it", e);
            answer = () -> Refusal.INTERNAL_ERROR.send(request);
        }
        Runnable last = answer;
        loop.runOnContext(now -> last.run());
    }

    private Runnable certify(HttpServerRequest request, PopId pop, Buffer body, String by) {
        Optional<PublicKey> key = CertificateRequest.key(body.getBytes());
        Optional<String> chain = key.flatMap(k -> certifier.certify(pop, k, by)).map(Pem::of);
        Refusal why = key.isEmpty() ? Refusal.BAD_REQUEST : Refusal.NOT_CERTIFIED;
        return () ->
                chain.ifPresentOrElse(
                        pem ->
                                request.response()
                                        .putHeader("Content-Type", "application/x-pem-file")
                                        .end(pem),
                        () -> why.send(request));
    }
}
