package io.runnel.region.server;

import io.runnel.exec.http.BodyLimits;
import io.runnel.exec.http.ErrorCode;
import io.runnel.exec.http.Problem;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.edge.EdgeCall;
import io.runnel.routing.edge.LocalCalls;

import java.util.List;

/**
 * What a region does with a call that may be made: it runs it, after a bounded wait for a slot, or
 * for code that is not here and is brought from another region. Runs on the call's event loop and
 * never blocks.
 */
final class RegionEdge {
    private final RegionId region;
    private final LocalCalls local;

    RegionEdge(RegionId region, LocalCalls local) {
        this.region = region;
        this.local = local;
    }

    void handle(EdgeCall call) {
        List<RegionId> bound = call.version().regions();
        if (!bound.isEmpty() && !bound.contains(region)) {
            call.exchange()
                    .refuse(
                            Problem.of(ErrorCode.REGION_UNREACHABLE)
                                    .withDetail("The task is bound to other regions."));
            return;
        }
        call.exchange()
                .gather(
                        BodyLimits.of(call.version().task()),
                        body -> local.enqueue(call, body, answer -> {}));
    }
}
