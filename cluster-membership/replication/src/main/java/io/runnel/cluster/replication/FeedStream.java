package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.runnel.routing.catalog.CatalogException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * One connection to one source, from the request to whatever ends it. A source that sends no line
 * for too long, though this side reads, is given up. Runs on the follower's context.
 */
final class FeedStream {
    /** Told of what happens; of nothing more after {@link #ended}. */
    interface Listener {
        /** A line came, at {@code atNs} by this node's clock. */
        void line(FeedStream stream, FeedLine line, long atNs);

        /** It is over, and not because {@link FeedStream#close} was called. */
        void ended(FeedStream stream, Throwable cause);
    }

    private static final int MOST_PROBLEM_BYTES = 4096;

    private final Vertx vertx;
    private final Peer source;
    private final Listener listener;
    private final long silenceNs;
    private final LongSupplier nanoClock;
    private final LineSplitter splitter = new LineSplitter(FeedLines.MOST_LINE_BYTES);
    private final long timer;
    private Optional<HttpClientRequest> request = Optional.empty();
    private Optional<HttpClientResponse> response = Optional.empty();
    private long lastLineNs;
    private boolean paused;
    private boolean over;

    private FeedStream(
            Vertx vertx, Peer source, Listener listener, Duration silence, LongSupplier nanoClock) {
        this.vertx = vertx;
        this.source = source;
        this.listener = listener;
        this.silenceNs = silence.toNanos();
        this.nanoClock = nanoClock;
        this.lastLineNs = nanoClock.getAsLong();
        this.timer = vertx.setPeriodic(Math.max(1, silence.toMillis() / 8), tick -> watch());
    }

    /** Connects and asks. */
    static FeedStream open(
            Vertx vertx,
            InternalClient client,
            Peer source,
            FeedRequest asked,
            Listener listener,
            Duration silence,
            LongSupplier nanoClock) {
        FeedStream stream = new FeedStream(vertx, source, listener, silence, nanoClock);
        client.requestShowing(HttpMethod.GET, source, asked.uri(), Duration.ZERO)
                .onSuccess(stream::send)
                .onFailure(stream::broken);
        return stream;
    }

    Peer source() {
        return source;
    }

    /** Reads no more for now. Lines that were under way may still come. */
    void pause() {
        if (!paused && !over) {
            paused = true;
            response.ifPresent(HttpClientResponse::pause);
        }
    }

    void resume() {
        if (paused && !over) {
            paused = false;
            lastLineNs = nanoClock.getAsLong();
            response.ifPresent(HttpClientResponse::resume);
        }
    }

    void close() {
        if (!over) {
            over = true;
            vertx.cancelTimer(timer);
            request.ifPresent(HttpClientRequest::reset);
        }
    }

    private void send(HttpClientRequest connected) {
        if (over) {
            connected.reset();
            return;
        }
        request = Optional.of(connected);
        connected.send().onSuccess(this::receive).onFailure(this::broken);
    }

    private void receive(HttpClientResponse answer) {
        if (over) {
            return;
        }
        answer.exceptionHandler(this::broken);
        if (answer.statusCode() != 200) {
            BoundedBody.gather(answer, MOST_PROBLEM_BYTES)
                    .otherwise(Buffer.buffer())
                    .onSuccess(problem -> refused(answer.statusCode(), problem));
            return;
        }
        response = Optional.of(answer);
        answer.handler(this::read);
        answer.endHandler(end -> end(new ReplicationException(Code.UNREACHABLE, "ended the feed")));
    }

    private void refused(int status, Buffer problem) {
        end(
                new ReplicationException(
                        Code.PEER_REFUSED,
                        "answered %d%s".formatted(status, InternalClient.detail(problem))));
    }

    private void read(Buffer piece) {
        try {
            splitter.split(piece, this::line);
        } catch (ReplicationException | CatalogException e) {
            end(e);
        }
    }

    private void line(byte[] utf8) {
        if (!over) {
            lastLineNs = nanoClock.getAsLong();
            listener.line(this, FeedLines.read(utf8), lastLineNs);
        }
    }

    private void watch() {
        if (!paused && nanoClock.getAsLong() - lastLineNs > silenceNs) {
            end(new ReplicationException(Code.SOURCE_SILENT, "sent nothing for too long"));
        }
    }

    private void broken(Throwable cause) {
        end(new ReplicationException(Code.UNREACHABLE, "connection: " + cause.getMessage(), cause));
    }

    private void end(Throwable cause) {
        if (!over) {
            close();
            listener.ended(this, cause);
        }
    }
}
