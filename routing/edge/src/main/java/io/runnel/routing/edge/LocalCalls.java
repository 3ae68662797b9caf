package io.runnel.routing.edge;

import io.runnel.exec.http.CallFacts;
import io.runnel.exec.http.Credentials;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.InvokeReply;
import io.runnel.exec.http.Problem;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.http.SetParameters;
import io.runnel.exec.http.TaskExchange;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.task.Mobility;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.edge.EdgeCall.Form;
import io.runnel.routing.placement.CallParameters;
import io.vertx.core.http.HttpHeaders;

import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Runs calls on this node and says so on the answer: where, which version, how stale. What guests
 * write to standard error, and why one was ended, goes to their owner's log. Safe for any event
 * loop.
 */
public final class LocalCalls {
    /** Takes lines for a task's log; never blocks. Any thread. */
    @FunctionalInterface
    public interface TaskLog {
        /** One line, of one call. */
        void line(TaskRef task, RequestId request, String text);
    }

    /** A signature is good for five minutes from when it was made. */
    private static final Duration SIGNATURE_GOOD = Duration.ofMinutes(4);

    private final LongAdder started = new LongAdder();
    private final TaskExchange tasks;
    private final CharSequence place;
    private final GuestSecrets secrets;
    private final WebhookCheck webhooks;
    private final TaskLog log;
    private final RunMeter meter;

    /**
     * Runs on this node.
     *
     * @param place what {@code Runnel-Ran-At} says: {@code pop/ams}
     * @param secrets those of tasks and of calls that are run, which are here then
     * @param meter is told of each run, before its answer is whole
     * @param clock says when a webhook's signature is too old
     */
    public LocalCalls(
            TaskExchange tasks,
            String place,
            GuestSecrets secrets,
            TaskLog log,
            RunMeter meter,
            InstantSource clock) {
        this.tasks = tasks;
        this.place = HttpHeaders.createOptimized(place);
        this.secrets = secrets;
        this.webhooks = new WebhookCheck(secrets, clock);
        this.log = log;
        this.meter = meter;
    }

    /** How many calls were run since the start. */
    public long started() {
        return started.sum();
    }

    /** Runs a call in a slot that was reserved for it. */
    public void run(EdgeCall call, GatheredBody body, Reservation slot, LocalAnswer answer) {
        Optional<CallFacts> made = factsToRun(call, body, answer);
        if (made.isEmpty()) {
            slot.release();
            return;
        }
        CallFacts facts = made.get();
        switch (call.form()) {
            case TASK -> tasks.run(call.exchange(), facts, body, slot);
            case INVOKE, EVENT, KEPT, STREAM ->
                    tasks.invoke(call.exchange(), facts, body, reply(call), slot);
        }
    }

    private static InvokeReply reply(EdgeCall call) {
        return call.form() == EdgeCall.Form.STREAM ? InvokeReply.STREAMED : InvokeReply.WHOLE;
    }

    /** Runs a call when there is a slot. */
    public void enqueue(EdgeCall call, GatheredBody body, LocalAnswer answer) {
        factsToRun(call, body, answer)
                .ifPresent(
                        facts -> {
                            switch (call.form()) {
                                case TASK -> tasks.run(call.exchange(), facts, body);
                                case INVOKE, EVENT, KEPT, STREAM ->
                                        tasks.invoke(call.exchange(), facts, body, reply(call));
                            }
                        });
    }

    /** Refuses a call whose body is still to come, if it would be refused then; whether it did. */
    public boolean refuseAtHead(EdgeCall call, LocalAnswer answer) {
        return tasks.mayRefuseAtHead(call.exchange())
                && tasks.refuseAtHead(
                        call.exchange(), facts(call, SetParameters.NONE, Mobility.FIXED, answer));
    }

    /**
     * Runs a call if there is a slot soon.
     *
     * @param body whole
     * @param notRun goes on with the call if there is none, as if it had not been here
     */
    public void runSoon(
            EdgeCall call,
            GatheredBody body,
            Duration patience,
            LocalAnswer answer,
            Runnable notRun) {
        Runnable elsewhere =
                () -> {
                    started.decrement();
                    notRun.run();
                };
        factsToRun(call, body, answer)
                .ifPresent(
                        facts -> {
                            switch (call.form()) {
                                case TASK ->
                                        tasks.runSoon(
                                                call.exchange(), facts, body, patience, elsewhere);
                                case INVOKE, EVENT, KEPT, STREAM ->
                                        tasks.invokeSoon(
                                                call.exchange(),
                                                facts,
                                                body,
                                                reply(call),
                                                patience,
                                                elsewhere);
                            }
                        });
    }

