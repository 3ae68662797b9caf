package io.runnel.cluster.replication;

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

/**
 * Where POPs are certified: {@code POST /v1/certificates/POP} with a request of PKCS #10 in DER;
 * the answer is the chain as PEM. Safe for any thread.
 */
public final class CertificateHandler implements Handler<HttpServerRequest> {
    /** What the path of a POP's certificate begins with. */
    public static final String PATH = "/v1/certificates/";

    /** What a request for one key takes, and some more. */
    static final int MOST_BYTES = 4096;

    private final Vertx vertx;
    private final Certifier certifier;
    private final Executor workers;

    /** Who decides. */
    @FunctionalInterface
    public interface Certifier {
        /**
         * Certifies a POP's key.
         *
         * @param key whose other half the POP was seen to have
         * @return the chain; empty if there is no such POP, or no authority here
         */
        Optional<List<X509Certificate>> certify(PopId pop, PublicKey key);
    }

    /**
     * As this decides.
     *
     * @param workers where signatures are checked and made: never an event loop
     */
    public CertificateHandler(Vertx vertx, Certifier certifier, Executor workers) {
        this.vertx = vertx;
        this.certifier = certifier;
        this.workers = workers;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String name = request.path().substring(PATH.length());
        if (!PopId.isValid(name)) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        Context loop = vertx.getOrCreateContext();
        BoundedBody.gather(request, MOST_BYTES)
                .onSuccess(
                        body ->
                                workers.execute(
                                        () -> certify(request, new PopId(name), body, loop)))
                .onFailure(tooLarge -> Refusal.PAYLOAD_TOO_LARGE.send(request));
    }

    private void certify(HttpServerRequest request, PopId pop, Buffer body, Context loop) {
        Optional<PublicKey> key = CertificateRequest.key(body.getBytes());
        Optional<String> chain = key.flatMap(k -> certifier.certify(pop, k)).map(Pem::of);
        Refusal why = key.isEmpty() ? Refusal.BAD_REQUEST : Refusal.NOT_CERTIFIED;
        loop.runOnContext(
                now ->
                        chain.ifPresentOrElse(
                                pem ->
                                        request.response()
                                                .putHeader("Content-Type", "application/x-pem-file")
                                                .end(pem),
                                () -> why.send(request)));
    }
}
