package io.runnel.cluster.replication;

import io.runnel.cluster.replication.Permits.Permit;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.CodeDigest;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Answers {@code GET /v1/code/SHA256} with this node's code of that digest, 404 if it has none;
 * {@code HEAD} asks only whether it is here. Code is read and checked on the executor; a few
 * answers are under way at once, some more wait, the rest are told 503. Safe for any thread.
 */
public final class CodeHandler implements Handler<HttpServerRequest> {
    /** What the digest is appended to. */
    public static final String PATH = "/v1/code/";

    private static final Logger LOG = System.getLogger(CodeHandler.class.getName());
    private static final int AT_ONCE = 4;
    private static final int MOST_WAITING = 64;

    private final Permits permits = new Permits(AT_ONCE, MOST_WAITING);
    private final Vertx vertx;
    private final CodeStore codes;
    private final Executor disk;

    /**
     * Serves this store.
     *
     * @param disk where files are read: never an event loop
     */
    public CodeHandler(Vertx vertx, CodeStore codes, Executor disk) {
        this.vertx = vertx;
        this.codes = codes;
        this.disk = disk;
    }

    @Override
    public void handle(HttpServerRequest request) {
        String name = request.path().substring(PATH.length());
        if (!CodeDigest.isValid(name)) {
            Refusal.BAD_REQUEST.send(request);
            return;
        }
        CodeDigest digest = new CodeDigest(name);
        if (!codes.holds(digest)) {
            Refusal.CODE_NOT_FOUND.send(request);
        } else if (request.method().equals(HttpMethod.HEAD)) {
            request.response().end();
        } else {
            queue(request, digest);
        }
    }

    private void queue(HttpServerRequest request, CodeDigest digest) {
        Optional<CompletionStage<Permit>> place = permits.acquire();
        if (place.isEmpty()) {
            Refusal.OVER_CAPACITY.send(request);
            return;
        }
        Context loop = vertx.getOrCreateContext();
        place.get()
                .thenAcceptAsync(permit -> readAndSend(request, digest, permit, loop), disk)
                .exceptionally(failure -> refuse(request, digest, loop, failure));
    }

    private void readAndSend(
            HttpServerRequest request, CodeDigest digest, Permit permit, Context loop) {
        try {
            Optional<byte[]> code = codes.read(digest);
            loop.runOnContext(back -> answer(request, code, permit));
        } catch (IOException | RuntimeException e) {
            permit.release();
            throw new CompletionException(e);
        }
    }

    private void answer(HttpServerRequest request, Optional<byte[]> code, Permit permit) {
        if (code.isPresent() && !request.response().closed()) {
            new CodeAnswer(vertx, request, code.get(), permit::release).send();
        } else {
            permit.release();
            Refusal.CODE_NOT_FOUND.send(request);
        }
    }

    private static Void refuse(
            HttpServerRequest request, CodeDigest digest, Context loop, Throwable failure) {
        LOG.log(Level.WARNING, "code %s cannot be served".formatted(digest.brief()), failure);
        loop.runOnContext(back -> Refusal.INTERNAL_ERROR.send(request));
        return null;
    }
}
