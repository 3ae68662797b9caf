package io.runnel.region.server;

import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.NodeName;
import io.runnel.region.server.control.Companions;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Waits at a node's start until it may write: nodes that start at the same time find each other in
 * a few seconds, and who is told that the network is ready wants to deploy. A node that finds
 * nobody serves calls all the same.
 */
record Together(Companions companions, RegionStore store, NodeName self, LongSupplier nanoClock) {
    private static final System.Logger LOG = System.getLogger(Together.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final long PAUSE_NANOS = 50_000_000;

    /** Blocks; for the node's start. */
    void await() {
        long start = nanoClock.getAsLong();
        while (!mayWrite()) {
            if (nanoClock.getAsLong() - start > PATIENCE.toNanos()) {
                LOG.log(Level.WARNING, "most nodes of the region are away: nothing is written");
                return;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private boolean mayWrite() {
        try {
            return companions.mayWrite()
                    && store.writers()
                            .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .join()
                            .admits(self.value());
        } catch (CompletionException e) {
            return false;
        }
    }
}
