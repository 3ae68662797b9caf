package io.runnel.cluster.store;

import java.time.Instant;

/**
 * That one node does something alone for a while: for as long as it goes on with it, as others see.
 * Whoever has seen it unchanged for long enough, by a clock of its own, may take it.
 *
 * @param holder which one
 * @param epoch higher with each change of holder: what an earlier holder does late is known by it
 * @param until what the holder means, by its clock; later with each time that it goes on, whatever
 *     its clock does. Compared with nothing but itself.
 */
public record Lease(String name, String holder, long epoch, Instant until) {}
