package io.runnel.exec.http;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.task.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One call of an {@code http} task: its output becomes an answer as it comes. An answer that is
 * whole before anybody waited for it leaves at once, with its length; else its head leaves first
 * and the rest flows. For the exchange's event loop, but for {@link #output} and {@link #ended}.
 */
final class CgiCall implements GuestCall, Ticker.Tickable {
    /** How far the answer is. */
    private enum Stage {
        /** Nothing has left. */
        GATHERING,
        /** The head has left. */
        FLOWING,
        /** All has left, or nobody waits. */
        DONE
    }

    private final Exchange exchange;
    private final CallFacts facts;
    private final AnswerHead head;
    private final ResponseBridge bridge;
    private final WideRoom wide;
    private Stage stage = Stage.GATHERING;
    private OptionalLong declared = OptionalLong.empty();
    private long sentBytes;

    /**
     * The last byte of what was declared waits for the guest's end: until then it is not metered.
     */
    private Optional<Buffer> last = Optional.empty();

    private RunningCall running = () -> {};

    CgiCall(Exchange exchange, CallFacts facts, AnswerHead head) {
        this.exchange = exchange;
        this.facts = facts;
        this.head = head;
        this.wide = new WideRoom(exchange);
        this.bridge = new ResponseBridge(() -> exchange.onLoop(this::pump), wide);
    }

    @Override
    public OutputSink output() {
        return bridge;
    }

    @Override
    public void ended(Outcome outcome) {
        bridge.end(outcome);
    }

    @Override
    public void withdrawn() {
        bridge.close();
        exchange.onLoop(
                () -> {
                    stage = Stage.DONE;
                    exchange.ticker().remove(this);
                });
    }

    @Override
    public void started(RunningCall call) {
        running = call;
        if (bridge.awaken()) {
            pump();
        }
        if (stage != Stage.DONE) {
            exchange.ticker().add(this);
            exchange.whenGone(this::stop);
        }
    }

    @Override
    public void stop() {
        stage = Stage.DONE;
        bridge.close();
        wide.close();
        running.cancel();
    }

    /** What lies there for a while is sent, if the head is whole: an answer may be slow to grow. */
    @Override
    public void tick() {
        boolean ready =
                stage != Stage.DONE
                        && bridge.isStale()
                        && (stage == Stage.FLOWING
                                || !(bridge.head() instanceof CgiAnswer.Incomplete));
        if (ready) {
            pump();
        }
    }

    private void pump() {
        ResponseBridge.Portion portion = bridge.take();
        if (!exchange.isFinished()) {
            switch (stage) {
                case GATHERING -> begin(portion, portion.outcome());
                case FLOWING -> flow(portion.asBuffer(), portion.outcome());
                case DONE -> {}
            }
        }
        portion.outcome().ifPresent(this::over);
    }

    private void over(Outcome outcome) {
        exchange.ticker().remove(this);
        facts.onEnd().accept(outcome);
    }

    private void begin(ResponseBridge.Portion portion, Optional<Outcome> outcome) {
        Optional<ErrorCode> error = outcome.flatMap(OutcomeStatus::of);
        if (error.isPresent()) {
            head.putOn(exchange.response(), outcome);
            exchange.refuse(OutcomeStatus.problem(error.get(), outcome.orElseThrow()));
            stop();
            return;
        }
        switch (portion.parsed(exchange.heads(), facts.task().code())) {
            case CgiAnswer.Incomplete none -> refuse("output ends before the empty line", outcome);
            case CgiAnswer.Broken(String reason) -> refuse(reason, outcome);
            case CgiAnswer.Whole(Answer answer)
                    when hasBody(answer) && answer.belies(outcome.isPresent()) ->
                    refuse("the body is not as long as Content-Length says", outcome);
            case CgiAnswer.Whole(Answer answer) -> {
                head.putOn(exchange.response(), answer, outcome);
                if (outcome.isPresent()) {
                    sendWhole(answer);
                } else {
                    sendHead(answer);
                    bridge.sent(portion.length() - answer.body().length());
                }
            }
        }
    }

    private void refuse(String reason, Optional<Outcome> outcome) {
        byte[] line = ("runnel: " + reason + "\n").getBytes(StandardCharsets.UTF_8);
        if (outcome.isPresent()) {
            tellOwner(line);
        }
        head.putOn(exchange.response(), outcome);
        exchange.refuse(ErrorCode.INVALID_OUTPUT);
        stop();
    }

    /** Only once the guest has ended: until then the log is its thread's. */
    private void tellOwner(byte[] line) {
        try {
            facts.log().write(line, 0, line.length);
        } catch (SinkClosedException e) {
            // The log is full: the owner has other news.
        }
    }

    private boolean hasBody(Answer answer) {
        return answer.mayHaveBody() && !isHead();
    }

    private boolean isHead() {
        return exchange.request().method().equals(HttpMethod.HEAD);
    }

    private void sendWhole(Answer answer) {
        stage = Stage.DONE;
        HttpServerResponse response = exchange.response();
        if (isHead()) {
            long length = answer.declaredLength().orElse(answer.body().length());
            response.headers().set(HttpHeaders.CONTENT_LENGTH, Long.toString(length));
        }
        if (hasBody(answer)) {
            whenSent(response.end(answer.body()));
        } else {
            whenSent(response.end());
        }
    }

    /** The guest has ended by then: what it has not taken it never will. */
    private void whenSent(Future<Void> sent) {
        if (wide.isTaken()) {
            sent.onComplete(done -> wide.close());
        }
    }

    private void sendHead(Answer answer) {
        HttpServerResponse response = exchange.response();
        declared = answer.declaredLength();
        if (declared.isPresent()) {
            String length = Long.toString(declared.getAsLong());
            response.headers().set(HttpHeaders.CONTENT_LENGTH, length);
        }
        if (!hasBody(answer)) {
            response.end();
            stop();
            return;
        }
        if (declared.isEmpty()) {
            endByClosing(exchange);
        }
        stage = Stage.FLOWING;
        send(answer.body());
    }

    /** Without a length HTTP/1.1 has chunks, HTTP/1.0 only the connection's end. */
    static void endByClosing(Exchange exchange) {
        if (exchange.request().version() == HttpVersion.HTTP_1_0) {
            exchange.closeAfterAnswer();
        } else {
            exchange.response().setChunked(true);
        }
    }

    private void flow(Buffer bytes, Optional<Outcome> outcome) {
        long all = sentBytes + bytes.length();
        boolean tooMuch = declared.isPresent() && all > declared.getAsLong();
        boolean failed = outcome.flatMap(OutcomeStatus::of).isPresent();
        boolean tooLittle =
                outcome.isPresent() && declared.isPresent() && all < declared.getAsLong();
        if (tooMuch || failed || tooLittle) {
            exchange.breakOff();
            stop();
        } else if (outcome.isPresent()) {
            stage = Stage.DONE;
            whenSent(exchange.response().end(last.orElse(bytes)));
        } else {
            send(bytes);
        }
    }

    private void sent(int count) {
        bridge.sent(count);
        wide.sent(count);
    }

    private void send(Buffer bytes) {
        sentBytes += bytes.length();
        boolean isAll = declared.isPresent() && declared.getAsLong() == sentBytes;
        int count = isAll && bytes.length() > 0 ? bytes.length() - 1 : bytes.length();
        if (count < bytes.length()) {
            last = Optional.of(bytes.slice(count, bytes.length()));
        }
        if (count > 0) {
            exchange.response().write(bytes.slice(0, count)).onComplete(done -> sent(count));
        }
    }
}
