package io.runnel.region.server.control;

import io.runnel.exec.http.Exchange;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.streams.Pipe;

/**
 * The body of another region's answer on its way to who asked; it may be ended here before it ends
 * by itself. For its exchange's event loop, but for {@link #end}.
 */
final class RelayedAnswer {
    private final HttpClientResponse answer;
    private final Exchange exchange;
    private final Pipe<Buffer> pipe;
    private boolean ended;

    RelayedAnswer(HttpClientResponse answer, Exchange exchange) {
        this.answer = answer;
        this.exchange = exchange;
        // One that breaks off must not look whole.
        this.pipe = answer.pipe().endOnFailure(false);
    }

    void start() {
        pipe.to(exchange.response()).onFailure(failure -> broke());
    }

    private void broke() {
        if (!ended) {
            exchange.breakOff();
        }
    }

    /** Ends it as if this were all. Any thread. */
    void end() {
        exchange.onLoop(
                () -> {
                    if (!exchange.isFinished()) {
                        ended = true;
                        pipe.close();
                        exchange.response().end();
                        answer.request().reset();
                    }
                });
    }
}
