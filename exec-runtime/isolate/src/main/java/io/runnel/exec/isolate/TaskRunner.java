package io.runnel.exec.isolate;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Runs calls on a node's slots. Each call runs alone on a platform thread; its limits of time,
 * output and log are kept here, those of memory and stack by its isolate. All methods are safe for
 * any thread and none blocks, but {@link #close}; those that begin a call may run it at once, if it
 * is brief ({@link BriefRuns}).
 */
public final class TaskRunner implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TaskRunner.class.getName());
    private static final int MOST_WARM_SHOWN = 64;
    private static final Duration COMPILE_LIMIT = Duration.ofSeconds(30);
    private static final Duration LONGEST_CLOSE = Duration.ofSeconds(5);

    /** The most that a task's limit of stack may be here. */
    private static final ByteSize STACK = Limits.DEFAULT.stack();

    /** What the host's own frames need below a guest's: sinks, errors, the JVM's guard pages. */
    private static final ByteSize STACK_HEAD_ROOM = ByteSize.ofKiB(384);

    private final RunnerSettings settings;
    private final CodeStore codes;
    private final CodeSupply supply;
    private final LongSupplier nanoClock;
    private final Deadlines deadlines;
    private final SlotThreads threads;
    private final SlotPool slots;
    private final Admission admission;
    private final RunnerPool pool;
    private final GuestSampler sampler;

    /** When what still runs is cancelled. */
    private volatile Optional<Long> drainEndNanos = Optional.empty();

    /**
     * Starts the slots' threads.
     *
     * @param runtimes at most one of each kind
     * @param bringer brings what the store lacks, or has damaged, while its calls wait
     * @param supply is asked before isolates are made for calls that are expected
     * @param nanoClock monotonic, the one that {@link Invocation#deadlineNanos} is on
     * @throws IllegalArgumentException if there are two runtimes of a kind
     */
    public TaskRunner(
            RunnerSettings settings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            CodeBringer bringer,
            CodeSupply supply,
            LongSupplier nanoClock) {
        this(settings, runtimes, codes, bringer, supply, new Clocks(nanoClock));
    }

    /** As the one before, with a clock of its own for demand. */
    public TaskRunner(
            RunnerSettings settings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            CodeBringer bringer,
            CodeSupply supply,
            Clocks clocks) {
        this(
                settings,
                PoolSettings.DEFAULT,
                runtimes,
                codes,
                bringer,
                supply,
                clocks,
                COMPILE_LIMIT);
    }

    /** Starts the slots' threads; what the store lacks is not to be had. */
    public TaskRunner(
            RunnerSettings settings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            LongSupplier nanoClock) {
        this(settings, runtimes, codes, CodeBringer.NONE, CodeSupply.none(), nanoClock);
    }

    TaskRunner(
            RunnerSettings settings,
            PoolSettings poolSettings,
            List<TaskRuntime> runtimes,
            CodeStore codes,
            CodeBringer bringer,
            CodeSupply supply,
            Clocks clocks,
            Duration compileLimit) {
        this.settings = settings;
        this.codes = codes;
        this.supply = supply;
        this.nanoClock = clocks.nanos();
        this.threads =
                new SlotThreads(
                        settings.slots(),
                        STACK.bytes() + STACK_HEAD_ROOM.bytes(),
                        this::work,
                        nanoClock,
                        this::watch);
        Map<RuntimeKind, TaskRuntime> byKind = byKind(runtimes);
        this.sampler =
                new GuestSampler(
                        threads,
                        task -> Optional.ofNullable(byKind.get(task.runtime())),
                        codes,
                        nanoClock);
        this.pool =
                new RunnerPool(
                        new PoolBudget(settings.warm()),
                        poolSettings.within(settings.slots()),
                        byKind,
                        codes,
                        supply,
                        CompileQueues.of(compileLimit, nanoClock, this::watch),
                        clocks);
        BriefRuns brief =
                new BriefRuns(pool.isolates(), sampler, this::watch, nanoClock, CpuTime::of);
        this.slots = new SlotPool(settings, threads, brief::run, nanoClock, this::hurry);
        this.admission = new Admission(slots, pool, bringer, nanoClock, this::watch);
        List<Expiring> withDeadlines = new ArrayList<>(pool.queues());
        withDeadlines.add(slots);
        withDeadlines.add(threads);
        withDeadlines.add(brief);
        withDeadlines.add(this::expireDrain);
        this.deadlines = new Deadlines("runner-timer", nanoClock, withDeadlines);
        threads.start();
        deadlines.start();
        pool.start();
    }

    private static Map<RuntimeKind, TaskRuntime> byKind(List<TaskRuntime> runtimes) {
        Map<RuntimeKind, TaskRuntime> byKind = new EnumMap<>(RuntimeKind.class);
        for (TaskRuntime runtime : runtimes) {
            if (byKind.put(runtime.kind(), runtime) != null) {
                throw new IllegalArgumentException("two runtimes of kind " + runtime.kind());
            }
        }
        return byKind;
    }

    private void watch(long deadlineNanos) {
        deadlines.watch(deadlineNanos);
    }

    private void hurry() {
        watch(nanoClock.getAsLong());
    }

    private void work(Slot slot, Call call, LastIsolate last) {
        CallRun run =
                new CallRun(
                        call,
                        call.streams(),
                        pool.isolates(),
                        nanoClock,
                        CpuTime::ofThisThread,
                        this::watch);
        slots.end(slot, call, run.run(() -> pool.isolates().take(call, last)));
    }

    /** What it has ready. */
    RunnerPool pool() {
        return pool;
    }

    /** What it holds ready, and what that was good for since it began. */
    public PoolReport report() {
        return pool.reporter().all();
    }

    /** Bursts of calls that are expected by what came here, the soonest first, so many at most. */
    public List<ExpectedBurst> expectedBursts(int most) {
        return pool.reporter().bursts(most);
    }

    /** What it holds ready for a task, and why; empty if it knows nothing of it. */
    public Optional<TaskReport> report(TaskRef task) {
        return pool.reporter().of(task);
    }

    /**
     * Watches where the guests of a task spend their time here, for so long. Blocks.
     *
     * @return empty if somebody else is watching already
     * @throws InterruptedException if the thread was interrupted
     */
    public Optional<GuestProfile> profile(TaskRef task, Duration length)
            throws InterruptedException {
        return sampler.sample(task, length);
    }

    /** How near this task's code is. */
    public Readiness readiness(Task task) {
        if (!pool.has(task.runtime())) {
            return Readiness.ABSENT;
        }
        Optional<OpenProgram> open = pool.warm().ready(task);
        if (open.isPresent()) {
            return open.get().held() > 0 ? Readiness.EXPECTED : Readiness.READY;
        }
        return codes.holds(task.code()) ? Readiness.HELD : Readiness.ABSENT;
    }

    /**
     * A slot and the task's memory, if both are free now and the tenant may have them: while others
     * are active one slot stays free for them, and nobody goes before his own calls that wait.
     * Never of a task that this node cannot run.
     *
     * @param caller whose share it counts in; the task's owner's, if nobody was proved to call
     */
    public Optional<Reservation> tryReserve(Task task, Caller caller) {
        return refusalOf(task).isPresent()
                ? Optional.empty()
                : slots.tryTake(task, Tenants.of(task, caller))
                        .map(slot -> new SlotReservation(slots, slot, task, this::newCall));
    }

    /** As {@link #tryReserve(Task, Caller)}, for a call without credentials. */
    public Optional<Reservation> tryReserve(Task task) {
        return tryReserve(task, Caller.ANONYMOUS);
    }

    /**
     * Why {@link #enqueue} would refuse a call that comes now: to be asked before a body is
     * gathered. Such a call counts as refused.
     */
    public Optional<Outcome.Refused> refusalNow(Task task, Caller caller) {
        return refusalOf(task).or(() -> slots.refusalNow(Tenants.of(task, caller)));
    }

    /** A call was refused before it came here, because of its source. */
    public void refusedBefore() {
        slots.refusedBefore();
    }

    /** An event loop of this node was late by so much. */
    public void loopLate(Duration late) {
        slots.late(late.toNanos());
    }

    /**
     * What it has to do in percent of what it lets in when many come: calls that run and wait,
     * against slots and their square root. From 100 on it is full, though it may let a burst wait.
     */
    public int load() {
        return slots.load();
    }

    /** What it has to do, and what it refused since it began. */
    public LoadReport loadReport() {
        return slots.report();
    }

    /** Whether the next call may be the last that gets a slot at once. */
    public boolean isNearlyFull() {
        return slots.isNearlyFull();
    }

    /** Running and waiting calls that it lets in as things are. */
    public int mostCalls() {
        return slots.most();
    }

    /** The limits that it keeps for all calls together. */
    public List<NodeLimit> limits() {
        return NodeLimits.of(settings, loadReport());
    }

    /**
     * Runs the call when a slot and memory are free, at once if they are; until then, and until its
     * code is ready, it waits without a slot. At most {@link RunnerSettings#queue} calls wait, each
     * tenant's in the order they came and the tenants by turns, each call for {@link
     * RunnerSettings#longestWait} once its code is ready and never past its deadline; else it is
     * {@link Outcome.Refused}. When the queue is full, those go whose tenant has most in it. While
     * more comes than can be run, few wait, not for long, and the newest is next.
     *
     * @param onEnd called exactly once, on any thread, the caller's too; must not block
     */
    public RunningCall enqueue(
            Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd) {
        return enqueue(invocation, streams, settings.longestWait(), onEnd);
    }

    /**
     * As {@link #enqueue(Invocation, CallStreams, Consumer)}, but the call waits for a slot only
     * this long, counted from when its code is ready.
     */
    public RunningCall enqueue(
            Invocation invocation,
            CallStreams streams,
            Duration patience,
            Consumer<Outcome> onEnd) {
        Task task = invocation.task();
        Optional<Outcome.Refused> refused = refusalOf(task);
        if (refused.isPresent()) {
            Call call = newCall(invocation, streams, onEnd, Optional.empty());
            call.end(refused.get());
            return () -> {};
        }
        Call call = newCall(invocation, streams, onEnd);
        admission.admit(call, patience);
        return () -> cancel(call);
    }

    private Call newCall(Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd) {
        return newCall(invocation, streams, onEnd, pool.arrived(invocation.task()));
    }

    private Call newCall(
            Invocation invocation,
            CallStreams streams,
            Consumer<Outcome> onEnd,
            Optional<TaskDemand> demand) {
        long nowNanos = nanoClock.getAsLong();
        return new Call(invocation, streams, onEnd, demand, nowNanos, invocation.deadlineNanos());
    }

    /**
     * Counts a call that came here and that another node runs: it says as much of what is to be
     * expected here as one that runs here.
     *
     * @return to be told when the call is over; only the first time counts. Any thread.
     */
    public Runnable passedOn(Task task) {
        return new PassedCall(pool.arrived(task));
    }

    private void cancel(Call call) {
        if (!slots.withdraw(call)) {
            call.interrupt(EndReason.CANCEL);
        }
    }

    /** Why this node can never run the task. */
    private Optional<Outcome.Refused> refusalOf(Task task) {
        Limits limits = task.limits();
        if (!pool.has(task.runtime())) {
            return refused(Outcome.Refusal.RUNTIME_UNAVAILABLE, "no runtime for", task.runtime());
        }
        if (limits.stack().compareTo(STACK) > 0) {
            return refused(Outcome.Refusal.RUNTIME_UNAVAILABLE, "no stack of", limits.stack());
        }
        return limits.memory().compareTo(settings.memory()) > 0
                ? Optional.of(noMemory(limits.memory()))
                : Optional.empty();
    }

    private Outcome.Refused noMemory(ByteSize wanted) {
        return new Outcome.Refused(
                Outcome.Refusal.OVER_CAPACITY,
                "The task's memory of %s is more than this node's %s; 'memory' of the node in the topology file raises it."
                        .formatted(wanted, settings.memory()));
    }

    private static Optional<Outcome.Refused> refused(
            Outcome.Refusal refusal, String what, Object value) {
        return Optional.of(
                new Outcome.Refused(refusal, "this node has %s %s".formatted(what, value)));
    }

    /**
     * Makes the task's code ready in the background.
     *
     * @return fails with {@link CodeRejectedException}, with {@link CodeMissingException} if the
     *     code is not in the store, with {@link java.io.IOException} if it cannot be read, or with
     *     {@link java.util.concurrent.RejectedExecutionException} if too many wait for the compiler
     */
    public CompletableFuture<Void> prepare(Task task) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        if (!pool.has(task.runtime())) {
            result.completeExceptionally(
                    new CodeRejectedException(
                            CodeRejectedException.Code.UNSUPPORTED,
                            "this node has no runtime for " + task.runtime()));
            return result;
        }
        pool.prepare(task, () -> result.complete(null), result::completeExceptionally);
        return result;
    }

    /**
     * As {@link #prepare}, and has the code brought before if the store lacks it: by the {@link
     * CodeSupply}, for no call waits for it.
     */
    public CompletableFuture<Void> bring(Task task) {
        return codes.holds(task.code())
                ? prepare(task)
                : pool.bring(supply, task.code()).thenCompose(brought -> prepare(task));
    }

    /**
     * About how long a call that comes now will wait for a slot: as long as those before it have
     * lately held theirs.
     */
    public Duration expectedWait() {
        return Duration.ofNanos(slots.expectedWaitNanos());
    }

    /** Slots that nobody holds. */
    public int freeSlots() {
        return slots.freeSlots();
    }

    /** Memory that nobody holds. */
    public ByteSize freeMemory() {
        return slots.freeMemory();
    }

    /** Code that is ready, the last used first; at most 64. */
    public List<CodeDigest> warm() {
        return warm(MOST_WARM_SHOWN);
    }

    /** Code that is ready, the last used first; so many at most. */
    public List<CodeDigest> warm(int most) {
        return pool.warm().warm(most);
    }

    /** Calls that were given to a slot since the start. */
    public long started() {
        return slots.started();
    }

    /**
     * Takes no new calls ({@link Outcome.Refusal#DRAINING}), lets those that run and wait end, and
     * cancels what is left after {@code patience}.
     *
     * @return done when the last call has ended
     */
    public CompletableFuture<Void> drain(Duration patience) {
        CompletableFuture<Void> quiet = slots.drain();
        long endNanos = nanoClock.getAsLong() + patience.toNanos();
        drainEndNanos = Optional.of(endNanos);
        watch(endNanos);
        return quiet;
    }

    private long expireDrain(long nowNanos) {
        Optional<Long> endNanos = drainEndNanos;
        if (endNanos.isEmpty()) {
            return Expiring.NEVER;
        }
        long leftNanos = endNanos.get() - nowNanos;
        if (leftNanos > 0) {
            return leftNanos;
        }
        drainEndNanos = Optional.empty();
        slots.cancelAll();
        return Expiring.NEVER;
    }

    /** Cancels every call and ends the threads; waits for them up to 5 s. */
    @Override
    public void close() {
        CompletableFuture<Void> quiet = slots.drain();
        slots.cancelAll();
        pool.stopLoading();
        try {
            quiet.get(LONGEST_CLOSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "calls do not end: {0} slots are free", freeSlots());
        }
        threads.close();
        deadlines.close();
        pool.close();
    }
}
