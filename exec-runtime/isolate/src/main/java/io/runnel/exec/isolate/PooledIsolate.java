package io.runnel.exec.isolate;

import io.runnel.exec.task.Reuse;
import io.runnel.exec.task.Task;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An isolate and what it is at. Its state is what passes it from one thread to another: who has
 * moved it to {@link IsolateState#RUNNING} has it alone until he moves it on. Safe for any thread.
 *
 * <p>One whose memory is kept has an owner from its first call on, and runs for no other.
 */
final class PooledIsolate {
    private final OpenProgram program;
    private final PoolBudget budget;
    private final Reuse reuse;
    private final Optional<Task> preparedFor;
    private final long madeMs;
    private final AtomicReference<IsolateState> state;
    private volatile Optional<Isolate> isolate;
    private volatile long sinceMs;
    private volatile long heldBytes;

    // Written by who has it running, seen by who has it next.
    private volatile Optional<KeptOwner> owner = Optional.empty();
    private int calls;
    private long firstBytes;

    private PooledIsolate(
            OpenProgram program,
            PoolBudget budget,
            Isolate isolate,
            Reuse reuse,
            Optional<Task> preparedFor,
            IsolateState state,
            long nowMs) {
        this.program = program;
        this.budget = budget;
        this.isolate = Optional.of(isolate);
        this.reuse = reuse;
        this.preparedFor = preparedFor;
        this.state = new AtomicReference<>(state);
        this.madeMs = nowMs;
        this.sinceMs = nowMs;
    }

    /** One for a call that is here. */
    static PooledIsolate running(
            OpenProgram program,
            PoolBudget budget,
            Isolate isolate,
            Optional<KeptOwner> owner,
            long nowMs) {
        PooledIsolate made =
                new PooledIsolate(
                        program,
                        budget,
                        isolate,
                        reuseFor(owner),
                        Optional.empty(),
                        IsolateState.RUNNING,
                        nowMs);
        made.owner = owner;
        made.calls = 1;
        return made;
    }

    /** One for calls of this task that are expected. */
    static PooledIsolate starting(
            OpenProgram program, PoolBudget budget, Isolate isolate, Task task, long nowMs) {
        return new PooledIsolate(
                program,
                budget,
                isolate,
                task.reuse(),
                Optional.of(task),
                IsolateState.STARTING,
                nowMs);
    }

    static Reuse reuseFor(Optional<KeptOwner> owner) {
        return owner.isPresent() ? Reuse.KEPT : Reuse.FRESH;
    }

    OpenProgram program() {
        return program;
    }

    /** For which task's expected calls it was made, if for any's. */
    Optional<Task> preparedFor() {
        return preparedFor;
    }

    IsolateState state() {
        return state.get();
    }

    /** Whether it was made for expected calls and none of them came. */
    boolean isWasted() {
        return preparedFor.isPresent() && calls == 0;
    }

    /** Whether it was made for expected calls and has the first of them; for who has it running. */
    boolean isPreparedAndNew() {
        return preparedFor.isPresent() && calls == 1;
    }

    /** Whether it was made for the call that it has; for who has it running. */
    boolean isMadeForThisCall() {
        return preparedFor.isEmpty() && calls == 1;
    }

    /** Since when it is what it is; of one that runs, since when it was idle before. */
    long sinceMs() {
        return sinceMs;
    }

    /** What it keeps while it is idle. */
    long heldBytes() {
        return heldBytes;
    }

    /**
     * The isolate itself, for who has it running or starting.
     *
     * @throws IllegalStateException if it is retired
     */
    Isolate isolate() {
        return isolate.orElseThrow(() -> new IllegalStateException("the isolate is retired"));
    }

    /**
     * Goes from one state to another, unless it is in a third one.
     *
     * @return whether it was in {@code from}
     * @throws IllegalStateException if no isolate may go there from that state
     */
    boolean tryMove(IsolateState from, IsolateState to) {
        if (!from.mayBecome(to)) {
            throw new IllegalStateException("an isolate that is %s: %s".formatted(from, to));
        }
        return state.compareAndSet(from, to);
    }

    private void move(IsolateState from, IsolateState to) {
        if (!tryMove(from, to)) {
            throw new IllegalStateException(
                    "an isolate that should be %s is %s: %s".formatted(from, state.get(), to));
        }
    }

    /**
     * Takes it for a call, if it is idle and may run it.
     *
     * @param wanted whose memory the call finds; empty for fresh memory
     */
    boolean tryRun(Optional<KeptOwner> wanted) {
        if (!serves(wanted) || !tryMoveToRunning()) {
            return false;
        }
        // Who had it since the question may have made it his.
        if (!serves(wanted)) {
            budget.add(heldBytes);
            move(IsolateState.RUNNING, IsolateState.IDLE);
            return false;
        }
        owner = wanted;
        calls++;
        return true;
    }

    private boolean tryMoveToRunning() {
        if (!tryMove(IsolateState.IDLE, IsolateState.RUNNING)
                && !tryMove(IsolateState.PREPARED, IsolateState.RUNNING)) {
            return false;
        }
        budget.subtract(heldBytes);
        return true;
    }

    /** Whether a call may run in it: it is his, or nobody's yet and was made for such calls. */
    private boolean serves(Optional<KeptOwner> wanted) {
        return switch (reuse) {
            case FRESH -> wanted.isEmpty();
            case KEPT ->
                    owner.isPresent()
                            ? owner.equals(wanted)
                            : wanted.isPresent() && isPreparedFor(wanted.get());
        };
    }

    private boolean isPreparedFor(KeptOwner wanted) {
        return preparedFor
                .filter(task -> task.ref().equals(wanted.task()))
                .filter(task -> task.version() == wanted.version())
                .isPresent();
    }

    /** It is ready for the calls that it was made for. */
    void prepared(long nowMs) {
        hold(nowMs);
        move(IsolateState.STARTING, IsolateState.PREPARED);
    }

    /** Its call is over. */
    void idle(long nowMs) {
        hold(nowMs);
        if (calls == 1) {
            firstBytes = isolate().leftBytes();
        }
        move(IsolateState.RUNNING, IsolateState.IDLE);
    }

    /** Before anybody else can have it. */
    private void hold(long nowMs) {
        heldBytes = isolate().heldBytes();
        sinceMs = nowMs;
        budget.add(heldBytes);
    }

    /** Whether what it keeps was kept for long enough; only for who has it running, at its end. */
    boolean isWornOut(KeptLimits limits, long nowMs) {
        return reuse == Reuse.KEPT
                && limits.areReached(
                        nowMs - madeMs, calls, calls == 1 ? 0 : isolate().leftBytes() - firstBytes);
    }

    /** Lets go of it while it runs or starts; only for who has it. */
    void retire() {
        IsolateState now = state.get();
        if (now.isIdle()) {
            throw new IllegalStateException("an isolate that should be held is " + now);
        }
        move(now, IsolateState.RETIRED);
        isolate().close();
        isolate = Optional.empty();
    }

    /** Lets go of it, if it is idle. */
    boolean tryRetire() {
        if (!tryMove(IsolateState.IDLE, IsolateState.RETIRED)
                && !tryMove(IsolateState.PREPARED, IsolateState.RETIRED)) {
            return false;
        }
        budget.subtract(heldBytes);
        isolate().close();
        isolate = Optional.empty();
        return true;
    }
}
