package io.runnel.region.server;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalAnswer;
import io.runnel.routing.edge.LocalCalls;
import io.runnel.routing.journal.CallLog;
import io.runnel.routing.journal.CallTrace;
import io.vertx.core.MultiMap;

import java.util.List;
import java.util.Optional;

/**
 * What a region does with a call that may be made: it runs it, after a bounded wait for a slot, or
 * for code that is not here and is brought from another region. Runs on the call's event loop and
 * never blocks.
 */
final class RegionEdge {
    private final RegionId region;
    private final LocalCalls local;
    private final CallLog log;

    RegionEdge(RegionId region, LocalCalls local, CallLog log) {
        this.region = region;
        this.local = local;
        this.log = log;
    }

    void handle(EdgeCall call) {
        CallTrace trace = log.follow(call);
        List<RegionId> bound = call.version().regions();
        if (!bound.isEmpty() && !bound.contains(region)) {
            call.exchange()
                    .refuse(
                            Problem.of(ErrorCode.REGION_UNREACHABLE)
                                    .withDetail("The task is bound to other regions."));
            return;
        }
        if (local.refuseAtHead(call, (headers, outcome) -> {})) {
            return;
        }
        call.exchange()
                .gather(
                        BodyLimits.of(call.version().task()),
                        body -> {
                            trace.runsHere();
                            local.enqueue(call, body, new Told(trace));
                        });
    }

    /** Keeps the note of a call that runs here. */
    private record Told(CallTrace trace) implements LocalAnswer {
        @Override
        public void answering(MultiMap headers, Optional<Outcome> outcome) {
            outcome.ifPresent(trace::ended);
        }

        @Override
        public void ended(Outcome outcome) {
            trace.ended(outcome);
        }
    }
}
