package io.runnel.chaos.suite;

/**
 * A step that was taken. Times are nanoseconds from the run's beginning.
 *
 * @param beganNs when it was begun
 * @param endNs when it was done
 */
record StepDone(Action action, long beganNs, long endNs) {}
