package io.runnel.routing.edge;

import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.WrappedResponse;
import io.runnel.routing.cache.StoredAnswer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

import java.util.Optional;

/**
 * Hands an answer on and has it kept; or, if it says that something failed, hands on what is kept
 * of earlier and drops it. For its event loop.
 */
final class KeepingResponse extends WrappedResponse {
    private final KeptAnswer kept;
    private boolean begun;
    private boolean dropping;
    private boolean dropped;

    KeepingResponse(HttpServerResponse to, KeptAnswer kept) {
        super(to);
        this.kept = kept;
    }

    private void begin() {
        if (begun) {
            return;
        }
        begun = true;
        Optional<StoredAnswer> instead = kept.insteadOf(getStatusCode());
        if (instead.isPresent()) {
            dropping = true;
            answer(instead.get());
        } else {
            kept.begins(getStatusCode(), headers());
        }
    }

    private void answer(StoredAnswer answer) {
        int failed = getStatusCode();
        MultiMap headers = to().headers();
        Optional<String> id = Optional.ofNullable(headers.get(RunnelHeaders.REQUEST_ID));
        Optional<String> connection = Optional.ofNullable(headers.get(HttpHeaders.CONNECTION));
        headers.clear();
        id.ifPresent(text -> headers.set(RunnelHeaders.REQUEST_ID, text));
        connection.ifPresent(text -> headers.set(HttpHeaders.CONNECTION, text));
        kept.putInstead(failed, headers, answer);
        to().setChunked(false);
        to().setStatusCode(answer.status());
        to().end(ServedAnswer.of(answer).body());
    }

    @Override
    public Future<Void> writeHead() {
        begin();
        return dropping ? Future.succeededFuture() : to().writeHead();
    }

    @Override
    public Future<Void> write(Buffer data) {
        begin();
        if (dropping) {
            return Future.succeededFuture();
        }
        kept.adds(data);
        return to().write(data);
    }

    @Override
    public Future<Void> end(Buffer chunk) {
        begin();
        if (dropping) {
            dropped = true;
            return Future.succeededFuture();
        }
        kept.adds(chunk);
        kept.ends();
        return to().end(chunk);
    }

    @Override
    public Future<Void> end() {
        begin();
        if (dropping) {
            dropped = true;
            return Future.succeededFuture();
        }
        kept.ends();
        return to().end();
    }

    @Override
    public boolean writeQueueFull() {
        return !dropping && to().writeQueueFull();
    }

    @Override
    public boolean headWritten() {
        return begun || to().headWritten();
    }

    @Override
    public boolean ended() {
        return dropping ? dropped : to().ended();
    }

    /** What is dropped is not the client's: his answer stays whole. */
    @Override
    public Future<Void> reset(long code) {
        return dropping ? Future.succeededFuture() : to().reset(code);
    }
}
