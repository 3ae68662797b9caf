package io.runnel.routing.placement.simulation;

/**
 * How large a simulation is.
 *
 * @param requests in all
 * @param hours of virtual time
 * @param zipf exponent of the popularity of tasks
 * @param warmBytes memory of a POP for programs that are ready
 * @param seed of everything that is drawn
 */
record SimSettings(
        int pops,
        int regions,
        int tasks,
        long requests,
        int hours,
        double zipf,
        long warmBytes,
        long seed,
        int threads) {
    static final SimSettings DAY =
            new SimSettings(200, 20, 1_000_000, 100_000_000, 24, 1.1, 256L << 20, 7, 2);
    static final int SLOTS = 16;
    static final long SECOND = 1_000_000_000L;
    static final long HOUR = 3600 * SECOND;

    /** Loads of regions are known to POPs after so long, and bars are found so often. */
    static final long SLICE = 300 * SECOND;

    /** A setting as it is written: {@code pops=50}. */
    SimSettings with(String assignment) {
        int equals = assignment.indexOf('=');
        String name = equals < 0 ? assignment : assignment.substring(0, equals);
        String value = assignment.substring(equals + 1);
        return switch (name) {
            case "pops" ->
                    new SimSettings(
                            number(value),
                            regions,
                            tasks,
                            requests,
                            hours,
                            zipf,
                            warmBytes,
                            seed,
                            threads);
            case "regions" ->
                    new SimSettings(
                            pops,
                            number(value),
                            tasks,
                            requests,
                            hours,
                            zipf,
                            warmBytes,
                            seed,
                            threads);
            case "tasks" ->
                    new SimSettings(
                            pops,
                            regions,
                            number(value),
                            requests,
                            hours,
                            zipf,
                            warmBytes,
                            seed,
                            threads);
            case "requests" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            number(value),
                            hours,
                            zipf,
                            warmBytes,
                            seed,
                            threads);
            case "hours" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            requests,
                            number(value),
                            zipf,
                            warmBytes,
                            seed,
                            threads);
            case "zipf" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            requests,
                            hours,
                            Double.parseDouble(value),
                            warmBytes,
                            seed,
                            threads);
            case "warmMiB" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            requests,
                            hours,
                            zipf,
                            (long) number(value) << 20,
                            seed,
                            threads);
            case "seed" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            requests,
                            hours,
                            zipf,
                            warmBytes,
                            number(value),
                            threads);
            case "threads" ->
                    new SimSettings(
                            pops,
                            regions,
                            tasks,
                            requests,
                            hours,
                            zipf,
                            warmBytes,
                            seed,
                            number(value));
            default -> throw new IllegalArgumentException("no such setting: " + assignment);
        };
    }

    private static int number(String text) {
        int number = Integer.parseInt(text.replace("_", ""));
        if (number < 1) {
            throw new IllegalArgumentException("must be positive: " + text);
        }
        return number;
    }
}
