package io.runnel.exec.http;

import io.runnel.exec.isolate.CallStreams;
import io.runnel.exec.isolate.OutputSink;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.RunningCall;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.vertx.core.buffer.Buffer;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Runs calls on this node: makes a request an invocation and a guest's output an answer, by the
 * task's handler: CGI (RFC 3875), an API Gateway event, or the Lambda Invoke call's payload. Safe
 * for any event loop; each method is called on its exchange's own.
 */
public final class TaskExchange {
    private final TaskRunner runner;
    private final InstantSource clock;

    /** Runs calls on this runner. */
    public TaskExchange(TaskRunner runner, InstantSource clock) {
        this.runner = runner;
        this.clock = clock;
    }

    /**
     * How a call comes to its slot.
     *
     * @param giveUp gives back what is held for a call that is refused before it starts
     * @param notRun goes on with a call that got no slot, instead of an answer
     */
    private record Way(CallStarter starter, Runnable giveUp, Optional<Runnable> notRun) {
        static Way reserved(Reservation reservation) {
            return new Way(reservation::run, reservation::release, Optional.empty());
        }

        /** Starts a call; its end goes to one of the two. */
        RunningCall start(
                Exchange exchange,
                CallFacts facts,
                Invocation invocation,
                CallStreams streams,
                Consumer<Outcome> ended,
                Runnable withdrawn) {
            return starter.start(
                    invocation,
                    streams,
                    outcome -> {
                        if (notRun.isPresent() && outcome instanceof Outcome.Refused) {
                            withdrawn.run();
                            exchange.onLoop(notRun.get());
                        } else if (outcome instanceof Outcome.Moved moved) {
                            withdrawn.run();
                            exchange.onLoop(() -> facts.moved().accept(moved));
                        } else {
                            if (!(outcome instanceof Outcome.Refused)) {
                                facts.meter().accept(outcome, received(streams.body()));
                            }
                            ended.accept(outcome);
                        }
                    });
        }

        private static long received(InputStream body) {
            return switch (body) {
                case BodyBridge bridge -> bridge.receivedBytes();
                case GuestInput whole -> whole.length();
                case LateInput made -> made.bodyBytes();
                default -> 0;
            };
        }
    }

    private Way queue() {
        return new Way(runner::enqueue, () -> {}, Optional.empty());
    }

    private Way queue(Duration patience, Runnable notRun) {
        CallStarter starter =
                (invocation, streams, onEnd) ->
                        runner.enqueue(invocation, streams, patience, onEnd);
        return new Way(starter, () -> {}, Optional.of(notRun));
    }

    /** Runs a call of {@code /fn} in a slot that was reserved for it. */
    public void run(
            Exchange exchange, CallFacts facts, GatheredBody body, Reservation reservation) {
        run(exchange, facts, body, Way.reserved(reservation));
    }

    /** Runs a call of {@code /fn} when there is a slot. */
    public void run(Exchange exchange, CallFacts facts, GatheredBody body) {
        run(exchange, facts, body, queue());
    }

    /**
     * Runs a call of {@code /fn} if there is a slot soon.
     *
     * @param body whole, so that it can be used again
     * @param notRun goes on if there is none: no guest has seen the call
     */
    public void runSoon(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            Duration patience,
            Runnable notRun) {
        run(exchange, facts, body, queue(patience, notRun));
    }

    /** Runs a Lambda Invoke call in a slot that was reserved for it. */
    public void invoke(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            InvokeReply reply,
            Reservation reservation) {
        invoke(exchange, facts, body, reply, Way.reserved(reservation));
    }

    /** Runs a Lambda Invoke call when there is a slot. */
    public void invoke(Exchange exchange, CallFacts facts, GatheredBody body, InvokeReply reply) {
        invoke(exchange, facts, body, reply, queue());
    }

    /** Runs a Lambda Invoke call if there is a slot soon, as {@link #runSoon}. */
    public void invokeSoon(
            Exchange exchange,
            CallFacts facts,
            GatheredBody body,
            InvokeReply reply,
            Duration patience,
            Runnable notRun) {
        invoke(exchange, facts, body, reply, queue(patience, notRun));
    }

    /**
     * Whether {@link #refuseAtHead} is to be asked: the node is nearly full, and a body is still to
     * come, without which a call is refused as soon by its run.
     */
    public boolean mayRefuseAtHead(Exchange exchange) {
        return runner.isNearlyFull()
                && !exchange.request().isEnded()
                && !BodyGatherer.hasNone(exchange.request());
    }

    /**
     * Refuses a call whose body is still to come, if no slot and no place in the queue is to be had
     * for it now: its body need not be sent.
     *
     * @return whether it did
     */
    public boolean refuseAtHead(Exchange exchange, CallFacts facts) {
        Optional<Outcome.Refused> refused = runner.refusalNow(facts.task(), facts.caller());
        refused.ifPresent(why -> refuse(exchange, facts, why));
        return refused.isPresent();
    }

    private void refuse(Exchange exchange, CallFacts facts, Outcome.Refused why) {
        head(facts).putOn(exchange.response(), Optional.of(why));
        ErrorCode code = OutcomeStatus.of(why).orElseThrow();
        exchange.refuse(OutcomeStatus.problem(code, why));
        facts.onEnd().accept(why);
    }

