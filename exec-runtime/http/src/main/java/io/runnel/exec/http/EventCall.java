package io.runnel.exec.http;

import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.isolate.SinkClosedException;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Outcome;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One call of an {@code event} task: its output becomes an answer when it is whole. For the
 * exchange's event loop, but for {@link #output} and {@link #ended}.
 */
final class EventCall implements GuestCall {
    /** As AWS Lambda has it. An answer of an event is held in memory as a whole. */
    static final long MOST_OUTPUT_BYTES = 6 * 1024 * 1024;

    /** Smaller ones are let through: the number of requests at once bounds them. */
    private static final int SMALL_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final CallFacts facts;
    private final AnswerHead head;
    private final EventReply reply;
    private final WholeOutput output = new WholeOutput(MOST_OUTPUT_BYTES);
    private RunningCall running = () -> {};

    EventCall(Exchange exchange, CallFacts facts, AnswerHead head, EventReply reply) {
        this.exchange = exchange;
        this.facts = facts;
        this.head = head;
        this.reply = reply;
    }

    @Override
    public WholeOutput output() {
        return output;
    }

    @Override
    public void started(RunningCall call) {
        running = call;
        exchange.whenGone(this::stop);
    }

    @Override
    public void stop() {
        output.close();
        running.cancel();
    }

    @Override
    public void withdrawn() {
        output.close();
    }

    /** What takes time is done here, not on the loop. */
    @Override
    public void ended(Outcome how) {
        Outcome outcome = output.overflowed() ? tooMuch(how) : how;
        try {
            tell(outcome);
        } catch (RuntimeException | Error e) {
            exchange.onLoop(() -> failed(outcome, e));
        }
    }

    private void tell(Outcome outcome) {
        EventReply.Told told = reply.make(outcome, output);
        if (told instanceof EventReply.Failed(ErrorCode code, String note) && !note.isEmpty()) {
            tellOwner(note);
        }
        exchange.onLoop(() -> finish(outcome, told));
    }

    private void failed(Outcome outcome, Throwable cause) {
        exchange.fail(cause);
        facts.onEnd().accept(outcome);
    }

    private static Outcome tooMuch(Outcome how) {
        return new Outcome.OutputExceeded(how.usage(), new ByteSize(MOST_OUTPUT_BYTES));
    }

    private void tellOwner(String note) {
        byte[] line = ("runnel: " + note + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            facts.log().write(line, 0, line.length);
        } catch (SinkClosedException e) {
            // The log is full: the owner has other news.
        }
    }

    private void finish(Outcome outcome, EventReply.Told told) {
        if (!exchange.isFinished()) {
            switch (told) {
                case EventReply.Answered(Answer answer) -> send(answer, outcome);
                case EventReply.Failed(ErrorCode code, String note) -> refuse(code, outcome);
            }
        }
        facts.onEnd().accept(outcome);
    }

    private void refuse(ErrorCode code, Outcome outcome) {
        head.putOn(exchange.response(), Optional.of(outcome));
        exchange.refuse(OutcomeStatus.problem(code, outcome));
    }

    private void send(Answer answer, Outcome outcome) {
        int length = answer.body().length();
        boolean large = length > SMALL_BYTES;
        if (large && !exchange.bodies().tryTake(length)) {
            refuse(ErrorCode.OVER_CAPACITY, outcome);
            return;
        }
        Future<Void> sent = end(answer, outcome);
        if (large) {
            SlowReader.watch(exchange, length, sent);
        }
    }

    private Future<Void> end(Answer answer, Outcome outcome) {
        HttpServerResponse response = exchange.response();
        head.putOn(response, answer, Optional.of(outcome));
        if (exchange.request().method().equals(HttpMethod.HEAD)) {
            String length = Integer.toString(answer.body().length());
            response.headers().set(HttpHeaders.CONTENT_LENGTH, length);
            return response.end();
        }
        return answer.mayHaveBody() ? response.end(answer.body()) : response.end();
    }
}
