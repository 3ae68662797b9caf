package io.runnel.exec.forecast;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Counts how often calls without a period are taken to have one: {@code FalsePositives [TASKS
 * [CALLS]]}.
 */
public final class FalsePositives {
    private FalsePositives() {}

    /** Prints one line for each kind of pauses. */
    public static void main(String[] arguments) {
        int tasks = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000;
        int calls = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 1_000;
        for (long seconds : new long[] {20, 600, 3_600}) {
            count("exponential, mean %d s".formatted(seconds), tasks, calls, r -> seconds * exp(r));
        }
        count(
                "lognormal, sigma 1, median 10 min",
                tasks,
                calls,
                r -> 600 * Math.exp(r.nextGaussian()));
        count("Pareto, alpha 1.2, from 10 s", tasks, calls, r -> 10 * Math.exp(exp(r) / 1.2));
        count("uniform, 5 to 15 min", tasks, calls, r -> 300 + 600 * r.nextDouble());
        count(
                "clusters of 10 of 30 s, mean 2 h",
                tasks,
                calls,
                r -> (r.nextInt(10) == 0 ? 7_200 : 30) * exp(r));
    }

    private static double exp(Random random) {
        return -Math.log1p(-random.nextDouble());
    }

    private static void count(
            String name, int tasks, int calls, ToDoubleFunction<Random> pauseSeconds) {
        int declared = 0;
        long callsThen = 0;
        for (int seed = 0; seed < tasks; seed++) {
            long then = callsWhileDeclared(seed, calls, pauseSeconds);
            declared += then > 0 ? 1 : 0;
            callsThen += then;
        }
        System.out.printf(
                "%-36s %d of %d tasks (%.2f %%) in %d calls each; %.4f %% of calls%n",
                name,
                declared,
                tasks,
                100.0 * declared / tasks,
                calls,
                100.0 * callsThen / tasks / calls);
    }

    private static long callsWhileDeclared(
            int seed, int calls, ToDoubleFunction<Random> pauseSeconds) {
        Random pauses = new Random(seed * 7_919L + 1);
        SplittableRandom shuffles = new SplittableRandom(seed);
        Demand demand = new Demand(ForecastSettings.DEFAULT, 0);
        double now = 0;
        long declared = 0;
        for (int call = 0; call < calls; call++) {
            now += 1_000 * pauseSeconds.applyAsDouble(pauses);
            demand.arrived((long) now, 1);
            if (demand.isSearchDue((long) now)) {
                demand.analyze((long) now, shuffles);
            }
            demand.ended((long) now + 20, 0);
            declared += demand.isPeriodic() ? 1 : 0;
        }
        return declared;
    }
}
