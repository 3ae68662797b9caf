package io.runnel.routing.placement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The numbers and the words of a decision, for whoever asks why. Pure. */
public final class ScoreSheet {
    /**
     * One line.
     *
     * @param name what it is: {@code recent-calls}
     * @param value a number without trailing zeros, or a word
     * @param unit of the value; empty if it has none
     */
    public record Score(String name, String value, String unit) {}

    private static final double MILLI = 1e-6;

    private final List<Score> scores = new ArrayList<>();

    private ScoreSheet() {}

    /** All that was weighed, in the order in which it was. */
    public static List<Score> of(Explanation explained) {
        PlacementInput input = explained.input();
        ScoreSheet sheet = new ScoreSheet();
        sheet.word("limit", explained.limit().label());
        sheet.word("fit", word(input.fit()));
        sheet.demand(input);
        sheet.word("replica", word(input.replica()));
        sheet.load(input);
        sheet.time(input);
        return List.copyOf(sheet.scores);
    }

    private void demand(PlacementInput input) {
        Demand demand = input.demand();
        number("recent-calls", demand.recentCalls(), "calls");
        number("popular-from", input.popularFrom(), "calls");
        number("lasting-calls", demand.lastingCalls(), "calls");
        word("seasoned", demand.seasoned() ? "yes" : "no");
        number("rate", demand.rate(), "calls/s");
        number("memory", (double) demand.memoryBytes(), "bytes");
        number("worth", demand.worth() * (1 << 20), "calls/s/MiB");
        number("worth-bar", demand.worthBar() * (1 << 20), "calls/s/MiB");
        number("slot-bar", demand.slotBar(), "calls/s");
    }

    private void load(PlacementInput input) {
        NodeLoad load = input.load();
        word("room", word(input.room()));
        number("free-slots", load.freeSlots(), "slots");
        number("slots", load.slots(), "slots");
        number("free-memory", (double) load.freeMemoryBytes(), "bytes");
        word("scarce", load.isScarce() ? "yes" : "no");
    }

    private void time(PlacementInput input) {
        RunTime time = input.time();
        number("wait-here", input.load().waitNanos() * MILLI, "ms");
        number("start-here", input.startNanos() * MILLI, "ms");
        number("run-here", time.hereNanos() * MILLI, "ms");
        number("measured-here", time.hereCalls(), "calls");
        number("round-trip", input.choice().first().roundTripNanos() * MILLI, "ms");
        number("region-load", input.choice().first().load(), "%");
        word("region-copy", word(input.choice().first().copy()));
        word("region-by", word(input.choice().reason()));
        number("region-penalty", input.choice().first().penaltyNanos() * MILLI, "ms");
        number("run-there", time.thereNanos() * MILLI, "ms");
        number("measured-there", time.thereCalls(), "calls");
        number("margin", input.marginNanos() * MILLI, "ms");
        word("away", time.away() ? "yes" : "no");
        word("latency-need", word(input.need()));
        word("regions-full", input.choice().full() ? "yes" : "no");
    }

    private void word(String name, String value) {
        scores.add(new Score(name, value, ""));
    }

    private void number(String name, double value, String unit) {
        scores.add(new Score(name, shown(value), unit));
    }

    private static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Math.abs(value) < 1e-3 || Math.abs(value) >= 1e15
                ? String.format(Locale.ROOT, "%.3e", value)
                : String.format(Locale.ROOT, "%.3f", value);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
