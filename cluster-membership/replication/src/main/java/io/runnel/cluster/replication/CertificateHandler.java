package io.runnel.cluster.replication;

import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.exec.task.PopId;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Where POPs are certified. {@code GET /v1/certificates/POP} answers with a nonce; {@code POST} to
 * the same path, with a {@link JoinRequest}, with the chain as PEM. Open to everybody: who asks has
 * nothing else to show yet. So only a few are looked at at once. Safe for any thread.
 */
public final class CertificateHandler implements Handler<HttpServerRequest> {
    /** What the path of a POP's certificate begins with. */
    public static final String PATH = "/v1/certificates/";

    private static final int MOST_AT_ONCE = 8;
    private static final int MOST_WAITING = 128;
    private static final System.Logger LOG = System.getLogger(CertificateHandler.class.getName());

    private final Vertx vertx;
    private final Certifier certifier;
    private final Executor workers;
    private final Permits permits = new Permits(MOST_AT_ONCE, MOST_WAITING);

    /** Who decides. Safe for any thread. */
    public interface Certifier {
        /** What a POP is to sign; empty if no authority is here. Blocks nobody. */
        Optional<String> nonce(PopId pop);

        /**
         * Certifies a POP's key, or not. Blocks.
         *
         * @param by from where it asked
         */
        Answer certify(PopId pop, JoinRequest request, String by);
    }

    /**
     * What became of a request.
     *
     * @param chain empty if it was refused
     * @param why what the asker may know of that; may be empty
     */
    public record Answer(Optional<List<X509Certificate>> chain, String why) {
        /** It was refused. */
        public static Answer refused(String why) {
            return new Answer(Optional.empty(), why);
        }
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
        } else if (HttpMethod.GET.equals(request.method())) {
            certifier
                    .nonce(new PopId(name))
                    .ifPresentOrElse(
                            nonce -> request.response().end(nonce),
                            () -> Refusal.NOT_CERTIFIED.send(request));
        } else {
            String by = request.remoteAddress().hostAddress();
            BoundedBody.gather(request, JoinRequest.MOST_BYTES)
                    .onSuccess(body -> queue(request, new PopId(name), body, by))
                    .onFailure(tooLarge -> Refusal.PAYLOAD_TOO_LARGE.send(request));
        }
    }

    /** Does what blocks elsewhere, and answers with what it made of it here again. */
    private void queue(HttpServerRequest request, PopId pop, Buffer body, String by) {
        Context loop = vertx.getOrCreateContext();
        permits.acquire()
                .ifPresentOrElse(
                        place ->
                                place.thenAccept(
                                        permit ->
                                                work(
                                                        request,
                                                        () -> certify(request, pop, body, by),
                                                        permit,
                                                        loop)),
                        () -> Refusal.OVER_CAPACITY.send(request));
    }

    private void work(
            HttpServerRequest request,
            Supplier<Runnable> work,
            Permits.Permit permit,
            Context loop) {
        workers.execute(
                () -> {
                    Runnable answer;
                    try {
                        answer = work.get();
                    } catch (RuntimeException e) {
                        LOG.log(System.Logger.Level.WARNING, "the authority could not do it", e);
                        answer = () -> Refusal.INTERNAL_ERROR.send(request);
                    } finally {
                        permit.release();
                    }
                    Runnable last = answer;
                    loop.runOnContext(now -> last.run());
                });
    }

    private Runnable certify(HttpServerRequest request, PopId pop, Buffer body, String by) {
        Optional<JoinRequest> asked = JoinRequest.read(body.getBytes());
        if (asked.isEmpty()) {
            return () -> Refusal.BAD_REQUEST.send(request);
        }
        Answer answer = certifier.certify(pop, asked.get(), by);
        Optional<String> chain = answer.chain().map(Pem::of);
        return () ->
                chain.ifPresentOrElse(
                        pem ->
                                request.response()
                                        .putHeader("Content-Type", "application/x-pem-file")
                                        .end(pem),
                        () -> Refusal.NOT_CERTIFIED.send(request, answer.why()));
    }
}
