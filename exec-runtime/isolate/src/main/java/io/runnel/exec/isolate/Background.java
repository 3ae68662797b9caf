package io.runnel.exec.isolate;

import java.lang.System.Logger.Level;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thread of the lowest priority for what nobody waits for; work that comes while {@link
 * #LONGEST_QUEUE} pieces wait is refused with {@link RejectedExecutionException}. Safe for any
 * thread.
 */
final class Background implements Executor, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Background.class.getName());
    private static final int LONGEST_QUEUE = 256;

    private final String name;
    private final ThreadPoolExecutor worker;
    private final AtomicInteger pending = new AtomicInteger();

    Background(String name) {
        this.name = name;
        this.worker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        0,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(LONGEST_QUEUE),
                        this::thread);
    }

    private Thread thread(Runnable work) {
        Runnable nice =
                () -> {
                    Niceness.lowerThisThread();
                    work.run();
                };
        Thread thread = new Thread(nice, name);
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void execute(Runnable work) {
        pending.incrementAndGet();
        try {
            worker.execute(() -> attempt(work));
        } catch (RejectedExecutionException e) {
            pending.decrementAndGet();
            throw e;
        }
    }

    /** Whether nothing is done and nothing waits. */
    boolean isQuiet() {
        return pending.get() == 0;
    }

    private void attempt(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, name + ": a piece of work failed", e);
        } finally {
            pending.decrementAndGet();
        }
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
