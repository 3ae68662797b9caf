package io.runnel.exec.http;

import io.runnel.exec.isolate.CallStreams;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Readiness;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Task;

import java.io.InputStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Runs calls on this node: makes a request an invocation and a guest's output an answer, by the
 * task's handler: CGI (RFC 3875), an API Gateway event, or the Lambda Invoke call's payload. Safe
 * for any event loop; each method is called on its exchange's own.
 */
public final class TaskExchange {
    private final CallStarter queue;
    private final Function<Task, Readiness> readiness;
    private final InstantSource clock;

    /** Runs calls on this runner. */
    public TaskExchange(TaskRunner runner, InstantSource clock) {
        this(runner::enqueue, runner::readiness, clock);
    }

    TaskExchange(CallStarter queue, Function<Task, Readiness> readiness, InstantSource clock) {
        this.queue = queue;
        this.readiness = readiness;
        this.clock = clock;
    }

    /** Runs a call of {@code /fn} in a slot that was reserved for it. */
    public void run(
            Exchange exchange, CallFacts facts, GatheredBody body, Reservation reservation) {
        run(exchange, facts, body, reservation::run, reservation::release);
    }

    /** Runs a call of {@code /fn} when there is a slot. */
    public void run(Exchange exchange, CallFacts facts, GatheredBody body) {
        run(exchange, facts, body, queue, () -> {});
    }

    /**
     * Runs a Lambda Invoke call in a slot that was reserved for it. What it asks for and we lack is
     * refused here.
     */
    public void invoke(
            Exchange exchange, CallFacts facts, GatheredBody body, Reservation reservation) {
        invoke(exchange, facts, body, reservation::run, reservation::release);
    }

    /** Runs a Lambda Invoke call when there is a slot. */
    public void invoke(Exchange exchange, CallFacts facts, GatheredBody body) {
        invoke(exchange, facts, body, queue, () -> {});
    }

    private void run(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            CallStarter starter,
            Runnable giveUp) {
        switch (facts.task().handler()) {
            case HandlerKind.HTTP -> runCgi(exchange, facts, body, starter, giveUp);
            case HandlerKind.EVENT -> runEvent(exchange, facts, body, starter);
        }
    }

    private void runCgi(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            CallStarter starter,
            Runnable giveUp) {
        Optional<Map<String, String>> environment =
                CgiRequest.environment(RequestView.of(exchange), facts, length(exchange, body));
        if (environment.isEmpty()) {
            giveUp.run();
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail("The path has an escape without a certain meaning."));
            return;
        }
        CgiCall call = new CgiCall(exchange, facts, head(facts));
        InputStream input = input(exchange, body, call::stop);
        call.started(
                starter.start(
                        invocation(exchange, facts, environment.get()),
                        new CallStreams(input, call.output(), facts.log()),
                        call::ended));
    }

    private void runEvent(
            Exchange exchange, CallFacts facts, GatheredBody body, CallStarter starter) {
        EventRequest event =
                new EventRequest(RequestView.of(exchange), facts, body.head(), clock.instant());
        EventCall call = new EventCall(exchange, facts, head(facts), EventAnswer::make);
        startEvent(exchange, facts, starter, call, new LateInput(event::toJson));
    }

    private void invoke(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            CallStarter starter,
            Runnable giveUp) {
        exchange.shape(ErrorShape.LAMBDA);
        if (!InvocationType.admits(exchange, facts.task())) {
            giveUp.run();
            return;
        }
        EventReply reply = new LambdaReply(exchange.id(), facts.task().version());
        EventCall call = new EventCall(exchange, facts, head(facts), reply);
        startEvent(exchange, facts, starter, call, input(exchange, body, call::stop));
    }

    private static void startEvent(
            Exchange exchange,
            CallFacts facts,
            CallStarter starter,
            EventCall call,
            InputStream input) {
        Map<String, String> environment = CgiRequest.ofCall(exchange.id(), facts.task());
        OutputSink output = call.output();
        call.started(
                starter.start(
                        invocation(exchange, facts, environment),
                        new CallStreams(input, output, facts.log()),
                        call::ended));
    }

    private AnswerHead head(CallFacts facts) {
        boolean ready = readiness.apply(facts.task()) == Readiness.READY;
        return new AnswerHead(facts, ready ? StartKind.WARM : StartKind.COLD);
    }

    private static Invocation invocation(
            Exchange exchange, CallFacts facts, Map<String, String> environment) {
        return new Invocation(
                exchange.id(),
                facts.task(),
                facts.caller(),
                environment,
                List.of(facts.task().ref().name().value()),
                facts.deadlineNanos());
    }

    private static OptionalLong length(Exchange exchange, GatheredBody body) {
        if (body.isWhole()) {
            return OptionalLong.of(body.head().length());
        }
        long declared = ContentLength.of(exchange.request().headers());
        return declared == ContentLength.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(declared);
    }

    private static InputStream input(Exchange exchange, GatheredBody body, Runnable stop) {
        if (body.isWhole()) {
            return new GuestInput(body.head());
        }
        BodyBridge bridge =
                BodyBridge.open(
                        body.head(),
                        body.rest().orElseThrow(),
                        exchange::onLoop,
                        cause -> {
                            if (cause instanceof PayloadTooLargeException) {
                                exchange.refuse(ErrorCode.PAYLOAD_TOO_LARGE);
                            }
                            stop.run();
                        });
        exchange.whenFinished(bridge::close);
        return bridge;
    }
}
