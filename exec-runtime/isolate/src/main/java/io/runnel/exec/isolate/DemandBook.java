package io.runnel.exec.isolate;

import io.runnel.exec.forecast.ForecastSettings;
import io.runnel.exec.forecast.PeriodSearch;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * What is known of the demand for a node's tasks: of so many at most, each up to 4 KB.
 *
 * <p>A call costs a look-up and what {@link io.runnel.exec.forecast.Demand} costs. Everything else
 * is done by {@link #tend}, on a thread that can wait: periods are searched, and where nearly as
 * many tasks are known as may be, those are forgotten that are least worth knowing, so that there
 * is room for new ones. Until then what new ones do is not recorded: a flood of tasks that are
 * called once costs no task that is known its history. Safe for any thread.
 */
final class DemandBook {
    private final int most;
    private final ForecastSettings settings;
    private final LongSupplier millis;
    private final Executor searcher;
    private final SplittableRandom random;
    private final Map<TaskRef, TaskDemand> demands = new ConcurrentHashMap<>();
    private final AtomicLong unrecorded = new AtomicLong();

    /**
     * Nothing is known yet.
     *
     * @param most tasks, at least 16
     * @param millis a clock that does not go backwards
     * @param searcher runs searches; may refuse them
     * @param seed of what the searches draw
     */
    DemandBook(
            int most,
            ForecastSettings settings,
            LongSupplier millis,
            Executor searcher,
            long seed) {
        this.most = most;
        this.settings = settings;
        this.millis = millis;
        this.searcher = searcher;
        this.random = new SplittableRandom(seed);
    }

    /** A call of the task came; nothing if there is no room for what it does. */
    Optional<TaskDemand> arrived(Task task) {
        TaskDemand demand = demands.get(task.ref());
        if (demand == null) {
            if (demands.size() >= most) {
                unrecorded.incrementAndGet();
                return Optional.empty();
            }
            demand =
                    demands.computeIfAbsent(
                            task.ref(), ref -> new TaskDemand(task, settings, millis));
        }
        demand.arrived(task);
        return Optional.of(demand);
    }

    /** Calls of the task are expected that came elsewhere before: whether there is room for it. */
    boolean expects(Task task) {
        if (!demands.containsKey(task.ref()) && demands.size() >= most) {
            return false;
        }
        demands.computeIfAbsent(task.ref(), ref -> new TaskDemand(task, settings, millis));
        return true;
    }

    /** What is known of this task, if anything. */
    Optional<TaskDemand> of(TaskRef task) {
        return Optional.ofNullable(demands.get(task));
    }

    /** All that is known, in no order. */
    Collection<TaskDemand> all() {
        return demands.values();
    }

    /** Calls that were not recorded, for too many tasks were known. */
    long unrecorded() {
        return unrecorded.get();
    }

    /** Makes room, and searches where that is worth it. Now and then, one thread at a time. */
    void tend() {
        int room = most / 16;
        if (demands.size() > most - room) {
            forget(demands.size() - (most - room));
        }
        for (TaskDemand demand : demands.values()) {
            demand.searchIfDue().ifPresent(search -> submit(demand, search));
        }
    }

    private void submit(TaskDemand demand, PeriodSearch search) {
        SplittableRandom own = random.split();
        try {
            searcher.execute(() -> run(demand, search, own));
        } catch (RejectedExecutionException e) {
            demand.giveSearchUp();
        }
    }

    private static void run(TaskDemand demand, PeriodSearch search, SplittableRandom random) {
        Optional<PeriodSearch.Findings> found = Optional.empty();
        try {
            found = Optional.of(search.run(random));
        } finally {
            found.ifPresentOrElse(demand::adopt, demand::giveSearchUp);
        }
    }

    private record Worth(TaskDemand demand, double value) {}

    private void forget(int count) {
        List<Worth> all = new ArrayList<>(demands.size());
        demands.values().forEach(demand -> all.add(new Worth(demand, demand.worth())));
        all.sort(Comparator.comparingDouble(Worth::value));
        all.stream().limit(count).forEach(least -> demands.remove(least.demand().ref()));
    }
}
