package io.runnel.exec.isolate;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.function.ToLongFunction;

/**
 * Opens or compiles programs one after the other on one thread, each within a time limit. A piece
 * of work that does not heed its interrupt is left behind with its thread, and another thread goes
 * on; of such there are never more than {@link #MOST_LEFT_BEHIND}, then nothing is done until one
 * of them ends.
 */
final class CompileQueue implements Expiring, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(CompileQueue.class.getName());
    private static final int LONGEST_QUEUE = 256;
    private static final int MOST_LEFT_BEHIND = 2;
    private static final long MOST_GRACE_NANOS = Duration.ofSeconds(2).toNanos();

    /** What gives way to calls may take so many limits, if it had to wait for them. */
    private static final int MOST_LIMITS = 4;

    /** Compilers recurse with the nesting of what they compile. */
    private static final long STACK_BYTES = 8L << 20;

    private final String name;
    private final boolean givesWay;
    private final Duration limit;
    private final LongSupplier nanoClock;
    private final LongConsumer watch;
    private final ToLongFunction<Thread> worked;
    private final BlockingQueue<CompileJob<?>> jobs = new LinkedBlockingQueue<>(LONGEST_QUEUE);

    // Guarded by this.
    private Optional<Thread> worker = Optional.empty();
    private int leftBehind;
    private volatile Optional<CompileJob<?>> current = Optional.empty();
    private volatile boolean closed;

    /**
     * A queue.
     *
     * @param name of its thread
     * @param givesWay whether its thread lets all others go first: compiling must, to calls
     * @param limit of each piece of work: of the thread's time if it gives way, else of time
     * @param worked how long a thread has worked, in nanoseconds
     */
    CompileQueue(
            String name,
            boolean givesWay,
            Duration limit,
            LongSupplier nanoClock,
            LongConsumer watch,
            ToLongFunction<Thread> worked) {
        this.worked = worked;
        this.name = name;
        this.givesWay = givesWay;
        this.limit = limit;
        this.nanoClock = nanoClock;
        this.watch = watch;
    }

    /**
     * Works when it is this one's turn.
     *
     * @param late gets what was made after the time limit
     * @return fails with what {@code work} throws, with {@link CodeRejectedException} past the time
     *     limit, or with {@link RejectedExecutionException} if too many wait
     */
    <T> CompletableFuture<T> submit(Callable<T> work, Consumer<T> late) {
        CompileJob<T> job = new CompileJob<>(work, late, limit, worked, givesWay ? MOST_LIMITS : 1);
        if (closed || !jobs.offer(job)) {
            return CompletableFuture.failedFuture(
                    new RejectedExecutionException(
                            "%d programs wait for the %s".formatted(jobs.size(), name)));
        }
        ensureWorker();
        return job.result();
    }

    private synchronized void ensureWorker() {
        if (worker.isEmpty() && !closed && leftBehind < MOST_LEFT_BEHIND) {
            Thread thread = new Thread(null, this::work, name, STACK_BYTES);
            thread.setDaemon(true);
            worker = Optional.of(thread);
            thread.start();
        }
    }

    private void work() {
        if (givesWay) {
            Niceness.lowerThisThread();
        }
        try {
            while (isWorker()) {
                CompileJob<?> job = jobs.take();
                job.begin(nanoClock.getAsLong());
                current = Optional.of(job);
                watch.accept(job.deadlineNanos());
                job.run();
            }
        } catch (InterruptedException e) {
            LOG.log(Level.DEBUG, "{0} stopped", name);
        } finally {
            leave();
        }
    }

    private synchronized boolean isWorker() {
        return !closed && worker.filter(w -> w == Thread.currentThread()).isPresent();
    }

    private void leave() {
        synchronized (this) {
            if (worker.filter(w -> w == Thread.currentThread()).isPresent()) {
                worker = Optional.empty();
            } else {
                leftBehind--;
            }
        }
        if (!jobs.isEmpty()) {
            ensureWorker();
        }
    }

    @Override
    public long expire(long nowNanos) {
        Optional<CompileJob<?>> job = current.filter(CompileJob::isRunning);
        if (job.isEmpty()) {
            return NEVER;
        }
        if (job.get().deadlineNanos() - nowNanos <= 0) {
            job.get().extend(nowNanos);
        }
        long leftNanos = job.get().deadlineNanos() - nowNanos;
        if (leftNanos > 0) {
            return leftNanos;
        }
        job.get().timeOut();
        long graceNanos = Math.min(limit.toNanos(), MOST_GRACE_NANOS);
        if (leftNanos > -graceNanos) {
            return leftNanos + graceNanos;
        }
        leaveBehind(job.get());
        return NEVER;
    }

    private void leaveBehind(CompileJob<?> job) {
        synchronized (this) {
            if (worker.isEmpty() || !current.equals(Optional.of(job)) || !job.isRunning()) {
                return;
            }
            worker = Optional.empty();
            current = Optional.empty();
            leftBehind++;
        }
        LOG.log(Level.WARNING, "the {0} does not stop; left behind: {1}", name, leftBehind);
        if (!jobs.isEmpty()) {
            ensureWorker();
        }
    }

    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            worker.ifPresent(Thread::interrupt);
        }
        for (CompileJob<?> job = jobs.poll(); job != null; job = jobs.poll()) {
            job.result().completeExceptionally(new RejectedExecutionException("the node stops"));
        }
    }
}