    private void run(Exchange exchange, CallFacts facts, GatheredBody body, Way way) {
        switch (facts.task().handler()) {
            case HandlerKind.HTTP -> runCgi(exchange, facts, body, way);
            case HandlerKind.EVENT -> runEvent(exchange, facts, body, way);
        }
    }

    private void runCgi(Exchange exchange, CallFacts facts, GatheredBody body, Way way) {
        Optional<Map<String, String>> environment =
                CgiRequest.environment(
                        RequestView.of(exchange, facts.parameters()),
                        facts,
                        length(exchange, body));
        if (environment.isEmpty()) {
            way.giveUp().run();
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail("The path has an escape without a certain meaning."));
            return;
        }
        CgiCall call = new CgiCall(exchange, facts, head(facts));
        InputStream input = input(exchange, body, call::stop);
        call.started(
                way.start(
                        exchange,
                        facts,
                        invocation(exchange, facts, environment.get()),
                        new CallStreams(input, call.output(), facts.log()),
                        call::ended,
                        call::withdrawn));
    }

    private void runEvent(Exchange exchange, CallFacts facts, GatheredBody body, Way way) {
        EventRequest event =
                new EventRequest(
                        RequestView.of(exchange, facts.parameters()),
                        facts,
                        body.head(),
                        clock.instant());
        EventCall call = new EventCall(exchange, facts, head(facts), EventAnswer::make);
        startEvent(
                exchange,
                facts,
                way,
                call,
                new EventStreams(
                        new LateInput(body.head().length(), event::toJson),
                        facts.log(),
                        ClientContext.NONE));
    }

    private void invoke(
            Exchange exchange, CallFacts facts, GatheredBody body, InvokeReply reply, Way way) {
        exchange.shape(ErrorShape.LAMBDA);
        Optional<ClientContext> context = ClientContext.of(exchange.request());
        if (context.isEmpty()) {
            way.giveUp().run();
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail(
                                    "The client context must be a JSON object in Base64, of 3583"
                                            + " characters at most."));
            return;
        }
        Optional<GatheredBody> payload = withParameters(exchange, facts, body);
        if (payload.isEmpty()) {
            way.giveUp().run();
            return;
        }
        Optional<LogTail> tail = LogTail.of(exchange.request(), facts);
        GuestCall call = invoked(exchange, facts, reply, tail);
        startEvent(
                exchange,
                facts,
                way,
                call,
                new EventStreams(
                        input(exchange, payload.get(), call::stop),
                        tail.<OutputSink>map(t -> t).orElse(facts.log()),
                        context.get()));
    }

    private GuestCall invoked(
            Exchange exchange, CallFacts facts, InvokeReply reply, Optional<LogTail> tail) {
        return switch (reply) {
            case WHOLE ->
                    new EventCall(
                            exchange,
                            facts,
                            head(facts),
                            new LambdaReply(exchange.id(), facts.task().version(), tail));
            case STREAMED -> new StreamCall(exchange, facts, head(facts), tail);
        };
    }

    /** What an event's guest reads and sees beside its task's variables, and where its log goes. */
    private record EventStreams(InputStream input, OutputSink log, ClientContext context) {
        Map<String, String> environment(Exchange exchange, CallFacts facts) {
            Map<String, String> all = CgiRequest.ofCall(exchange.id(), facts);
            if (!context.json().isEmpty()) {
                all.put(ClientContext.VARIABLE, context.json());
            }
            return all;
        }
    }

    /** The payload with what is set in it; if that cannot be, the call is refused. */
    private static Optional<GatheredBody> withParameters(
            Exchange exchange, CallFacts facts, GatheredBody body) {
        if (facts.parameters().areNone()) {
            return Optional.of(body);
        }
        if (!body.isWhole() || body.head().length() > SetParameters.MOST_PAYLOAD_BYTES) {
            exchange.refuse(
                    Problem.of(ErrorCode.PAYLOAD_TOO_LARGE)
                            .withDetail(
                                    "An alias sets fields of this payload: it may be %d KiB."
                                            .formatted(SetParameters.MOST_PAYLOAD_BYTES >> 10)));
            return Optional.empty();
        }
        try {
            byte[] set = facts.parameters().inPayload(body.head().getBytes());
            return Optional.of(new GatheredBody(Buffer.buffer(set), Optional.empty()));
        } catch (IOException e) {
            exchange.refuse(
                    Problem.of(ErrorCode.BAD_REQUEST)
                            .withDetail(
                                    "An alias sets fields of this payload: it must be one JSON"
                                            + " object."));
            return Optional.empty();
        }
    }

    private static void startEvent(
            Exchange exchange, CallFacts facts, Way way, GuestCall call, EventStreams streams) {
        call.started(
                way.start(
                        exchange,
                        facts,
                        invocation(exchange, facts, streams.environment(exchange, facts)),
                        new CallStreams(streams.input(), call.output(), streams.log()),
                        call::ended,
                        call::withdrawn));
    }

    private AnswerHead head(CallFacts facts) {
        boolean ready = runner.readiness(facts.task()).isReady();
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
                facts.deadlineNanos(),
                facts.mobility());
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
