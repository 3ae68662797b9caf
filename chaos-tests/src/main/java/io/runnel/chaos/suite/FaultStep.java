package io.runnel.chaos.suite;

import java.time.Duration;

/**
 * One step of a fault.
 *
 * @param at from the fault's beginning, in a whole run
 */
record FaultStep(Duration at, Action action) {}
