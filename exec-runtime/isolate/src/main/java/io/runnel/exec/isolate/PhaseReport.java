package io.runnel.exec.isolate;

/**
 * How long one part of starts took, in nanoseconds.
 *
 * @param count how often it was measured since the node began
 * @param p50 half of them took at most this
 */
public record PhaseReport(long count, long p50, long p90, long p99, long most) {}
