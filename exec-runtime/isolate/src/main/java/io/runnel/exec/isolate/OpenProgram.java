package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Task;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A program that is open, and its isolates. Safe for any thread.
 *
 * <p>Once it is closed it has no isolates and makes none; one that has isolates that run is not
 * closed.
 */
final class OpenProgram {
    /** How likely a call is of a program of which nothing else is known. */
    private static final double UNKNOWN_CHANCE = 0.1;

    /** What making an instance costs, until it was measured. */
    private static final long UNKNOWN_INSTANCE_NANOS = 50_000;

    private final ProgramKey key;
    private final AccountId account;
    private final Program program;
    private final long startNanos;
    private final long openedMs;
    private final PoolBudget budget;
    private final PoolCounters counters;
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private final Briefness briefness = new Briefness();
    private final AtomicBoolean improving = new AtomicBoolean();
    private volatile long lastUsedMs;
    private volatile Optional<String> whyItStays = Optional.empty();
    private volatile boolean wasUsed;
    private volatile double chance = UNKNOWN_CHANCE;
    private volatile int held;
    private volatile long instanceNanos = UNKNOWN_INSTANCE_NANOS;

    // Guarded by this.
    private final List<PooledIsolate> isolates = new ArrayList<>();
    private long footprintBytes;
    private volatile boolean closed;

    /**
     * A program that was just opened.
     *
     * @param account for whose task
     * @param startNanos what a call has to wait for that finds it closed
     */
    OpenProgram(
            ProgramKey key,
            AccountId account,
            Program program,
            long startNanos,
            PoolBudget budget,
            PoolCounters counters,
            long nowMs) {
        this.key = key;
        this.account = account;
        this.program = program;
        this.startNanos = startNanos;
        this.budget = budget;
        this.counters = counters;
        this.openedMs = nowMs;
        this.lastUsedMs = nowMs;
        this.footprintBytes = program.footprintBytes();
        budget.add(footprintBytes);
    }

    /** Whether its calls are usually over at once. */
    Briefness briefness() {
        return briefness;
    }

    ProgramKey key() {
        return key;
    }

    /** For whose task it was opened, though others' of the same code run it too. */
    AccountId account() {
        return account;
    }

    Program program() {
        return program;
    }

    long startNanos() {
        return startNanos;
    }

    /** What a call has to wait for that finds no idle isolate. */
    long instanceNanos() {
        return instanceNanos;
    }

    void instanceTook(long nanos) {
        instanceNanos = Math.max(1, nanos);
    }

    /** Done when it is as fast as it gets, or is known to stay as it is. */
    CompletableFuture<Void> settled() {
        return settled;
    }

    long openedMs() {
        return openedMs;
    }

    /** When it was last called, prepared or opened. */
    long lastUsedMs() {
        return lastUsedMs;
    }

    void touch(long nowMs) {
        lastUsedMs = nowMs;
    }

    /** Whether a call ever ran in it. */
    boolean wasUsed() {
        return wasUsed;
    }

    /** How likely a call is soon, from 0 to 1. */
    double chance() {
        return chance;
    }

    /** How many isolates plans want of it. */
    int held() {
        return held;
    }

    void expect(double chance, int held) {
        this.chance = chance;
        this.held = held;
    }

    /** So many were just made for what plans want of it. */
    void expectAtLeast(int made) {
        held = Math.max(held, made);
    }

    /** What it keeps itself, in bytes. */
    synchronized long footprintBytes() {
        return footprintBytes;
    }

    /** Whether the caller is to make it faster: it may be, and nobody else is at it. */
    boolean beginImproving() {
        return !settled.isDone() && !closed && improving.compareAndSet(false, true);
    }

    /** It could not be made faster. */
    void staysBecause(String why) {
        whyItStays = Optional.of(why);
    }

    /** Why it could not be made faster, if it was tried. */
    Optional<String> whyItStays() {
        return whyItStays;
    }

    /** It was not tried. */
    void giveImprovingUp() {
        improving.set(false);
    }

    /** It is as it will stay; it may weigh otherwise than before. */
    void settle() {
        synchronized (this) {
            if (!closed) {
                long now = program.footprintBytes();
                budget.add(now - footprintBytes);
                footprintBytes = now;
            }
        }
        settled.complete(null);
    }

    boolean isClosed() {
        return closed;
    }

