package io.runnel.exec.isolate;

import java.util.List;

/**
 * What a node holds ready for one task, and why. For people and for JSON: names, numbers and texts
 * only; times are milliseconds from now, or how long ago.
 *
 * @param version what was called last
 * @param code its digest
 * @param calls that came since its demand is known
 * @param lastCallMs how long ago the last one came or ended
 * @param present calls that wait or run
 * @param open whether its program is open
 * @param tier how well that runs; empty if it is not open
 * @param optimized whether that is as fast as it gets, and why it stays as it is; empty if it is
 *     not open and was not rejected
 * @param notes what its owner should know
 * @param programBytes what the program keeps, which tasks of the same code share
 * @param isolates of that program
 * @param chance how likely a call is within a minute, from 0 to 1
 * @param held isolates that its plan wants there now
 * @param why what its plan says, in words
 * @param periods what is thought of its periods, the next one first
 */
public record TaskReport(
        String account,
        String task,
        int version,
        String code,
        long calls,
        long lastCallMs,
        int present,
        boolean open,
        String tier,
        String optimized,
        List<String> notes,
        long programBytes,
        Isolates isolates,
        double chance,
        int held,
        String why,
        List<Period> periods) {

    public TaskReport {
        notes = List.copyOf(notes);
        periods = List.copyOf(periods);
    }

    /**
     * Isolates by what they are at.
     *
     * @param bytes what the prepared and the idle ones keep
     */
    public record Isolates(int starting, int prepared, int running, int idle, long bytes) {
        static final Isolates NONE = new Isolates(0, 0, 0, 0, 0);
    }

    /**
     * A period that was found.
     *
     * @param state how far it is trusted
     * @param confidence the degree of periodicity, from 0 to 1
     * @param expectedMs when its next burst is most likely
     * @param amount isolates that are made ready for it
     * @param hits windows in which a burst came
     * @param misses windows in which none came
     */
    public record Period(
            String state,
            long periodMs,
            long jitterMs,
            double confidence,
            long expectedMs,
            long opensMs,
            long closesMs,
            int amount,
            int hits,
            int misses) {}
}
