package io.runnel.cluster.store;

import java.time.Instant;

/**
 * How far a spool is taken, and what was taken of it.
 *
 * @param mark the place behind what was taken or put aside; the node may forget what is before it
 * @param runNanos the sum of what the taken records say of making ready and of running
 * @param gaps how often a batch began behind the mark: what was between is not known here
 * @param first when the first batch came
 * @param last when the last batch came that had something new
 */
public record SpoolMark(long mark, long runNanos, long gaps, Instant first, Instant last) {}
