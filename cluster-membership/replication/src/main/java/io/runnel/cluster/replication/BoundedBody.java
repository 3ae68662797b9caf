package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;

/** Gathers a body that has a limit. For the thread of the stream. */
final class BoundedBody {
    private final Buffer gathered = Buffer.buffer();
    private final Promise<Buffer> whole = Promise.promise();
    private final int mostBytes;

    private BoundedBody(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * All that the stream brings. Fails with {@code TOO_LARGE} at the first byte too many, without
     * keeping what follows, and with {@code UNREACHABLE} when the stream breaks.
     */
    static Future<Buffer> gather(ReadStream<Buffer> stream, int mostBytes) {
        BoundedBody body = new BoundedBody(mostBytes);
        stream.handler(body::add);
        stream.exceptionHandler(
                cause ->
                        body.whole.tryFail(
                                new ReplicationException(
                                        Code.UNREACHABLE, "the body broke off", cause)));
        stream.endHandler(end -> body.whole.tryComplete(body.gathered));
        return body.whole.future();
    }

    private void add(Buffer piece) {
        if (whole.future().isComplete()) {
            return;
        }
        if (gathered.length() + piece.length() > mostBytes) {
            whole.tryFail(
                    new ReplicationException(
                            Code.TOO_LARGE,
                            "the body must be at most %d bytes".formatted(mostBytes)));
            return;
        }
        gathered.appendBuffer(piece);
    }
}
