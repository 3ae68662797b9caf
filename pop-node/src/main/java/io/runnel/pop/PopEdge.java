package io.runnel.pop;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.Readiness;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.Task;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.PlacedReason;
import io.runnel.routing.placement.Placement;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.PlacementInput;
import io.runnel.routing.placement.Popularity;
import io.runnel.routing.placement.RegionRanking;
import io.runnel.routing.placement.RegionView;
import io.runnel.routing.placement.Replica;
import io.runnel.routing.placement.Room;
import io.runnel.topology.Pop;
import io.vertx.core.MultiMap;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * What a POP does with a call that may be made: asks {@link Placement}, then runs it here, forwards
 * it, or refuses it. Runs on the call's event loop and never blocks.
 */
final class PopEdge {
    private final PopParts parts;

    PopEdge(PopParts parts) {
        this.parts = parts;
    }

    /** All that a POP's edge needs. */
    record PopParts(
            Pop pop,
            Popularity popularity,
            RegionRanking ranking,
            Function<RegionId, RegionView> regions,
            TaskRunner runner,
            LocalCalls local,
            Forwarding forwarding,
            CodeReplicator replicator,
            LongSupplier nanoClock) {}

    void handle(EdgeCall call) {
        PlacementInput input = input(call);
        switch (Placement.decide(input)) {
            case PlacementDecision.RunHere here ->
                    gather(call, body -> runHere(call, input, here, body));
            case PlacementDecision.Forward forward -> {
                if (forward.warmUp()) {
                    parts.replicator().want(call.version().task());
                }
                gather(call, body -> forward(call, input, forward, body));
            }
            case PlacementDecision.Refuse refuse -> refuse(call, refuse);
        }
    }

    private PlacementInput input(EdgeCall call) {
        Task task = call.version().task();
        return new PlacementInput(
                false,
                Fit.of(call.version(), parts.pop()),
                parts.popularity().record(task.ref(), parts.nanoClock().getAsLong()),
                replica(parts.runner().readiness(task)),
                room(task),
                parts.ranking().rank(call.version().regions(), parts.regions()));
    }

    private static Replica replica(Readiness readiness) {
        return switch (readiness) {
            case READY -> Replica.READY;
            case HELD -> Replica.HELD;
            case ABSENT -> Replica.ABSENT;
        };
    }

    private Room room(Task task) {
        boolean free =
                parts.runner().freeSlots() > 0
                        && parts.runner().freeMemory().compareTo(task.limits().memory()) >= 0;
        return free ? Room.FREE : Room.QUEUE;
    }

    private static void gather(EdgeCall call, java.util.function.Consumer<GatheredBody> then) {
        call.exchange().gather(BodyLimits.of(call.version().task()), then);
    }

    private void runHere(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.RunHere here,
            GatheredBody body) {
        if (here.mayQueue()) {
            parts.local().enqueue(call, body, answer -> mark(answer, call, here.reason()));
            return;
        }
        Optional<Reservation> slot = parts.runner().tryReserve(call.version().task());
        if (slot.isPresent()) {
            parts.local().run(call, body, slot.get(), answer -> mark(answer, call, here.reason()));
        } else if (input.regions().isEmpty()) {
            parts.local().enqueue(call, body, answer -> mark(answer, call, PlacedReason.STALE));
        } else {
            // The last slot went to somebody else while the body came.
            var full = new PlacementDecision.Forward(PlacedReason.CAPACITY, input.regions(), false);
            forward(call, input, full, body);
        }
    }

    private void forward(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.Forward forward,
            GatheredBody body) {
        parts.forwarding()
                .forward(
                        call,
                        body,
                        forward.regions(),
                        answer -> mark(answer, call, forward.reason()),
                        refusal -> withoutRegions(call, input, body, refusal));
    }

    /** No region took it, and nothing of it was lost on the way. */
    private void withoutRegions(
            EdgeCall call, PlacementInput input, GatheredBody body, Runnable refusal) {
        switch (Placement.decide(input.withoutRegions())) {
            case PlacementDecision.RunHere here ->
                    parts.local().enqueue(call, body, answer -> mark(answer, call, here.reason()));
            case PlacementDecision.Refuse _ -> refusal.run();
            case PlacementDecision.Forward impossible ->
                    throw new IllegalStateException("forwarded without a region: " + impossible);
        }
    }

    private static void refuse(EdgeCall call, PlacementDecision.Refuse refuse) {
        mark(call.exchange().response().headers(), call, refuse.wanted());
        call.exchange()
                .refuse(
                        switch (refuse.refusal()) {
                            case REGION_UNREACHABLE -> ErrorCode.REGION_UNREACHABLE;
                            case OVER_CAPACITY -> ErrorCode.OVER_CAPACITY;
                        });
    }

    private static void mark(MultiMap answer, EdgeCall call, PlacedReason reason) {
        answer.set(RunnelHeaders.PLACED, reason.label());
        call.stale()
                .ifPresent(age -> answer.set(RunnelHeaders.STALE, Long.toString(age.toSeconds())));
    }
}
