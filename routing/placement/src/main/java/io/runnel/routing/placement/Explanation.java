package io.runnel.routing.placement;

/**
 * A decision, with all that it was made from. {@link ScoreSheet} prints it.
 *
 * @param input as it stood when it was decided
 * @param limit what decided, if it does not run here for being popular or expected
 */
public record Explanation(PlacementInput input, PlacementDecision decision, Limit limit) {}
