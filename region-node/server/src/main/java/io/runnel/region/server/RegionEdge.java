package io.runnel.region.server;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.Problem;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.MoveId;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.EdgeCall.Form;
import io.runnel.routing.edge.LocalAnswer;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallTrace;
import io.vertx.core.MultiMap;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What a region's node does with a call that may be made: it runs it, after a bounded wait for a
 * slot, or for code that is not here and is brought from another region. A user's call that finds
 * no slot goes to another node of the region at once, if one has room; one that a node of ours sent
 * here never goes on, nor does one that was kept. Runs on the call's event loop and never blocks.
 */
final class RegionEdge {
    /** Look elsewhere (RFC 9110 section 15.4.8), by our own header; nobody but a node sees it. */
    private static final int MOVED = 307;

    private final RegionFit fit;
    private final TaskRunner runner;
    private final LocalCalls local;
    private final Optional<Siblings> siblings;
    private final Function<MoveId, Optional<ArrivalDoor.Claimed>> arrivals;
    private final Function<EdgeCall, CompletableFuture<Boolean>> secrets;
    private final Consumer<EdgeCall> events;
    private final CallLog log;

    /**
     * That of a node.
     *
     * @param runner what {@code local} runs calls on
     * @param siblings the region's other nodes, if it has some
     * @param arrivals calls that were moved here while they ran
     * @param events keeps calls that nobody waits for
     * @param secrets whether the secrets are here that a call needs, once that is known
     */
    RegionEdge(
            RegionFit fit,
            TaskRunner runner,
            LocalCalls local,
            Optional<Siblings> siblings,
            Function<MoveId, Optional<ArrivalDoor.Claimed>> arrivals,
            Function<EdgeCall, CompletableFuture<Boolean>> secrets,
            Consumer<EdgeCall> events,
            CallLog log) {
        this.arrivals = arrivals;
        this.secrets = secrets;
        this.fit = fit;
        this.runner = runner;
        this.local = local;
        this.siblings = siblings;
        this.events = events;
        this.log = log;
    }

    void handle(EdgeCall call) {
        CallTrace trace = log.follow(call);
        Optional<MoveId> moved = call.exchange().resumed();
        if (moved.isPresent()) {
            resume(call, moved.get(), trace);
            return;
        }
        Optional<String> elsewhere = fit.elsewhere(call.version());
        if (elsewhere.isPresent()) {
            call.exchange()
                    .refuse(Problem.of(ErrorCode.REGION_UNREACHABLE).withDetail(elsewhere.get()));
            return;
        }
        if (call.form() == Form.EVENT) {
            events.accept(call);
            return;
        }
        if (roomElsewhere(call).isEmpty() && local.refuseAtHead(call, (headers, outcome) -> {})) {
            return;
        }
        call.exchange()
                .gather(
                        BodyLimits.of(call.version().task()),
                        body -> withSecrets(call, () -> place(call, body, trace)));
    }

    /** A call that has run elsewhere: it has its slot, and what waits for it is an answer. */
    private void resume(EdgeCall call, MoveId move, CallTrace trace) {
        call.exchange()
                .gather(
                        BodyLimits.of(call.version().task()),
                        body ->
                                arrivals.apply(move)
                                        .ifPresentOrElse(
                                                claimed -> resume(call, claimed, body, trace),
                                                () -> refuseMoved(call)));
    }

    private void resume(
            EdgeCall call, ArrivalDoor.Claimed claimed, GatheredBody body, CallTrace trace) {
        if (!claimed.version().task().ref().equals(call.ref())) {
            claimed.slot().release();
            refuseMoved(call);
            return;
        }
        trace.runsHere();
        local.run(call.of(claimed.version()), body, claimed.slot(), new Told(call, trace));
    }

    private static void refuseMoved(EdgeCall call) {
        call.exchange()
                .refuse(
                        Problem.of(ErrorCode.REGION_UNREACHABLE)
                                .withDetail(
                                        "The call was moved while it ran, and is not here any"
                                                + " more."));
    }

    /** Goes on when what the guest is to see of secrets is here: at once, but the first time. */
    private void withSecrets(EdgeCall call, Runnable then) {
        CompletableFuture<Boolean> here = secrets.apply(call);
        if (here.isDone() && !here.isCompletedExceptionally() && here.join()) {
            then.run();
            return;
        }
        CompletableFuture<Void> unused =
                here.exceptionally(failure -> false)
                        .thenAccept(
                                is ->
                                        call.exchange()
                                                .onLoop(is ? then : () -> refuseWithout(call)));
    }

    private static void refuseWithout(EdgeCall call) {
        call.exchange()
                .refuse(
                        Problem.of(ErrorCode.REGION_UNREACHABLE)
                                .withDetail(
                                        "The secrets of the task or of your alias have not come"
                                                + " here yet."));
    }

    /** The other nodes, if they have room for this call and it may go there. */
    private Optional<Siblings> roomElsewhere(EdgeCall call) {
        return call.forwarded() || call.form() == Form.KEPT
                ? Optional.empty()
                : siblings.filter(Siblings::haveRoom);
    }

    private void place(EdgeCall call, GatheredBody body, CallTrace trace) {
        Optional<Siblings> others = roomElsewhere(call);
        Task task = call.version().task();
        if (others.isEmpty() || !body.isWhole()) {
            enqueue(call, body, trace);
        } else if (runner.readiness(task).isReady()) {
            runNow(call, body, trace, others.get());
        } else if (runner.freeSlots() > 0) {
            // It waits for its code, and only then needs a slot.
            enqueue(call, body, trace);
        } else {
            handOn(call, body, trace, others.get());
        }
    }

    private void enqueue(EdgeCall call, GatheredBody body, CallTrace trace) {
        trace.runsHere();
        local.enqueue(call, body, new Told(call, trace));
    }

    private void runNow(EdgeCall call, GatheredBody body, CallTrace trace, Siblings others) {
        Optional<Reservation> slot = runner.tryReserve(call.version().task(), call.caller());
        if (slot.isPresent()) {
            trace.runsHere();
            local.run(call, body, slot.get(), new Told(call, trace));
        } else {
            handOn(call, body, trace, others);
        }
    }

    private void handOn(EdgeCall call, GatheredBody body, CallTrace trace, Siblings others) {
        others.handOn(call, body, trace, () -> enqueue(call, body, trace));
    }

    /** Keeps the note of a call that runs here. */
    private record Told(EdgeCall call, CallTrace trace) implements LocalAnswer {
        @Override
        public void answering(MultiMap headers, Optional<Outcome> outcome) {
            outcome.ifPresent(trace::ended);
        }

        @Override
        public void ended(Outcome outcome) {
            trace.ended(outcome);
        }

        /** Users know no other node; nodes do. */
        @Override
        public boolean follows() {
            return call.forwarded();
        }

        @Override
        public void moved(MovedTo to) {
            trace.goesToRegions();
            trace.asked(Optional.of(to.region()), 1);
            call.exchange()
                    .response()
                    .putHeader(RunnelHeaders.MOVED, to.format())
                    .setStatusCode(MOVED)
                    .end();
        }
    }
}
