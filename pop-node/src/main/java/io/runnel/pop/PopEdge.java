package io.runnel.pop;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Exchange;
import io.runnel.exec.http.GatheredBody;
import io.runnel.exec.http.RunnelHeaders;
import io.runnel.exec.isolate.Reservation;
import io.runnel.exec.isolate.TaskRunner;
import io.runnel.exec.task.MovedTo;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalAnswer;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.forward.ForwardResult;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallTrace;
import io.runnel.routing.journal.Decided;
import io.runnel.routing.placement.Explanation;
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
            RegionWait regionWait,
            CodeReplicator replicator,
            HeldSecrets secrets,
            CallLog log) {}

    /** A call that is being placed. */
    private record Placing(
            EdgeCall call, CallPlacing.Came came, CallTrace trace, CallPlacing times) {
        PlacementInput input() {
            return came.explained().input();
        }

        /** What a region is to keep, runs nowhere else. */
        boolean mayRunHere() {
            return call.form() != EdgeCall.Form.EVENT;
        }

        /** What the answer says, wherever it comes from. */
        void mark(MultiMap answer, PlacedReason reason) {
            answer.set(RunnelHeaders.PLACED, LABELS.get(reason));
            call.stale()
                    .ifPresent(
                            age -> answer.set(RunnelHeaders.STALE, Long.toString(age.toSeconds())));
        }

        /** Why it runs here after all: every region is full, or none can be reached. */
        PlacedReason withoutRegions() {
            return input().choice().full() ? PlacedReason.CAPACITY : PlacedReason.STALE;
        }

        LocalAnswer localAnswer(PlacedReason reason, GatheredBody body, Forwarding onward) {
            trace.runsHere();
            return new LocalAnswer() {
                @Override
                public void answering(MultiMap headers, Optional<Outcome> outcome) {
                    mark(headers, reason);
                    outcome.ifPresent(trace::ended);
                }

                @Override
                public void ended(Outcome outcome) {
                    times.ranHere(came.key(), outcome);
                    trace.ended(outcome);
                }

                @Override
                public boolean follows() {
                    return true;
                }

                @Override
                public void moved(MovedTo to) {
                    trace.goesToRegions();
                    onward.resume(
                            call,
                            body,
                            to,
                            headers -> mark(headers, reason),
                            result -> trace.asked(result.by(), result.asked()));
                }
            };
        }
    }

    void handle(EdgeCall call) {
        CallPlacing.Came came = came(call);
        Explanation explained = came.explained();
        CallTrace trace = parts.log().follow(call, Decided.of(explained));
        Placing placing = new Placing(call, came, trace, parts.placing());
        switch (explained.decision()) {
            case PlacementDecision.RunHere here -> {
                if (!isRefusedAtHead(placing, here)) {
                    gather(call, body -> runHere(placing, here, body));
                }
            }
            case PlacementDecision.Forward forward -> {
                if (forward.warmUp()) {
                    parts.replicator().want(call.version().task());
                }
                gather(call, body -> forward(placing, forward, body));
            }
            case PlacementDecision.Refuse refuse -> refuse(placing, refuse);
        }
    }

    private CallPlacing.Came came(EdgeCall call) {
        return call.form() == EdgeCall.Form.EVENT
                ? parts.placing().cameToBeKept(call.version())
                : parts.placing().came(call.version(), call.parameters().haveSecrets());
    }

    /** Where there is no region to go to, a body that nobody will read need not be sent. */
    private boolean isRefusedAtHead(Placing placing, PlacementDecision.RunHere here) {
        return here.waiting() == PlacementDecision.Waiting.LONG
                && parts.local()
                        .refuseAtHead(
                                placing.call(),
                                (headers, outcome) -> placing.mark(headers, here.reason()));
    }

    /** As long as the way to the best region takes, within reason. */
    private Duration patience(List<RegionId> regions) {
        long nanos = parts.regions().apply(regions.getFirst()).roundTripNanos();
        return Duration.ofNanos(NodeLoad.patienceNanos(nanos));
    }

    private static void gather(EdgeCall call, java.util.function.Consumer<GatheredBody> then) {
        call.exchange().gather(BodyLimits.of(call.version().task()), then);
    }

    private void runHere(Placing placing, PlacementDecision.RunHere here, GatheredBody body) {
        if (!parts.secrets().has(placing.call().version())) {
            // They were dropped since it was placed: it may not run here any more.
            refuse(placing, here.reason());
            return;
        }
        switch (here.waiting()) {
            case NONE -> runNow(placing, here, body);
            case SHORT -> runSoon(placing, here, body);
            case LONG -> enqueue(placing, body, here.reason());
        }
    }

    private LocalAnswer answer(Placing placing, PlacedReason reason, GatheredBody body) {
        return placing.localAnswer(reason, body, parts.forwarding());
    }

    private void enqueue(Placing placing, GatheredBody body, PlacedReason reason) {
        parts.local().enqueue(placing.call(), body, answer(placing, reason, body));
    }

    private void runNow(Placing placing, PlacementDecision.RunHere here, GatheredBody body) {
        Optional<Reservation> slot =
                parts.runner().tryReserve(placing.call().version().task(), placing.call().caller());
        if (slot.isPresent()) {
            parts.local()
                    .run(placing.call(), body, slot.get(), answer(placing, here.reason(), body));
        } else if (placing.input().regions().isEmpty()) {
            enqueue(placing, body, placing.withoutRegions());
        } else {
            // The last slot went to somebody else while the body came, or is kept for others.
            runSoon(placing, here, body);
        }
    }

    private void runSoon(Placing placing, PlacementDecision.RunHere here, GatheredBody body) {
        var full =
                new PlacementDecision.Forward(
                        PlacedReason.CAPACITY, placing.input().regions(), false);
        Runnable toRegion = () -> forward(placing, full, body);
        Duration patience = patience(placing.input().regions());
        if (body.isWhole() && parts.runner().expectedWait().compareTo(patience) <= 0) {
            parts.local()
                    .runSoon(
                            placing.call(),
                            body,
                            patience,
                            answer(placing, here.reason(), body),
                            toRegion);
        } else {
            toRegion.run();
        }
    }

    private void forward(Placing placing, PlacementDecision.Forward forward, GatheredBody body) {
        Runnable over = passedOn(placing.call(), placing.input());
        new Onward(placing, forward, body, over, parts.regionWait().end()).send();
    }

    /** A call on its way to the regions, be it sent once or again after a wait. */
    private final class Onward {
        private final Placing placing;
        private final PlacementDecision.Forward forward;
        private final GatheredBody body;

        /** Ends its part in the demand here. */
        private final Runnable over;

        /** When it has waited long enough. */
        private final long waitEndNanos;

        Onward(
                Placing placing,
                PlacementDecision.Forward forward,
                GatheredBody body,
                Runnable over,
                long waitEndNanos) {
            this.placing = placing;
            this.forward = forward;
            this.body = body;
            this.over = over;
            this.waitEndNanos = waitEndNanos;
        }

        void send() {
            placing.trace().goesToRegions();
            parts.forwarding()
                    .forward(
                            placing.call(),
                            body,
                            forward.regions(),
                            this::mayRunHere,
                            answer -> placing.mark(answer, forward.reason()),
                            result -> placing.trace().asked(result.by(), result.asked()),
                            this::unreached);
        }

        private boolean mayRunHere() {
            return placing.mayRunHere()
                    && Placement.decide(placing.input().withoutRegions())
                            instanceof PlacementDecision.RunHere;
        }

        /** No region took it, and nothing of it was lost on the way. */
        private void unreached(ForwardResult.Unreached unreached, Runnable refusal) {
            if (!placing.mayRunHere()) {
                waitFor(unreached, refusal);
                return;
            }
            switch (Placement.decide(placing.input().withoutRegions())) {
                case PlacementDecision.RunHere here -> {
                    over.run();
                    enqueue(placing, body, here.reason());
                }
                case PlacementDecision.Refuse _ -> waitFor(unreached, refusal);
                case PlacementDecision.Forward impossible ->
                        throw new IllegalStateException(
                                "forwarded without a region: " + impossible);
            }
        }

        private void waitFor(ForwardResult.Unreached unreached, Runnable refusal) {
            var held =
                    new RegionWait.Held(
                            placing.call().exchange()::isFinished,
                            forward.regions(),
                            waitEndNanos,
                            this::send,
                            refusal);
            if (body.isWhole()) {
                parts.regionWait().hold(held, unreached);
            } else {
                refusal.run();
            }
        }
    }

    /** The demand is here, wherever it is met, if it could be met here. */
    private Runnable passedOn(EdgeCall call, PlacementInput input) {
        if (input.fit() != Fit.FITS || call.form() == EdgeCall.Form.EVENT) {
            return () -> {};
        }
        Runnable over = parts.runner().passedOn(call.version().task());
        call.exchange().whenFinished(over);
        return over;
    }

    private static void refuse(Placing placing, PlacedReason reason) {
        Exchange exchange = placing.call().exchange();
        placing.mark(exchange.response().headers(), reason);
        exchange.refuse(ErrorCode.REGION_UNREACHABLE);
    }

    private static void refuse(Placing placing, PlacementDecision.Refuse refuse) {
        Exchange exchange = placing.call().exchange();
        placing.mark(exchange.response().headers(), refuse.reason());
        exchange.refuse(
                switch (refuse.refusal()) {
                    case REGION_UNREACHABLE -> ErrorCode.REGION_UNREACHABLE;
                    case OVER_CAPACITY -> ErrorCode.OVER_CAPACITY;
                });
    }
}
