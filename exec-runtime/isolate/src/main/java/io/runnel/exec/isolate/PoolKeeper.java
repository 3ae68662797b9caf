package io.runnel.exec.isolate;

import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Does what a runner has to do beside its calls: whenever something is due, and every second. One
 * thread of its own; {@link #tend} may be called by others too.
 */
final class PoolKeeper implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PoolKeeper.class.getName());
    private static final long LONGEST_MS = 1_000;
    private static final long SHORTEST_MS = 10;
    private static final long LONGEST_CLOSE_MS = TimeUnit.SECONDS.toMillis(5);

    private final DemandBook demands;
    private final PoolPlanner planner;
    private final Thread thread;
    private volatile boolean closed;

    PoolKeeper(DemandBook demands, PoolPlanner planner) {
        this.demands = demands;
        this.planner = planner;
        this.thread = Thread.ofPlatform().name("pool-keeper").daemon().unstarted(this::keep);
    }

    void start() {
        thread.start();
    }

    private void keep() {
        while (!closed) {
            long waitMs = LONGEST_MS;
            try {
                waitMs = Math.clamp(tend(), SHORTEST_MS, LONGEST_MS);
            } catch (RuntimeException | Error e) {
                LOG.log(Level.ERROR, "the pool was not tended", e);
            }
            LockSupport.parkNanos(this, TimeUnit.MILLISECONDS.toNanos(waitMs));
        }
    }

    /**
     * Does what is due.
     *
     * @return milliseconds until more is due
     */
    synchronized long tend() {
        demands.tend();
        return planner.tend();
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
