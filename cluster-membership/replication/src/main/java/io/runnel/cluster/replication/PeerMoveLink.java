package io.runnel.cluster.replication;

import io.runnel.exec.isolate.MoveLink;
import io.runnel.exec.task.MoveId;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The way of calls to a region's node: {@code POST} offers one, {@code PATCH} brings it, {@code
 * PUT} tells that it is that node's, {@code DELETE} that it stays. For threads that may block,
 * never for event loops.
 */
public final class PeerMoveLink implements MoveLink {
    /** Where calls are brought, below it by their ids. */
    public static final String PATH = "/v1/arrivals/";

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** For the other node to fetch the code of the task, and its image to be made. */
    private static final Duration TO_EXPECT = Duration.ofSeconds(20);

    /** For a part to be taken, and for the other node to take the last of the machine in. */
    private static final Duration TO_TAKE = Duration.ofSeconds(10);

    private static final int MOST_SAID = 4096;
    private static final int OK = 200;
    private static final int NOT_FOUND = 404;

    private final InternalClient client;
    private final Peer peer;

    /** To this node. */
    public PeerMoveLink(InternalClient client, Peer peer) {
        this.client = client;
        this.peer = peer;
    }

    @Override
    public void offer(MoveId id, byte[] offer) throws IOException, InterruptedException {
        require(ask(HttpMethod.POST, id, Buffer.buffer(offer), TO_EXPECT));
    }

    private InternalClient.Told ask(HttpMethod method, MoveId id, Buffer body, Duration patience)
            throws IOException, InterruptedException {
        HttpClientRequest request = await(open(method, id, patience), PATIENCE);
        Future<InternalClient.Told> answer = answer(request);
        await(request.end(body), PATIENCE);
        return await(answer, patience);
    }

    @Override
    public void bring(MoveId id, Sending sending) throws IOException, InterruptedException {
        HttpClientRequest request = await(open(HttpMethod.PATCH, id, TO_TAKE), PATIENCE);
        request.setChunked(true);
        Future<InternalClient.Told> answer = answer(request);
        boolean whole = false;
        try {
            try (Upload upload = new Upload(request, answer)) {
                sending.to(upload);
                upload.finish();
            }
            require(await(answer, TO_TAKE));
            whole = true;
        } finally {
            if (!whole) {
                request.reset();
            }
        }
    }

    @Override
    public boolean goOn(MoveId id, byte[] state) throws IOException, InterruptedException {
        InternalClient.Told told = ask(HttpMethod.PUT, id, Buffer.buffer(state), PATIENCE);
        if (told.status() == NOT_FOUND) {
            return false;
        }
        require(told);
        return true;
    }

    @Override
    public void drop(MoveId id) throws InterruptedException {
        try {
            var unused = ask(HttpMethod.DELETE, id, Buffer.buffer(), PATIENCE);
        } catch (IOException e) {
            // It lets go of what nobody asks for.
        }
    }

    private Future<HttpClientRequest> open(HttpMethod method, MoveId id, Duration idle) {
        return client.request(method, peer, PATH + id, idle);
    }

    private static Future<InternalClient.Told> answer(HttpClientRequest request) {
        return request.response().compose(PeerMoveLink::told);
    }

    private static Future<InternalClient.Told> told(HttpClientResponse response) {
        return InternalClient.told(response, MOST_SAID);
    }

    private static void require(InternalClient.Told told) throws IOException {
        if (told.status() != OK) {
            throw new IOException(
                    "the other node answered %d%s"
                            .formatted(
                                    told.status(),
                                    told.body().map(InternalClient::detail).orElse("")));
        }
    }

    private static <T> T await(Future<T> future, Duration patience)
            throws IOException, InterruptedException {
        try {
            return future.toCompletionStage()
                    .toCompletableFuture()
                    .get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the other node: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IOException(
                    "the other node: no answer within %d s".formatted(patience.toSeconds()), e);
        }
    }

    /** The body of a request, written by a thread that waits for each part to be taken. */
    private static final class Upload extends OutputStream {
        private final HttpClientRequest request;
        private final Future<InternalClient.Told> answer;

        Upload(HttpClientRequest request, Future<InternalClient.Told> answer) {
            this.request = request;
            this.answer = answer;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            waitFor(request.write(Buffer.buffer().appendBytes(bytes, from, length)));
        }

        void finish() throws IOException {
            waitFor(request.end());
        }

        /** A node that answers before it has all of it will not take it. */
        private void waitFor(Future<Void> taken) throws IOException {
            try {
                if (answer.isComplete()) {
                    require(PeerMoveLink.await(answer, PATIENCE));
                }
                var unused = PeerMoveLink.await(taken, TO_TAKE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }
}
