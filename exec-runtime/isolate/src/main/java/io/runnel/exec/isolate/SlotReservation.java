package io.runnel.exec.isolate;

import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** A slot taken from the pool. */
final class SlotReservation implements Reservation {
    /** Makes calls with the runner's clock. */
    @FunctionalInterface
    interface CallFactory {
        Call newCall(Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd);
    }

    private final SlotPool pool;
    private final Slot slot;
    private final Task task;
    private final CallFactory calls;
    private final AtomicBoolean spent = new AtomicBoolean();

    SlotReservation(SlotPool pool, Slot slot, Task task, CallFactory calls) {
        this.pool = pool;
        this.slot = slot;
        this.task = task;
        this.calls = calls;
    }

    @Override
    public RunningCall run(Invocation invocation, CallStreams streams, Consumer<Outcome> onEnd) {
        if (!invocation.task().equals(task)) {
            throw new IllegalArgumentException(
                    "reserved for %s, not for %s".formatted(task.ref(), invocation.task().ref()));
        }
        if (!spent.compareAndSet(false, true)) {
            throw new IllegalStateException("the reservation was used or released before");
        }
        Call call = calls.newCall(invocation, streams, onEnd);
        pool.begin(slot, call);
        return () -> call.interrupt(EndReason.CANCEL);
    }

    @Override
    public void release() {
        if (spent.compareAndSet(false, true)) {
            pool.release(slot, task);
        }
    }
}
