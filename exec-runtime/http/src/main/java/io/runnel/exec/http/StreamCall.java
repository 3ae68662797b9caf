package io.runnel.exec.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;

import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.task.Outcome;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One call of Lambda's {@code InvokeWithResponseStream}: what the guest writes leaves at once as
 * {@code PayloadChunk} events, and how it ended as {@code InvokeComplete}. While the client has not
 * taken what was sent, nothing more is: small pieces gather, and then the guest waits. For the
 * exchange's event loop, but for {@link #output} and {@link #ended}.
 */
final class StreamCall implements GuestCall {
    /** The longest payload of one event. */
    static final int MOST_CHUNK_BYTES = 64 * 1024;

    private static final String CHUNK = "PayloadChunk";
    private static final String COMPLETE = "InvokeComplete";
    private static final String BYTES = "application/octet-stream";
    private static final JsonFactory JSON = new JsonFactory();

    /** How far the answer is. */
    private enum Stage {
        /** Nothing has left. */
        WAITING,
        /** The head has left. */
        FLOWING,
        /** All has left, or nobody waits. */
        DONE
    }

    private final Exchange exchange;
    private final CallFacts facts;
    private final AnswerHead head;
    private final Optional<LogTail> tail;
    private final WideRoom wide;
    private final ResponseBridge bridge;
    private Stage stage = Stage.WAITING;
    private boolean writing;
    private boolean more;
    private boolean over;
    private volatile boolean ended;
    private RunningCall running = () -> {};

    /**
     * A call that is about to begin.
     *
     * @param tail of its log, if its caller is to get that
     */
    StreamCall(Exchange exchange, CallFacts facts, AnswerHead head, Optional<LogTail> tail) {
        this.exchange = exchange;
        this.facts = facts;
        this.head = head;
        this.tail = tail;
        this.wide = new WideRoom(exchange);
        this.bridge = ResponseBridge.eager(() -> exchange.onLoop(this::pump), wide);
    }

    @Override
    public OutputSink output() {
        return bridge;
    }

    @Override
    public void ended(Outcome outcome) {
        ended = true;
        bridge.end(outcome);
        // The bridge wakes nobody if what was written before is still to be taken.
        exchange.onLoop(this::pump);
    }

    @Override
    public void withdrawn() {
        bridge.close();
        exchange.onLoop(() -> stage = Stage.DONE);
    }

    @Override
    public void started(RunningCall call) {
        running = call;
        if (bridge.awaken()) {
            pump();
        }
        if (stage != Stage.DONE) {
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

    /** What is left when the guest has ended is little, and not waited for. */
    private void pump() {
        if (over) {
            return;
        }
        if (writing && !ended) {
            more = true;
            return;
        }
        more = false;
        ResponseBridge.Portion portion = bridge.take();
        if (!exchange.isFinished() && stage != Stage.DONE) {
            answer(portion);
        }
        portion.outcome().ifPresent(this::over);
    }

    private void over(Outcome outcome) {
        over = true;
        facts.onEnd().accept(outcome);
    }

    private void answer(ResponseBridge.Portion portion) {
        Optional<Outcome> outcome = portion.outcome();
        if (outcome.isPresent() && isNoEndOfItsOwn(outcome.get())) {
            giveUp(outcome.get());
            return;
        }
        if (stage == Stage.WAITING) {
            begin(outcome);
        }
        Buffer events = chunks(portion.toBytes());
        if (outcome.isPresent()) {
            stage = Stage.DONE;
            Future<Void> sent = exchange.response().end(events.appendBytes(last(outcome.get())));
            sent.onComplete(done -> wide.close());
        } else if (portion.length() > 0) {
            writing = true;
            exchange.response().write(events).onComplete(done -> sent(portion.length()));
        }
    }

    private static boolean isNoEndOfItsOwn(Outcome outcome) {
        return outcome instanceof Outcome.Refused || outcome instanceof Outcome.Cancelled;
    }

    /** An error if that can be said still; else the answer breaks off. */
    private void giveUp(Outcome outcome) {
        if (stage == Stage.WAITING) {
            head.putOn(exchange.response(), Optional.of(outcome));
        }
        ErrorCode code = OutcomeStatus.of(outcome).orElse(ErrorCode.INTERNAL_ERROR);
        exchange.refuse(OutcomeStatus.problem(code, outcome));
        stop();
    }

    private void begin(Optional<Outcome> outcome) {
        stage = Stage.FLOWING;
        List<Answer.Header> headers =
                List.of(
                        new Answer.Header("Content-Type", EventStreamFrame.MEDIA_TYPE),
                        new Answer.Header("X-Amzn-Remapped-Content-Type", BYTES),
                        LambdaReply.versionHeader(facts.task().version()),
                        LambdaReply.idHeader(exchange.id()));
        Answer answer = new Answer(200, headers, OptionalLong.empty(), Buffer.buffer());
        head.putOn(exchange.response(), answer, outcome);
        if (outcome.isEmpty()) {
            CgiCall.endByClosing(exchange);
        }
    }

    private void sent(int count) {
        writing = false;
        bridge.sent(count);
        wide.sent(count);
        if (more) {
            pump();
        }
    }

    private static Buffer chunks(byte[] bytes) {
        Buffer events = Buffer.buffer(bytes.length + 256);
        for (int at = 0; at < bytes.length; at += MOST_CHUNK_BYTES) {
            int length = Math.min(MOST_CHUNK_BYTES, bytes.length - at);
            events.appendBytes(EventStreamFrame.event(CHUNK, BYTES, bytes, at, length));
        }
        return events;
    }

    private byte[] last(Outcome outcome) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(128);
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            Optional<FunctionFailure> failure = FunctionFailure.of(outcome);
            if (failure.isPresent()) {
                json.writeStringField("ErrorCode", failure.get().type());
                json.writeStringField("ErrorDetails", failure.get().told(exchange.id()));
            }
            if (tail.isPresent()) {
                json.writeStringField("LogResult", tail.get().header().value());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return EventStreamFrame.event(
                COMPLETE, "application/json", out.toByteArray(), 0, out.size());
    }
}
