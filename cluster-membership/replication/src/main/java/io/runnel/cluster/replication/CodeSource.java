package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.exec.isolate.CodeStore;
import io.runnel.exec.task.CodeDigest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Asks one peer after the other for one piece of code, and keeps what proves to be it. */
final class CodeSource {
    private static final Logger LOG = System.getLogger(CodeSource.class.getName());

    private final InternalClient client;
    private final CodeStore codes;
    private final Executor disk;
    private final CodeFetcher.Settings settings;
    private final int mostBytes;

    CodeSource(
            InternalClient client, CodeStore codes, Executor disk, CodeFetcher.Settings settings) {
        this.client = client;
        this.codes = codes;
        this.disk = disk;
        this.settings = settings;
        this.mostBytes = Math.toIntExact(settings.largest().bytes());
    }

    CompletableFuture<Void> fetch(CodeDigest digest, List<Peer> peers) {
        ReplicationException nobody =
                new ReplicationException(
                        Code.CODE_ABSENT, "code %s: no peer to ask".formatted(digest.brief()));
        CompletableFuture<Void> fetched = CompletableFuture.failedFuture(nobody);
        for (Peer peer : peers) {
            fetched = fetched.exceptionallyCompose(before -> fetchFrom(peer, digest));
        }
        return fetched;
    }

    private CompletionStage<Void> fetchFrom(Peer peer, CodeDigest digest) {
        return client.requestShowing(
                        HttpMethod.GET, peer, CodeHandler.PATH + digest, settings.idle())
                .compose(this::download)
                .toCompletionStage()
                .thenAcceptAsync(code -> keep(code, digest), disk)
                .exceptionally(failure -> failed(peer, digest, Causes.unwrap(failure)));
    }

    private Future<byte[]> download(HttpClientRequest request) {
        return request.send()
                .compose(this::body)
                .map(Buffer::getBytes)
                .onFailure(failure -> request.reset());
    }

    private Future<Buffer> body(HttpClientResponse response) {
        // Gathered whatever the status: what nobody handles is logged when the request is reset.
        Future<Buffer> body = BoundedBody.gather(response, mostBytes);
        return response.statusCode() == 200
                ? body
                : body.otherwise(Buffer.buffer())
                        .compose(
                                text ->
                                        Future.failedFuture(
                                                refusedWith(response.statusCode(), text)));
    }

    private static ReplicationException refusedWith(int status, Buffer text) {
        return new ReplicationException(
                status == 404 ? Code.CODE_ABSENT : Code.PEER_REFUSED,
                "answered %d%s".formatted(status, InternalClient.detail(text)));
    }

    private void keep(byte[] code, CodeDigest digest) {
        CodeDigest came = CodeDigest.of(code);
        if (!came.equals(digest)) {
            throw new ReplicationException(
                    Code.CODE_DAMAGED,
                    "sent %d bytes of digest %s".formatted(code.length, came.brief()));
        }
        try {
            codes.put(code);
        } catch (IOException e) {
            throw new ReplicationException(Code.SINK_FAILED, "cannot be kept", e);
        }
    }

    private static Void failed(Peer peer, CodeDigest digest, Throwable failure) {
        String message =
                "code %s from %s: %s".formatted(digest.brief(), peer, failure.getMessage());
        LOG.log(Level.INFO, message);
        Code code = failure instanceof ReplicationException known ? known.code() : Code.UNREACHABLE;
        throw new CompletionException(new ReplicationException(code, message, failure));
    }
}
