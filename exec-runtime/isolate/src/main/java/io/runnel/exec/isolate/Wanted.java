package io.runnel.exec.isolate;

import io.runnel.exec.forecast.Plan;
import io.runnel.exec.task.Task;

import java.util.Optional;

/** What the plans of all tasks of one program want of it together. Not thread-safe. */
final class Wanted {
    private int held;
    private int spare;
    private long spareMs;
    private double noneComes = 1;
    private int most;
    private Optional<Task> task = Optional.empty();
    private Optional<TaskDemand> demand = Optional.empty();

    Wanted add(Plan plan, double chance) {
        held = sum(held, plan.held());
        spare = sum(spare, plan.spare());
        spareMs = Math.max(spareMs, plan.spareMs());
        noneComes *= 1 - chance;
        return this;
    }

    private static int sum(int one, int other) {
        return (int) Math.min(Plan.ALL, (long) one + other);
    }

    /** A task that wants so many prepared; what is made is made in the name of who wants most. */
    void prepareFor(Task wants, TaskDemand its, int count) {
        if (count > most) {
            most = count;
            task = Optional.of(wants);
            demand = Optional.of(its);
        }
    }

    int held() {
        return held;
    }

    int spare() {
        return spare;
    }

    long spareMs() {
        return spareMs;
    }

    /** How likely a call of any of them is. */
    double chance() {
        return 1 - noneComes;
    }

    Optional<Task> task() {
        return task;
    }

    Optional<TaskDemand> demand() {
        return demand;
    }
}
