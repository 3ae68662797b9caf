package io.runnel.exec.forecast;

/**
 * How well one lag explains a series of events.
 *
 * @param lagMs the lag
 * @param toleranceMs an event counts as explained when another lies this near to one lag before it
 * @param score minus the logarithm, base 10, of the chance that as many events would be explained
 *     if they had come independently of each other
 */
record LagScore(double lagMs, double toleranceMs, double score) {
    static final LagScore NONE = new LagScore(0, 0, 0);
}