    /**
     * An isolate for a call, in which it runs alone from now on; none if this is closed.
     *
     * @param owner whose memory the call finds; empty for fresh memory
     */
    synchronized Optional<PooledIsolate> take(Optional<KeptOwner> owner, long nowMs) {
        Optional<PooledIsolate> idle = takeIdle(owner);
        if (closed || idle.isPresent()) {
            return idle;
        }
        Isolate inner = program.newIsolate(PooledIsolate.reuseFor(owner));
        PooledIsolate made = PooledIsolate.running(this, budget, inner, owner, nowMs);
        isolates.add(made);
        return Optional.of(made);
    }

    /**
     * An idle isolate for a call; none is made.
     *
     * @param owner whose memory the call finds; empty for fresh memory
     */
    synchronized Optional<PooledIsolate> takeIdle(Optional<KeptOwner> owner) {
        wasUsed = true;
        for (int i = isolates.size() - 1; i >= 0; i--) {
            PooledIsolate isolate = isolates.get(i);
            if (isolate.tryRun(owner)) {
                if (isolate.isPreparedAndNew()) {
                    counters.usedPrepares.increment();
                }
                return Optional.of(isolate);
            }
        }
        return Optional.empty();
    }

    /** An idle isolate with fresh memory that is ready; none is made. */
    synchronized Optional<PooledIsolate> takeReady(KeptLimits limits, long nowMs) {
        List<PooledIsolate> others = new ArrayList<>();
        Optional<PooledIsolate> taken = takeIdle(Optional.empty());
        while (taken.isPresent() && !taken.get().isolate().isReady()) {
            others.add(taken.get());
            taken = takeIdle(Optional.empty());
        }
        others.forEach(isolate -> giveBack(isolate, limits, nowMs));
        return taken;
    }

    /** An isolate for expected calls of a task, to be made ready; none if this is closed. */
    synchronized Optional<PooledIsolate> begin(Task task, long nowMs) {
        if (closed) {
            return Optional.empty();
        }
        Isolate inner = program.newIsolate(task.reuse());
        PooledIsolate made = PooledIsolate.starting(this, budget, inner, task, nowMs);
        isolates.add(made);
        return Optional.of(made);
    }

    /** The call in it is over: it waits for the next one, unless it has had enough of them. */
    void giveBack(PooledIsolate isolate, KeptLimits limits, long nowMs) {
        lastUsedMs = nowMs;
        if (isolate.isWornOut(limits, nowMs)) {
            drop(isolate, ReleaseReason.RECYCLED);
        } else {
            isolate.idle(nowMs);
        }
    }

    /** Lets go of an isolate that the caller has running or starting. */
    void drop(PooledIsolate isolate, ReleaseReason why) {
        isolate.retire();
        remove(isolate, why);
    }

    /** Lets go of an isolate, if it is idle. */
    boolean tryRelease(PooledIsolate isolate, ReleaseReason why) {
        boolean did = isolate.tryRetire();
        if (did) {
            remove(isolate, why);
        }
        return did;
    }

    private void remove(PooledIsolate isolate, ReleaseReason why) {
        synchronized (this) {
            isolates.remove(isolate);
        }
        counters.released(isolate, why);
    }

    /** All its isolates, in no order. */
    synchronized List<PooledIsolate> isolates() {
        return List.copyOf(isolates);
    }

    /** The idle ones, the longest unused first. */
    List<PooledIsolate> idle() {
        return isolates().stream()
                .filter(isolate -> isolate.state().isIdle())
                .sorted(Comparator.comparingLong(PooledIsolate::sinceMs))
                .toList();
    }

    /** What it keeps with its idle isolates, in bytes. */
    long heldBytes() {
        return footprintBytes() + idle().stream().mapToLong(PooledIsolate::heldBytes).sum();
    }

    /** Closes it, and lets go of its isolates, unless one of them runs or starts. */
    boolean tryClose(ReleaseReason why) {
        List<PooledIsolate> gone = new ArrayList<>();
        boolean did;
        synchronized (this) {
            did = !closed && isolates.stream().allMatch(isolate -> isolate.state().isIdle());
            if (did) {
                isolates.removeIf(isolate -> isolate.tryRetire() && gone.add(isolate));
                // One of them may have been taken for a call meanwhile.
                did = isolates.isEmpty();
                closed = did;
            }
        }
        gone.forEach(isolate -> counters.released(isolate, why));
        if (did) {
            budget.subtract(footprintBytes());
            counters.closed(why);
            program.close();
        }
        return did;
    }

    /** Closes it whatever runs; what runs goes on. */
    void close() {
        synchronized (this) {
            isolates.removeIf(PooledIsolate::tryRetire);
            closed = true;
        }
        program.close();
    }
}
