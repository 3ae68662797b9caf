package io.runnel.cluster.store;

import io.runnel.routing.usage.UsageBatch;

import java.time.Instant;

/**
 * A batch that was put aside.
 *
 * @param from as in {@link UsageBatch}
 * @param to as in {@link UsageBatch}
 * @param entries how many it has
 */
public record QuarantinedBatch(
        Instant at, UsageBatch.Spool spool, long from, long to, int entries, String reason) {}
