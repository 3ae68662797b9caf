package io.runnel.routing.forward;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

/** A region that was asked in vain. */
public record FailedAttempt(RegionId region, AttemptFailure failure) {
    /** The value of {@code Proxy-Status} (RFC 9209) if it was the last one. */
    String proxyStatus(NodeName node) {
        return "runnel/%s; error=%s; next-hop=\"%s\"".formatted(node, failure.proxyError(), region);
    }
}
