package io.runnel.cluster.replication;

import io.runnel.exec.task.RegionId;
import io.runnel.routing.usage.NodeSpools;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageBatchCodec;
import io.runnel.routing.usage.UsageSpool;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings a node's usage records to the regions that keep them: what a region has acknowledged is
 * forgotten, everything else is sent again. A region that takes nothing is left alone for a while,
 * and holds up no other. {@link #tend} is for any thread that may wait, at any time.
 */
public final class UsageSender implements AutoCloseable {
    /** How often {@link #tend} is to be called. */
    public static final Duration EVERY = Duration.ofMillis(250);

    private static final Logger LOG = System.getLogger(UsageSender.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(2);
    private static final Duration LEAVE_ALONE = Duration.ofSeconds(2);
    private static final long FORCE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final ReentrantLock one = new ReentrantLock();
    private final NodeSpools spools;
    private final Map<RegionId, UsageSink> sinks;

    // Guarded by the lock.
    private final Map<RegionId, Long> notBeforeNanos = new HashMap<>();
    private long forcedNanos;
    private Duration patience = PATIENCE;
    private boolean closed;

    /**
     * Sends what is in these spools; closes them at its end.
     *
     * @param sinks the way to each region
     */
    public UsageSender(NodeSpools spools, Map<RegionId, UsageSink> sinks) {
        this.spools = spools;
        this.sinks = Map.copyOf(sinks);
    }

    /** Sends all that there is, unless another thread is at it. */
    public void tend() {
        if (!one.tryLock()) {
            return;
        }
        try {
            if (!closed) {
                keep();
                spools.all().forEach(this::send);
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "usage records cannot be looked at", e);
        } finally {
            one.unlock();
        }
    }

    private void keep() throws IOException {
        spools.own().prepare();
        if (System.nanoTime() - forcedNanos >= FORCE_EVERY_NANOS) {
            forcedNanos = System.nanoTime();
            spools.own().force();
            spools.tend();
        }
    }

    private void send(UsageSpool spool) {
        Set<RegionId> destinations = spool.destinations();
        long seen = spool.seen();
        for (RegionId home : destinations) {
            Optional<UsageSink> sink = Optional.ofNullable(sinks.get(home));
            if (sink.isPresent() && isDue(home)) {
                send(spool, home, seen, sink.get());
            }
        }
    }

    private boolean isDue(RegionId home) {
        Optional<Long> notBefore = Optional.ofNullable(notBeforeNanos.get(home));
        return notBefore.map(nanos -> System.nanoTime() - nanos >= 0).orElse(true);
    }

    private void send(UsageSpool spool, RegionId home, long seen, UsageSink sink) {
        try {
            Optional<UsageBatch> next = next(spool, home);
            while (next.isPresent()) {
                long mark =
                        sink.take(next.get())
                                .toCompletableFuture()
                                .get(patience.toMillis(), TimeUnit.MILLISECONDS);
                spool.acknowledge(home, next.get().spool(), mark);
                spool.prepare();
                if (mark < next.get().to()) {
                    throw new ExecutionException(
                            new IllegalStateException("it keeps less than it was sent"));
                }
                next = spool.isLast(next.get(), seen) ? Optional.empty() : next(spool, home);
            }
            notBeforeNanos.remove(home);
        } catch (ExecutionException | TimeoutException e) {
            boolean isNews =
                    notBeforeNanos.put(home, System.nanoTime() + LEAVE_ALONE.toNanos()) == null;
            if (isNews) {
                LOG.log(
                        Level.WARNING,
                        "{0} takes no usage records, which wait here: {1}",
                        home,
                        Causes.unwrap(e).getMessage());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Optional<UsageBatch> next(UsageSpool spool, RegionId home) {
        return spool.next(home, UsageBatch.MOST_ENTRIES, UsageBatchCodec.MOST_BYTES);
    }

    /** Sends what there is once more, if that goes at once, and ends. */
    @Override
    public void close() {
        one.lock();
        try {
            if (!closed) {
                patience = PATIENCE_AT_END;
                spools.all().forEach(this::send);
                closed = true;
                spools.close();
            }
        } finally {
            one.unlock();
        }
    }
}
