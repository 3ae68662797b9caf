package io.runnel.exec.forecast.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Makes up traces: tasks that are called once a day, once an hour, every five minutes, each about
 * as many and each with a jitter of its own, and three in ten that are called at random. Half of
 * the periodic ones are due on the full hour, as people write their timetables. The same seed makes
 * the same trace.
 */
public final class TraceGenerator {
    /** The most days of one trace. */
    public static final int MOST_DAYS = 366;

    /**
     * Milliseconds of the start of the first day: it is a day's, an hour's and a minute's start.
     */
    static final long START_MS = Duration.ofDays(20_454).toMillis();

    private static final long DAY_MS = Duration.ofDays(1).toMillis();
    private static final long HOUR_MS = Duration.ofHours(1).toMillis();
    private static final long MINUTE_MS = Duration.ofMinutes(1).toMillis();
    private static final int[] MEMORY_MIB = {16, 32, 64, 128};

    /** What a task is called by. */
    private enum Kind {
        DAILY(DAY_MS, 45_000),
        HOURLY(HOUR_MS, 15_000),
        MINUTES(5 * MINUTE_MS, 4_000),
        RANDOM(0, 0);

        private final long periodMs;
        private final long mostJitterMs;

        Kind(long periodMs, long mostJitterMs) {
            this.periodMs = periodMs;
            this.mostJitterMs = mostJitterMs;
        }

        private static Kind of(int task) {
            int tenth = task % 10;
            return tenth < 3 ? RANDOM : values()[tenth % 3];
        }

        private String taskName(int task) {
            return switch (this) {
                case DAILY -> "daily-" + task;
                case HOURLY -> "hourly-" + task;
                case MINUTES -> "every-5-minutes-" + task;
                case RANDOM -> "random-" + task;
            };
        }
    }

    private final SplittableRandom random;
    private final long endMs;
    private final List<String> names = new ArrayList<>();
    private final Trace.Columns columns = new Trace.Columns();

    private TraceGenerator(int days, long seed) {
        this.random = new SplittableRandom(seed);
        this.endMs = START_MS + days * DAY_MS;
    }

    /**
     * Makes one up.
     *
     * @throws IllegalArgumentException if there is less than one task or day, or too many of them
     */
    public static Trace generate(int tasks, int days, long seed) {
        if (tasks < 1 || tasks > TraceReader.MOST_TASKS) {
            throw new IllegalArgumentException(
                    "tasks must be 1 to %d: %d".formatted(TraceReader.MOST_TASKS, tasks));
        }
        if (days < 1 || days > MOST_DAYS) {
            throw new IllegalArgumentException(
                    "days must be 1 to %d: %d".formatted(MOST_DAYS, days));
        }
        return new TraceGenerator(days, seed).generate(tasks);
    }

    private Trace generate(int tasks) {
        for (int task = 0; task < tasks; task++) {
            Kind kind = Kind.of(task);
            names.add(kind.taskName(task));
            if (kind == Kind.RANDOM) {
                random(new Shape(task, 1));
            } else {
                periodic(kind, new Shape(task, random.nextInt(10) < 6 ? 1 : random.nextInt(2, 9)));
            }
        }
        return Trace.of(names, columns).withoutNotes();
    }

    /** What the calls of one task have in common. */
    private final class Shape {
        private final int task;
        private final int burst;
        private final double durationMs = 10 * Math.exp(random.nextDouble() * 4);
        private final long memoryBytes = (long) MEMORY_MIB[random.nextInt(MEMORY_MIB.length)] << 20;
        private final int startMs = (int) (20 * Math.exp(random.nextDouble() * 3.4));

        private Shape(int task, int burst) {
            this.task = task;
            this.burst = burst;
        }

        private void call(long atMs) {
            if (atMs >= START_MS && atMs < endMs) {
                int duration = (int) (durationMs * Math.exp(0.4 * random.nextGaussian()));
                int start = (int) Math.max(1, startMs * (0.9 + 0.2 * random.nextDouble()));
                columns.add(atMs, task, duration, memoryBytes, start);
            }
        }
    }

    private void periodic(Kind kind, Shape shape) {
        long minutes = kind.periodMs / MINUTE_MS;
        long phaseMs =
                random.nextBoolean()
                        ? random.nextLong(Math.max(1, minutes / 60)) * HOUR_MS
                        : random.nextLong(minutes) * MINUTE_MS;
        double jitterMs = kind.mostJitterMs * (0.1 + 0.9 * random.nextDouble());
        for (long dueMs = START_MS + phaseMs; dueMs < endMs; dueMs += kind.periodMs) {
            long atMs = dueMs + Math.round(jitterMs * random.nextGaussian());
            for (int i = 0; i < shape.burst; i++) {
                shape.call(atMs + (i == 0 ? 0 : random.nextLong(300)));
            }
        }
    }

    /** Pauses are exponential; their mean is from a minute to a day, each scale as often. */
    private void random(Shape shape) {
        double meanMs =
                MINUTE_MS * Math.exp(random.nextDouble() * Math.log((double) DAY_MS / MINUTE_MS));
        double atMs = START_MS - meanMs * Math.log1p(-random.nextDouble());
        while (atMs < endMs) {
            shape.call((long) atMs);
            atMs += 1 - meanMs * Math.log1p(-random.nextDouble());
        }
    }
}
