package io.runnel.exec.isolate;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How a call that has no slot yet gets to one: it waits for its code, which is brought once if the
 * store lacks it or has it damaged, and then in its account's line. Safe for any thread; nothing
 * blocks.
 */
final class Admission {
    private final SlotPool slots;
    private final RunnerPool pool;
    private final CodeBringer bringer;
    private final LongSupplier nanoClock;
    private final LongConsumer watch;

    /**
     * The way to these slots.
     *
     * @param bringer brings what the store lacks, or has damaged, while its calls wait
     * @param watch is told when a call is to be ended, on {@code nanoClock}
     */
    Admission(
            SlotPool slots,
            RunnerPool pool,
            CodeBringer bringer,
            LongSupplier nanoClock,
            LongConsumer watch) {
        this.slots = slots;
        this.pool = pool;
        this.bringer = bringer;
        this.nanoClock = nanoClock;
        this.watch = watch;
    }

    /**
     * Lets a call wait until its code is ready, and from then on so long for a slot.
     *
     * @param call of a task that this node can run
     */
    void admit(Call call, Duration patience) {
        if (pool.isReady(call.task())) {
            admit(call, patience, slots::admit);
        } else if (slots.hold(call)) {
            call.waitForCode();
            watch.accept(call.deadlineNanos());
            pool.prepare(
                    call.task(),
                    () -> admit(call, patience, slots::admitHeld),
                    failure -> bringOrFail(call, patience, failure));
        }
    }

    /** That the code is not here, or damaged, shows when it is read. */
    private void bringOrFail(Call call, Duration patience, Throwable failure) {
        if (!(failure instanceof CodeMissingException)) {
            failHeld(call, failure);
            return;
        }
        var unused =
                pool.bring(bringer, call.task().code())
                        .whenComplete(
                                (brought, notBrought) -> {
                                    if (notBrought == null) {
                                        prepareBrought(call, patience);
                                    } else {
                                        failHeld(call, failure);
                                    }
                                });
    }

    private void prepareBrought(Call call, Duration patience) {
        pool.prepare(
                call.task(),
                () -> admit(call, patience, slots::admitHeld),
                failure -> failHeld(call, failure));
    }

    private void failHeld(Call call, Throwable failure) {
        slots.failHeld(call, Endings.ofFailedPrepare(failure));
    }

    private void admit(Call call, Duration patience, Consumer<Call> to) {
        long waitEndNanos = nanoClock.getAsLong() + patience.toNanos();
        if (waitEndNanos - call.deadlineNanos() < 0) {
            call.setDeadlineNanos(waitEndNanos);
        }
        to.accept(call);
        watch.accept(call.deadlineNanos());
    }
}
