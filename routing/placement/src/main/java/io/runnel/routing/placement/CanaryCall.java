package io.runnel.routing.placement;

/**
 * A call by an alias of which some go to another version: one of those, or of the others.
 *
 * @param alias its name
 * @param seq of the alias's record, which says what is tried
 * @param canary whether it is one of those that go to the other version
 */
public record CanaryCall(String alias, long seq, boolean canary) {}
