package io.runnel.exec.outbound;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundHeader;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * An answer whose body comes piece by piece, one for each that is asked for: a reader that is slow
 * keeps the sender waiting. Made on the exchange's event loop, read by one thread.
 */
final class StreamedAnswer implements OutboundAnswer {
    /** What comes of asking. */
    private sealed interface Piece {
        record Data(Buffer bytes) implements Piece {}

        record End() implements Piece {}

        record Broken(String why) implements Piece {}
    }

    private final HttpClientRequest request;
    private final HttpClientResponse response;
    private final Context loop;
    private final List<OutboundHeader> headers = new ArrayList<>();

    /** Bounded by the asking: one piece for each, and one end. */
    private final LinkedBlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    private Buffer current = Buffer.buffer();
    private int at;
    private boolean ended;
    private Optional<String> broken = Optional.empty();

    StreamedAnswer(HttpClientRequest request, HttpClientResponse response) {
        this.request = request;
        this.response = response;
        this.loop = Vertx.currentContext();
        response.headers().forEach((name, value) -> headers.add(new OutboundHeader(name, value)));
        response.pause();
        response.handler(bytes -> pieces.add(new Piece.Data(bytes)));
        response.endHandler(end -> pieces.add(new Piece.End()));
        response.exceptionHandler(cause -> pieces.add(new Piece.Broken(Causes.of(cause))));
    }

    @Override
    public int status() {
        return response.statusCode();
    }

    @Override
    public List<OutboundHeader> headers() {
        return List.copyOf(headers);
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration most)
            throws OutboundException, InterruptedException {
        while (at == current.length() && !ended) {
            take(next(most));
        }
        if (broken.isPresent()) {
            throw new OutboundException(Code.BROKEN, "the answer broke off: " + broken.get());
        }
        int count = Math.min(length, current.length() - at);
        current.getBytes(at, at + count, into, offset);
        at += count;
        return count;
    }

    private Piece next(Duration most) throws OutboundException, InterruptedException {
        Piece here = pieces.poll();
        if (here != null) {
            return here;
        }
        loop.runOnContext(now -> response.fetch(1));
        Piece came = pieces.poll(most.toNanos(), TimeUnit.NANOSECONDS);
        if (came == null) {
            throw new OutboundException(Code.TIMEOUT, "the rest of the answer does not come");
        }
        return came;
    }

    private void take(Piece piece) {
        switch (piece) {
            case Piece.Data data -> {
                current = data.bytes();
                at = 0;
            }
            case Piece.End none -> ended = true;
            case Piece.Broken(String why) -> {
                ended = true;
                broken = Optional.of(why);
            }
        }
    }

    @Override
    public void close() {
        if (!ended) {
            loop.runOnContext(now -> request.reset());
        }
    }
}
