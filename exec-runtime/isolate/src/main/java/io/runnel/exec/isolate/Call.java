package io.runnel.exec.isolate;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Invocation;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.Usage;

import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One call from its arrival to its end.
 *
 * <p>A slot's thread runs many calls one after the other, so an interrupt meant for one must never
 * reach the next: it is sent under this object's lock and only while {@link #enter} to {@link
 * #leave} lasts, and {@code leave} clears it under the same lock.
 */
final class Call {
    private static final System.Logger LOG = System.getLogger(Call.class.getName());

    private final Invocation invocation;
    private final CallStreams streams;
    private final Consumer<Outcome> onEnd;
    private final Optional<TaskDemand> demand;
    private final AccountId tenant;
    private final long createdNanos;
    private volatile long deadlineNanos;
    private volatile boolean waitedForCode;

    // Guarded by the pool.
    private long waitingSinceNanos;

    // Guarded by this.
    private Optional<Thread> running = Optional.empty();
    private Optional<EndReason> reason = Optional.empty();
    private boolean ended;
    private boolean brief;
    private boolean overlong;

    /**
     * A call that has come.
     *
     * @param demand is told of its end
     */
    Call(
            Invocation invocation,
            CallStreams streams,
            Consumer<Outcome> onEnd,
            Optional<TaskDemand> demand,
            long createdNanos,
            long deadlineNanos) {
        this.invocation = invocation;
        this.streams = streams;
        this.onEnd = onEnd;
        this.demand = demand;
        this.tenant = Tenants.of(invocation.task(), invocation.caller());
        this.createdNanos = createdNanos;
        this.deadlineNanos = deadlineNanos;
    }

    Invocation invocation() {
        return invocation;
    }

    Task task() {
        return invocation.task();
    }

    /** In whose share it counts. */
    AccountId tenant() {
        return tenant;
    }

    CallStreams streams() {
        return streams;
    }

    long createdNanos() {
        return createdNanos;
    }

    /** Since when it waits for a slot. For its pool. */
    long waitingSinceNanos() {
        return waitingSinceNanos;
    }

    void waitsSince(long nanos) {
        waitingSinceNanos = nanos;
    }

    /** Whether it came before its code was ready. */
    boolean waitedForCode() {
        return waitedForCode;
    }

    void waitForCode() {
        waitedForCode = true;
    }

    /** When it is to be ended: first for its wait, then for its run. */
    long deadlineNanos() {
        return deadlineNanos;
    }

    void setDeadlineNanos(long nanos) {
        deadlineNanos = nanos;
    }

    /**
     * Opens this thread to interrupts for this call.
     *
     * @return whether the call is still wanted; if not, {@link #leave} follows all the same
     */
    synchronized boolean enter() {
        running = Optional.of(Thread.currentThread());
        return reason.isEmpty();
    }

    /** Closes the thread to interrupts for this call and clears one that came. */
    synchronized Optional<EndReason> leave() {
        running = Optional.empty();
        Thread.interrupted();
        return reason;
    }

    /** Asks the run to end; the first reason counts. */
    synchronized void interrupt(EndReason why) {
        if (reason.isEmpty() && !ended) {
            reason = Optional.of(why);
            running.ifPresent(Thread::interrupt);
        }
    }

    /** Begins a run that may be taken back. */
    synchronized void beginBrief() {
        brief = true;
        overlong = false;
    }

    /** Asks such a run to end, because it takes too long where it is. */
    synchronized void interruptBrief() {
        if (brief) {
            overlong = true;
            running.ifPresent(Thread::interrupt);
        }
    }

    /** Ends such a run; answers whether it was asked to, and for no other reason. */
    synchronized boolean endBrief() {
        brief = false;
        return overlong && reason.isEmpty();
    }

    /** Ends the call without a run. */
    void refuse(Outcome.Refusal refusal, String detail) {
        end(new Outcome.Refused(refusal, detail));
    }

    /** Ends the call that was cancelled before a slot took it. */
    void cancelUnrun(long nowNanos) {
        end(new Outcome.Cancelled(Usage.NONE.withQueueNanos(nowNanos - createdNanos)));
    }

    /** Tells how it ended; only the first end is told. */
    void end(Outcome outcome) {
        synchronized (this) {
            if (ended) {
                return;
            }
            ended = true;
        }
        demand.ifPresent(TaskDemand::ended);
        try {
            onEnd.accept(outcome);
        } catch (RuntimeException | Error e) {
            // The slot's thread must live on.
            LOG.log(Level.ERROR, "the end of call " + invocation.id() + " was not taken", e);
        }
    }
}
