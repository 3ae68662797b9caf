package io.runnel.exec.forecast;

/**
 * What should be held for one task from now on.
 *
 * @param held isolates that should be there, whether they run, wait or are being started; what is
 *     missing is to be started now
 * @param spare how many idle isolates may be kept beyond those; only such as were used
 * @param spareMs how long each of these, since it was last used
 * @param nextMs when to ask again, if nothing happens before; {@link Long#MAX_VALUE} for never
 */
public record Plan(int held, int spare, long spareMs, long nextMs) {
    /** For {@link #spare}: as many as there are. */
    public static final int ALL = Integer.MAX_VALUE;
}
