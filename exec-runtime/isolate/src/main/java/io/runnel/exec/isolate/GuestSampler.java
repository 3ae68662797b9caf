package io.runnel.exec.isolate;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Looks at the threads of a task's calls about every millisecond and counts which functions of the
 * guest it finds there. The JVM shows a thread's stack only where it may stop it, at calls and at
 * the ends of loops, so short functions are counted for those that call them. One flight at a time;
 * it costs the calls of that task a stop each time they are looked at, and other calls nothing.
 */
final class GuestSampler {
    private static final System.Logger LOG = System.getLogger(GuestSampler.class.getName());
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int MOST_NAMES = 10_000;
    private static final int MOST_SHOWN = 50;
    private static final int MOST_VERSIONS = 8;
    private static final String NOT_NAMED = "(interpreted, or not the guest's)";

    private final SlotThreads threads;
    private final Function<Task, Optional<TaskRuntime>> runtimes;
    private final CodeStore codes;
    private final LongSupplier nanoClock;
    private final AtomicBoolean flying = new AtomicBoolean();
    private volatile Optional<TaskRef> watched = Optional.empty();

    GuestSampler(
            SlotThreads threads,
            Function<Task, Optional<TaskRuntime>> runtimes,
            CodeStore codes,
            LongSupplier nanoClock) {
        this.threads = threads;
        this.runtimes = runtimes;
        this.codes = codes;
        this.nanoClock = nanoClock;
    }

    /**
     * Looks for so long. Blocks.
     *
     * @return empty if another flight is under way
     * @throws InterruptedException if the thread was interrupted
     */
    Optional<GuestProfile> sample(TaskRef task, Duration length) throws InterruptedException {
        if (!flying.compareAndSet(false, true)) {
            return Optional.empty();
        }
        try {
            Flight flight = new Flight(task);
            watched = Optional.of(task);
            long endNanos = nanoClock.getAsLong() + length.toNanos();
            while (nanoClock.getAsLong() - endNanos < 0) {
                flight.look();
                TimeUnit.NANOSECONDS.sleep(EVERY_NANOS);
            }
            return Optional.of(flight.profile());
        } finally {
            watched = Optional.empty();
            flying.set(false);
        }
    }

    /** Whether it looks at the calls of this task now, and so their threads have to be slots'. */
    boolean watches(TaskRef task) {
        Optional<TaskRef> now = watched;
        return now.isPresent() && now.get().equals(task);
    }

    /** One look after the other. */
    private final class Flight {
        private final TaskRef task;
        private final Map<CodeDigest, GuestFrames> frames = new HashMap<>();
        private final Map<String, long[]> counts = new HashMap<>();
        private long samples;

        Flight(TaskRef task) {
            this.task = task;
        }

        void look() {
            for (SlotThreads.Running running : threads.running(task)) {
                samples++;
                count(running.stack(), framesOf(running.task()));
            }
        }

        private void count(StackTraceElement[] stack, GuestFrames known) {
            Set<String> seen = new HashSet<>();
            for (StackTraceElement frame : stack) {
                Optional<String> name = known.name(frame);
                if (name.isPresent() && seen.add(name.get())) {
                    add(name.get(), seen.size() == 1);
                }
            }
            if (seen.isEmpty()) {
                add(NOT_NAMED, true);
            }
        }

        private void add(String name, boolean itself) {
            if (counts.size() < MOST_NAMES || counts.containsKey(name)) {
                long[] sums = counts.computeIfAbsent(name, n -> new long[2]);
                sums[0] += itself ? 1 : 0;
                sums[1]++;
            }
        }

        private GuestFrames framesOf(Task of) {
            GuestFrames known = frames.get(of.code());
            if (known == null) {
                known = frames.size() < MOST_VERSIONS ? read(of) : GuestFrames.NONE;
                frames.put(of.code(), known);
            }
            return known;
        }

        private GuestFrames read(Task of) {
            try {
                Optional<byte[]> code = codes.read(of.code());
                Optional<TaskRuntime> runtime = runtimes.apply(of);
                return code.isPresent() && runtime.isPresent()
                        ? runtime.get().frames(code.get())
                        : GuestFrames.NONE;
            } catch (IOException e) {
                LOG.log(Level.WARNING, "the code of " + of.ref() + " cannot be read", e);
                return GuestFrames.NONE;
            }
        }

        GuestProfile profile() {
            return new GuestProfile(
                    samples,
                    counts.entrySet().stream()
                            .map(
                                    e ->
                                            new GuestProfile.Function(
                                                    e.getKey(), e.getValue()[0], e.getValue()[1]))
                            .sorted(
                                    Comparator.comparingLong(GuestProfile.Function::self)
                                            .thenComparingLong(GuestProfile.Function::total)
                                            .reversed())
                            .limit(MOST_SHOWN)
                            .toList());
        }
    }
}
