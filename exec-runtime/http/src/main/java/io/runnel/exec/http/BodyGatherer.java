package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;

import java.util.Optional;
import java.util.function.Consumer;

/** Gathers one request's body, within its limits and the node's. For the exchange's event loop. */
final class BodyGatherer implements Ticker.Tickable {
    private static final String CONTINUE = "100-continue";

    private final Exchange exchange;
    private final BodyLimits limits;
    private final Consumer<GatheredBody> then;
    private final HttpServerRequest request;
    private Buffer gathered = Buffer.buffer(0);
    private boolean done;

    private BodyGatherer(Exchange exchange, BodyLimits limits, Consumer<GatheredBody> then) {
        this.exchange = exchange;
        this.limits = limits;
        this.then = then;
        this.request = exchange.request();
    }

    static void gather(Exchange exchange, BodyLimits limits, Consumer<GatheredBody> then) {
        HttpServerRequest request = exchange.request();
        if (request.isEnded() || hasNone(request)) {
            then.accept(GatheredBody.EMPTY);
            return;
        }
        new BodyGatherer(exchange, limits, then).start();
    }

    /** In HTTP/2 only the end of the stream says that there is no body. */
    static boolean hasNone(HttpServerRequest request) {
        long length = ContentLength.of(request.headers());
        return length == 0
                || (length == ContentLength.UNKNOWN
                        && request.version() != HttpVersion.HTTP_2
                        && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING));
    }

    private void start() {
        String expect = request.getHeader(HttpHeaders.EXPECT);
        long declared = ContentLength.of(request.headers());
        if (expect != null && !expect.equalsIgnoreCase(CONTINUE)) {
            exchange.refuse(ErrorCode.EXPECTATION_FAILED);
        } else if (declared > limits.most().bytes()) {
            exchange.refuse(ErrorCode.PAYLOAD_TOO_LARGE);
        } else {
            listen(expect != null);
        }
    }

    private long most() {
        return limits.gathered().bytes();
    }

    private void listen(boolean waitsForContinue) {
        exchange.ticker().add(this);
        exchange.whenFinished(this::stop);
        request.handler(chunk -> exchange.guarded(() -> take(chunk)));
        request.endHandler(v -> exchange.guarded(() -> deliver(Optional.empty())));
        request.resume();
        if (waitsForContinue) {
            exchange.response().writeContinue();
        }
    }

    private void take(Buffer chunk) {
        if (done) {
            return;
        }
        long length = (long) gathered.length() + chunk.length();
        if (length > limits.most().bytes()) {
            exchange.refuse(ErrorCode.PAYLOAD_TOO_LARGE);
        } else if (!exchange.takeMemory(chunk.length())) {
            // Only for what has come: else whoever announces much and sends nothing takes it all.
            exchange.refuse(ErrorCode.OVER_CAPACITY);
        } else {
            gathered = gathered.length() == 0 ? chunk : gathered.appendBuffer(chunk);
            if (length >= most() && most() < limits.most().bytes()) {
                request.pause();
                deliver(Optional.of(new BodyRest(request, length, limits.most().bytes())));
            }
        }
    }

    private void deliver(Optional<BodyRest> rest) {
        if (!done && !exchange.isFinished()) {
            stop();
            then.accept(new GatheredBody(gathered, rest.map(r -> r)));
        }
    }

    private void stop() {
        done = true;
        exchange.ticker().remove(this);
    }

    @Override
    public void tick() {
        if (Pace.isTooSlow(exchange.now() - exchange.arrivedNanos(), gathered.length())) {
            exchange.refuseAndClose(ErrorCode.REQUEST_TIMEOUT);
        }
    }
}
