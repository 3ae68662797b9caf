package io.runnel.cluster.store;

import java.time.Instant;

/**
 * That one node does something alone for a while.
 *
 * @param holder which one
 * @param epoch higher with each change of holder: what an earlier holder does late is known by it
 * @param until by the clock of the node that took it; clocks that differ make two nodes try at
 *     once, of which the store still lets one through
 */
public record Lease(String name, String holder, long epoch, Instant until) {}
