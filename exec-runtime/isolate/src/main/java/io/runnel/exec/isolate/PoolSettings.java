package io.runnel.exec.isolate;

import io.runnel.exec.forecast.ForecastSettings;

/**
 * How a {@link TaskRunner} learns what is wanted when.
 *
 * @param mostTasks of so many tasks at most the demand is known, each up to 4 KB
 * @param forecast margins and limits of what is expected
 * @param kept when memory that is kept between calls is let go of
 */
public record PoolSettings(int mostTasks, ForecastSettings forecast, KeptLimits kept) {
    private static final int LEAST_TASKS = 16;
    private static final int MOST_TASKS = 1 << 20;

    /** The demand for 8,192 tasks, at most 32 MiB of it. */
    public static final PoolSettings DEFAULT =
            new PoolSettings(8_192, ForecastSettings.DEFAULT, KeptLimits.DEFAULT);

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a number is out of its range
     */
    public PoolSettings {
        if (mostTasks < LEAST_TASKS || mostTasks > MOST_TASKS) {
            throw new IllegalArgumentException(
                    "mostTasks must be %d to %d: %d".formatted(LEAST_TASKS, MOST_TASKS, mostTasks));
        }
    }

    /** The same for a node of so many slots: more calls than that never run at once. */
    PoolSettings within(int slots) {
        return new PoolSettings(mostTasks, forecast.withMostHeld(slots), kept);
    }
}
