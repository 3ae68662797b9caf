package io.runnel.exec.isolate;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does what a runner has to do now and then, beside its calls: every second. One thread of its own;
 * {@link #tend} may be called by others too, one at a time.
 */
final class PoolKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PoolKeeper.class.getName());
    private static final long EVERY_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST_CLOSE_MS = TimeUnit.SECONDS.toMillis(5);

    private final DemandBook demands;
    private final Thread thread;
    private volatile boolean closed;

    PoolKeeper(DemandBook demands) {
        this.demands = demands;
        this.thread = Thread.ofPlatform().name("pool-keeper").daemon().unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    private void keep() {
        while (!closed) {
            try {
                tend();
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "the pool was not tended", e);
            }
            LockSupport.parkNanos(this, EVERY_NANOS);
        }
    }

    /** Does what is due. */
    synchronized void tend() {
        demands.tend();
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(thread);
        try {
            thread.join(LONGEST_CLOSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