    /**
     * Of a call that is run now. It never goes on without a parameter that is to be set in it,
     * which its caller might say otherwise: whatever lacks one that was here a moment ago, is
     * refused.
     */
    private Optional<CallFacts> factsToRun(EdgeCall call, GatheredBody body, LocalAnswer answer) {
        // One that was moved here was looked at when it began.
        Optional<Problem> unsigned =
                call.exchange().resumed().isPresent()
                        ? Optional.empty()
                        : webhooks.problem(call, body);
        if (unsigned.isPresent()) {
            call.exchange().refuse(unsigned.get());
            return Optional.empty();
        }
        Optional<SetParameters> parameters = parameters(call.parameters());
        if (parameters.isEmpty()) {
            call.exchange()
                    .refuse(
                            Problem.of(ErrorCode.REGION_UNREACHABLE)
                                    .withDetail("Your alias's secrets are not here any more."));
            return Optional.empty();
        }
        started.increment();
        return Optional.of(facts(call, parameters.get(), mobility(call, body, answer), answer));
    }

    private static Mobility mobility(EdgeCall call, GatheredBody body, LocalAnswer answer) {
        Optional<MoveId> resumed = call.exchange().resumed();
        if (resumed.isPresent()) {
            return new Mobility.Resumed(resumed.get());
        }
        // Who asks elsewhere for the answer shows all of the call once more.
        boolean isWhole =
                body.isWhole() && (call.form() == Form.TASK || call.form() == Form.INVOKE);
        if (!isWhole || !answer.follows()) {
            return Mobility.FIXED;
        }
        boolean isSigned =
                Credentials.of(call.exchange().request().headers()) instanceof Credentials.Signed;
        return isSigned ? new Mobility.Movable(SIGNATURE_GOOD) : Mobility.MOVABLE;
    }

    private CallFacts facts(
            EdgeCall call, SetParameters parameters, Mobility mobility, LocalAnswer answer) {
        RequestId id = call.exchange().id();
        LineSink lines = new LineSink(text -> log.line(call.ref(), id, text));
        return new CallFacts(
                call.version().task(),
                secrets.of(call.version().task()),
                call.caller(),
                call.origin(),
                call.rest(),
                call.api().map(ApiCall::facts),
                parameters,
                call.deadlineNanos(),
                (headers, outcome) -> {
                    headers.set(RunnelHeaders.RAN_AT, place);
                    answer.answering(headers, outcome);
                },
                lines,
                (outcome, requestBytes) -> meter.ran(call, outcome, requestBytes),
                mobility,
                moved -> {
                    lines.finish();
                    epitaph(moved).ifPresent(text -> log.line(call.ref(), id, text));
                    answer.moved(moved.to());
                },
                outcome -> {
                    lines.finish();
                    epitaph(outcome).ifPresent(text -> log.line(call.ref(), id, text));
                    answer.ended(outcome);
                    meter.answered(call, outcome);
                });
    }

    /** What is to be set in a call; empty if some of it is not here. */
    private Optional<SetParameters> parameters(CallParameters wanted) {
        if (!wanted.haveSecrets()) {
            return Optional.of(SetParameters.of(wanted.open()));
        }
        Map<String, String> all = new HashMap<>(wanted.open());
        wanted.secret()
                .forEach(
                        (name, key) ->
                                secrets.under(key)
                                        .map(values -> values.get(name))
                                        .ifPresent(value -> all.put(name, value)));
        return all.keySet().containsAll(wanted.secret().keySet())
                ? Optional.of(SetParameters.of(all))
                : Optional.empty();
    }

    /** What the owner is told of an end that the guest did not choose. */
    private static Optional<String> epitaph(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed completed ->
                    completed.usage().droppedLogBytes() > 0
                            ? Optional.of(
                                    "[runnel] %d bytes of this call's log were dropped"
                                            .formatted(completed.usage().droppedLogBytes()))
                            : Optional.empty();
            case Outcome.FunctionError error ->
                    Optional.of("[runnel] ended with exit code " + error.exitCode());
            case Outcome.Trapped trapped -> Optional.of("[runnel] trapped: " + trapped.reason());
            case Outcome.TimedOut timedOut ->
                    Optional.of(
                            "[runnel] ended at its limit of time: %d ms"
                                    .formatted(timedOut.limit().toMillis()));
            case Outcome.MemoryExceeded exceeded ->
                    Optional.of("[runnel] needed more memory than " + exceeded.limit());
            case Outcome.StackExceeded exceeded ->
                    Optional.of("[runnel] nested its calls deeper than " + exceeded.limit());
            case Outcome.OutputExceeded exceeded ->
                    Optional.of("[runnel] wrote more than " + exceeded.limit());
            case Outcome.Cancelled cancelled -> Optional.of("[runnel] cancelled");
            case Outcome.Moved moved ->
                    Optional.of("[runnel] goes on at node " + moved.to().node());
            case Outcome.Refused refused -> Optional.empty();
        };
    }
}
