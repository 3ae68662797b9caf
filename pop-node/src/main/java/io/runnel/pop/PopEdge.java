package io.runnel.pop;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.placement.Fit;
import io.runnel.routing.placement.NodeLoad;
import io.runnel.routing.placement.PlacedReason;
import io.runnel.routing.placement.Placement;
import io.runnel.routing.placement.PlacementDecision;
import io.runnel.routing.placement.PlacementInput;
import io.runnel.routing.placement.RegionView;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a POP does with a call that may be made: asks {@link Placement}, then runs it here, forwards
 * it, or refuses it. Runs on the call's event loop and never blocks.
 */
final class PopEdge {
    /** As they are sent. */
    private static final Map<PlacedReason, CharSequence> LABELS = labels();

    private final PopParts parts;

    PopEdge(PopParts parts) {
        this.parts = parts;
    }

    private static Map<PlacedReason, CharSequence> labels() {
        Map<PlacedReason, CharSequence> labels = new EnumMap<>(PlacedReason.class);
        for (PlacedReason reason : PlacedReason.values()) {
            labels.put(reason, HttpHeaders.createOptimized(reason.label()));
        }
        return labels;
    }

    /** All that a POP's edge needs. */
    record PopParts(
            CallPlacing placing,
            Function<RegionId, RegionView> regions,
            TaskRunner runner,
            LocalCalls local,
            Forwarding forwarding,
            CodeReplicator replicator) {}

    void handle(EdgeCall call) {
        PlacementInput input = parts.placing().came(call.version());
        switch (parts.placing().decide(call.version(), input)) {
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

    /** As long as the way to the best region takes, within reason. */
    private Duration patience(List<RegionId> regions) {
        long nanos = parts.regions().apply(regions.getFirst()).roundTripNanos();
        return Duration.ofNanos(NodeLoad.patienceNanos(nanos));
    }

    private static void gather(EdgeCall call, java.util.function.Consumer<GatheredBody> then) {
        call.exchange().gather(BodyLimits.of(call.version().task()), then);
    }

    private void runHere(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.RunHere here,
            GatheredBody body) {
        switch (here.waiting()) {
            case NONE -> runNow(call, input, here, body);
            case SHORT -> runSoon(call, input, here, body);
            case LONG -> enqueue(call, body, here.reason());
        }
    }

    private void enqueue(EdgeCall call, GatheredBody body, PlacedReason reason) {
        parts.local().enqueue(call, body, answer -> mark(answer, call, reason));
    }

    private void runNow(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.RunHere here,
            GatheredBody body) {
        Optional<Reservation> slot = parts.runner().tryReserve(call.version().task());
        if (slot.isPresent()) {
            parts.local().run(call, body, slot.get(), answer -> mark(answer, call, here.reason()));
        } else if (input.regions().isEmpty()) {
            enqueue(call, body, PlacedReason.STALE);
        } else {
            // The last slot went to somebody else while the body came, or is kept for others.
            runSoon(call, input, here, body);
        }
    }

    private void runSoon(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.RunHere here,
            GatheredBody body) {
        var full = new PlacementDecision.Forward(PlacedReason.CAPACITY, input.regions(), false);
        Runnable toRegion = () -> forward(call, input, full, body);
        Duration patience = patience(input.regions());
        if (body.isWhole() && parts.runner().expectedWait().compareTo(patience) <= 0) {
            parts.local()
                    .runSoon(
                            call,
                            body,
                            patience,
                            answer -> mark(answer, call, here.reason()),
                            toRegion);
        } else {
            toRegion.run();
        }
    }

    private void forward(
            EdgeCall call,
            PlacementInput input,
            PlacementDecision.Forward forward,
            GatheredBody body) {
        Runnable over = passedOn(call, input);
        parts.forwarding()
                .forward(
                        call,
                        body,
                        forward.regions(),
                        answer -> mark(answer, call, forward.reason()),
                        refusal -> {
                            over.run();
                            withoutRegions(call, input, body, refusal);
                        });
    }

    /** The demand is here, wherever it is met, if it could be met here. */
    private Runnable passedOn(EdgeCall call, PlacementInput input) {
        if (input.fit() != Fit.FITS) {
            return () -> {};
        }
        Runnable over = parts.runner().passedOn(call.version().task());
        call.exchange().whenFinished(over);
        return over;
    }

    /** No region took it, and nothing of it was lost on the way. */
    private void withoutRegions(
            EdgeCall call, PlacementInput input, GatheredBody body, Runnable refusal) {
        switch (Placement.decide(input.withoutRegions())) {
            case PlacementDecision.RunHere here -> enqueue(call, body, here.reason());
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
        answer.set(RunnelHeaders.PLACED, LABELS.get(reason));
        call.stale()
                .ifPresent(age -> answer.set(RunnelHeaders.STALE, Long.toString(age.toSeconds())));
    }
}
