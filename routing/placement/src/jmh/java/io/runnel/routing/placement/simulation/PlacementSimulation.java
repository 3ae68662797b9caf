package io.runnel.routing.placement.simulation;

import java.util.Locale;

/** Simulates a day of a network, sized by arguments, and prints what came of it. */
public final class PlacementSimulation {
    private PlacementSimulation() {}

    /** Arguments as {@code requests=1000000}. */
    public static void main(String[] arguments) throws Exception {
        SimSettings settings = SimSettings.DAY;
        for (String argument : arguments) {
            settings = settings.with(argument);
        }
        System.out.println(settings);
        long began = System.nanoTime();
        Simulation simulation = new Simulation(settings);
        Tally tally = simulation.run();
        double seconds = (System.nanoTime() - began) / 1e9;
        print(settings, tally);
        double decisionNanos = tally.decisions.percentileMillis(50) * 1e6;
        say(
                "a decision          %.0f ns at the median, %,.0f a second on each thread",
                decisionNanos, 1e9 / decisionNanos);
        say(
                "real time           %.1f s on %d threads, %,.0f calls a second with all policies",
                seconds, settings.threads(), tally.all / seconds);
        if (!simulation.isOracleSure()) {
            say("the oracle looked at too few ranks: it may hold worse than it could");
        }
    }

    private static void print(SimSettings settings, Tally tally) {
        say("calls               %,d, every one simulated", tally.all);
        say(
                "hit rate            placement %.2f %%, oracle %.2f %%, %.2f points less",
                tally.hitRate(0),
                tally.oracleHitRate(0),
                tally.oracleHitRate(0) - tally.hitRate(0));
        if (settings.hours() > 2) {
            say(
                    "  from hour 2 on    placement %.2f %%, oracle %.2f %%, %.2f points less",
                    tally.hitRate(2),
                    tally.oracleHitRate(2),
                    tally.oracleHitRate(2) - tally.hitRate(2));
        }
        row("placement", tally.placed);
        row("always region", tally.alwaysRegion);
        row("always POP", tally.alwaysPop);
        say(
                "run at the POP      %.2f %%; refused %,d",
                100.0 * tally.here / tally.all, tally.refused);
        tally.reasons.forEach(
                (reason, count) ->
                        say("  %-17s %.2f %%", reason.label(), 100.0 * count / tally.all));
    }

    private static void row(String policy, Latencies latencies) {
        say(
                "latency, ms         %-14s mean %7.2f   p50 %7.2f   p99 %7.2f",
                policy,
                latencies.meanMillis(),
                latencies.percentileMillis(50),
                latencies.percentileMillis(99));
    }

    private static void say(String format, Object... values) {
        System.out.println(String.format(Locale.ROOT, format, values));
    }
}
