package io.runnel.cluster.hazelcast;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The one thread that everything about a cluster happens on. What it is given after its end is
 * dropped. A task that fails is logged and does no harm to the next.
 */
final class Owner implements Executor {
    private static final System.Logger LOG = System.getLogger(Owner.class.getName());

    /** How long an end may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor thread;

    Owner(String name) {
        thread =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().daemon().name(name).factory(),
                        new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    @Override
    public void execute(Runnable task) {
        thread.execute(() -> safely(task));
    }

    void executeAfter(Duration delay, Runnable task) {
        var unused = thread.schedule(() -> safely(task), delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    void executeEvery(Duration pause, Runnable task) {
        long ms = pause.toMillis();
        var unused =
                thread.scheduleWithFixedDelay(() -> safely(task), ms, ms, TimeUnit.MILLISECONDS);
    }

    /** Runs a last task and ends; waits for it a few seconds. Nothing happens the second time. */
    void endWith(Runnable last) {
        if (thread.isShutdown()) {
            return;
        }
        Future<?> done = thread.submit(() -> safely(last));
        thread.shutdown();
        try {
            done.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.WARNING, "the cluster was not left in time", e);
        }
    }

    private static void safely(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a task of the cluster's owner failed", e);
        }
    }
}
