package io.runnel.exec.forecast;

/**
 * What is thought of one period of a task's demand, for people to read.
 *
 * @param state how far it is trusted
 * @param periodMs the time from one burst to the next
 * @param jitterMs the standard deviation of its error
 * @param degree of periodicity: 0 none, 1 a clock that was never missed
 * @param expectedMs when the next burst is most likely
 * @param opensMs from when on it is expected
 * @param closesMs until when
 * @param amount isolates that are made ready for it
 * @param hits windows in which a burst came
 * @param misses windows in which none came
 */
public record Forecast(
        PatternState state,
        long periodMs,
        long jitterMs,
        double degree,
        long expectedMs,
        long opensMs,
        long closesMs,
        int amount,
        int hits,
        int misses) {

    static Forecast of(Pattern pattern) {
        return new Forecast(
                pattern.state(),
                Math.round(pattern.rhythm().periodMs()),
                Math.round(pattern.rhythm().jitterMs()),
                pattern.degree(),
                Math.round(pattern.rhythm().expectedMs()),
                Math.round(pattern.rhythm().opensMs()),
                Math.round(pattern.rhythm().closesMs()),
                pattern.amount(),
                pattern.hits(),
                pattern.misses());
    }
}
