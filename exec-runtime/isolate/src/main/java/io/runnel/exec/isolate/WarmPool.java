package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Task;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/**
 * The programs that are open on a node, with their isolates, within one budget of memory. Safe for
 * any thread.
 */
final class WarmPool {
    private static final int MOST_LANDING = 4;
    private static final long LANDING_MS = 10_000;

    private final PoolBudget budget;
    private final Map<ProgramKey, OpenProgram> programs = new ConcurrentHashMap<>();
    private final ReentrantLock evicting = new ReentrantLock();

    /** The programs that were opened last. Guarded by itself. */
    private final Deque<OpenProgram> landing = new ArrayDeque<>();

    WarmPool(PoolBudget budget) {
        this.budget = budget;
    }

    PoolBudget budget() {
        return budget;
    }

    /** The task's program, if it is open. */
    Optional<OpenProgram> ready(Task task) {
        return of(ProgramKey.of(task));
    }

    Optional<OpenProgram> of(ProgramKey key) {
        return Optional.ofNullable(programs.get(key)).filter(program -> !program.isClosed());
    }

    /** All that are open, in no order. */
    Collection<OpenProgram> all() {
        return programs.values();
    }

    /** Takes in a program that was just opened; there must be none of its key. */
    void add(OpenProgram program, long nowMs) {
        synchronized (landing) {
            landing.addLast(program);
            if (landing.size() > MOST_LANDING) {
                landing.removeFirst();
            }
        }
        programs.put(program.key(), program);
        makeRoom(nowMs);
    }

    /** Lets go of what is least worth, if the budget is exceeded. */
    void makeRoom(long nowMs) {
        // Whoever is at it already looks again when he is done.
        while (budget.isExceeded() && evicting.tryLock()) {
            boolean isRelieved;
            try {
                Eviction.run(programs.values(), landing(nowMs), budget::isRelieved);
                removeClosed();
                isRelieved = !budget.isExceeded();
            } finally {
                evicting.unlock();
            }
            if (!isRelieved) {
                return;
            }
        }
    }

    /**
     * Lets go of what is least worth of what is kept for accounts that keep more than their part.
     *
     * @param shares of accounts: of the budget, 1 for all of it
     */
    void holdToShares(ToDoubleFunction<AccountId> shares, long nowMs) {
        Map<AccountId, List<OpenProgram>> limited =
                programs.values().stream()
                        .filter(program -> shares.applyAsDouble(program.account()) < 1)
                        .collect(Collectors.groupingBy(OpenProgram::account));
        limited.forEach(
                (account, its) -> {
                    double most = shares.applyAsDouble(account) * budget.most().bytes();
                    if (heldBytes(its) > most) {
                        release(its, most, nowMs);
                    }
                });
    }

    private void release(List<OpenProgram> some, double most, long nowMs) {
        evicting.lock();
        try {
            Eviction.run(some, landing(nowMs), () -> heldBytes(some) <= most);
            removeClosed();
        } finally {
            evicting.unlock();
        }
    }

    private static long heldBytes(List<OpenProgram> some) {
        return some.stream()
                .filter(program -> !program.isClosed())
                .mapToLong(OpenProgram::heldBytes)
                .sum();
    }

    private Set<OpenProgram> landing(long nowMs) {
        synchronized (landing) {
            return landing.stream()
                    .filter(program -> nowMs - program.openedMs() < LANDING_MS)
                    .filter(program -> !program.wasUsed())
                    .collect(Collectors.toSet());
        }
    }

    private void removeClosed() {
        programs.values().removeIf(OpenProgram::isClosed);
    }

    /** Closes a program, unless it is in use. */
    boolean tryClose(OpenProgram program, ReleaseReason why) {
        boolean did = program.tryClose(why);
        if (did) {
            programs.remove(program.key(), program);
        }
        return did;
    }

    /** Idle isolates of all programs. */
    int idleIsolates() {
        return programs.values().stream().mapToInt(program -> program.idle().size()).sum();
    }

    /** Code that is open, the last used first; so many at most. */
    List<CodeDigest> warm(int most) {
        return programs.values().stream()
                .sorted(Comparator.comparingLong(OpenProgram::lastUsedMs).reversed())
                .map(program -> program.key().code())
                .distinct()
                .limit(most)
                .toList();
    }

    /** Closes all programs. */
    void clear() {
        programs.values().forEach(OpenProgram::close);
        programs.clear();
    }
}
