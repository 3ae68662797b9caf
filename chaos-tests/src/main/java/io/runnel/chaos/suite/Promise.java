package io.runnel.chaos.suite;

import java.time.Duration;
import java.util.List;

/**
 * What holds although something is broken. Failed calls are those of the streams that the fault may
 * touch, from its beginning to the end of the run.
 *
 * @param idempotent failures of calls that may be tried again
 * @param others failures of the other calls
 * @param p99During the most that 99 of 100 answered calls take while it lasts
 * @param p99After the same, when it is over
 * @param recovery when the steady state is back for good
 * @param whereabouts where calls run while it lasts
 * @param floods what becomes of floods, whose calls are not counted among the failures
 * @param beside what others notice of them
 */
record Promise(
        Allowance idempotent,
        Allowance others,
        Duration p99During,
        Duration p99After,
        Recovery recovery,
        List<Whereabouts> whereabouts,
        List<Flooded> floods,
        List<Beside> beside) {
    Promise {
        whereabouts = List.copyOf(whereabouts);
        floods = List.copyOf(floods);
        beside = List.copyOf(beside);
    }

    /**
     * The steady state is back within this time.
     *
     * @param from what the time counts from
     */
    record Recovery(From from, Duration within) {}

    /** Which step a recovery counts from. */
    enum From {
        /** The first: what is broken stays so, and is gone round. */
        FIRST,
        /** The last: it cannot be gone round, and is good again after it is mended. */
        LAST
    }

    /**
     * At least this share of a stream's answers comes from there while the fault lasts.
     *
     * @param at a POP's name or a region's
     * @param least 0 to 1
     */
    record Whereabouts(String stream, String at, double least) {}

    /**
     * While a flood lasts its task is served as if there were none, and the rest is refused at
     * once, with the word of when to come again.
     *
     * @param stream the flood
     * @param goodput the least share of capacity that is answered, whoever called
     * @param refusedWithin the most that half of the refusals take
     * @param limited the least share of its refusals that are told 429: he has his share
     */
    record Flooded(String stream, double goodput, Duration refusedWithin, double limited) {}

    /**
     * Those who call beside a flood hardly notice it.
     *
     * @param stream theirs
     * @param times how many times their 99th percentile of the quiet time before it may take
     * @param more and so much more
     */
    record Beside(String stream, int times, Duration more) {}
}
