package io.runnel.exec.isolate;

import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.Task;

import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;

/** Where slots get isolates for their calls, and give them back. Safe for any thread. */
final class IsolateSupply {
    /**
     * An isolate that runs for one call.
     *
     * @param start what the call found
     * @param isNew whether it was made for this call
     */
    record Taken(PooledIsolate isolate, StartKind start, boolean isNew) {}

    private static final int MOST_TRIES = 8;

    private final WarmPool pool;
    private final ProgramLoader loader;
    private final Clocks clocks;
    private final PoolCounters counters;
    private final KeptLimits kept;

    IsolateSupply(
            WarmPool pool,
            ProgramLoader loader,
            Clocks clocks,
            PoolCounters counters,
            KeptLimits kept) {
        this.kept = kept;
        this.pool = pool;
        this.loader = loader;
        this.clocks = clocks;
        this.counters = counters;
    }

    /**
     * An isolate for a call, warm if there is one. Waits for its program if that is not open.
     *
     * @param last the one that this slot used last
     * @throws InterruptedException if the thread was interrupted
     * @throws ExecutionException if the program cannot be opened
     */
    Taken take(Call call, LastIsolate last) throws InterruptedException, ExecutionException {
        Optional<OpenProgram> ready = pool.ready(call.task());
        StartKind start =
                ready.isPresent() && !call.waitedForCode() ? StartKind.WARM : StartKind.COLD;
        Optional<KeptOwner> owner = KeptOwner.of(call.invocation());
        Optional<PooledIsolate> warm = ready.flatMap(program -> last.take(program, owner));
        PooledIsolate isolate = warm.isPresent() ? warm.get() : other(ready, call.task(), owner);
        last.remember(isolate);
        (start == StartKind.WARM ? counters.warmCalls : counters.coldCalls).increment();
        return new Taken(isolate, start, isolate.isMadeForThisCall());
    }

    /** The task's program, if it is open. */
    Optional<OpenProgram> ready(Task task) {
        return pool.ready(task);
    }

    /** An idle isolate that is ready, for a call that finds fresh memory; none is made. */
    Optional<Taken> tryTake(OpenProgram program, LastIsolate last) {
        Optional<PooledIsolate> isolate = last.take(program, Optional.empty());
        if (isolate.isEmpty() || !isolate.get().isolate().isReady()) {
            long nowMs = clocks.millis().getAsLong();
            isolate.ifPresent(broken -> program.giveBack(broken, kept, nowMs));
            isolate = program.takeReady(kept, nowMs);
            isolate.ifPresent(last::remember);
        }
        if (isolate.isPresent()) {
            counters.warmCalls.increment();
        }
        return isolate.map(taken -> new Taken(taken, StartKind.WARM, false));
    }

    private PooledIsolate other(Optional<OpenProgram> ready, Task task, Optional<KeptOwner> owner)
            throws InterruptedException, ExecutionException {
        long nowMs = clocks.millis().getAsLong();
        Optional<PooledIsolate> taken = ready.flatMap(program -> program.take(owner, nowMs));
        // What was just opened is evicted before we have it only in a flood.
        for (int tries = 0; taken.isEmpty() && tries < MOST_TRIES; tries++) {
            taken = loader.prepare(task).get().take(owner, nowMs);
        }
        return taken.orElseThrow(
                () ->
                        new ExecutionException(
                                new RejectedExecutionException(
                                        "too many programs are opened at once")));
    }

    /** The call's end in its isolate, which waits for the next one. */
    void giveBack(Taken taken, Outcome outcome) {
        OpenProgram program = taken.isolate().program();
        program.briefness().ran(outcome.usage().runNanos());
        if (taken.isNew()) {
            long nanos = outcome.usage().startNanos();
            program.instanceTook(nanos);
            counters.took(StartPhase.INSTANTIATE, nanos);
        }
        long nowMs = clocks.millis().getAsLong();
        program.giveBack(taken.isolate(), kept, nowMs);
        pool.makeRoom(nowMs);
    }

    /** The call's end in an isolate that may be broken. */
    void drop(Taken taken) {
        taken.isolate().program().drop(taken.isolate(), ReleaseReason.FAULT);
    }
}
