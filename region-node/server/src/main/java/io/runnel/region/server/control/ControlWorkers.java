package io.runnel.region.server.control;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads for what blocks: one that checks code, which takes the processor; one that writes
 * blobs, which waits for the disk; one that checks tokens that anybody may bring, which waits for
 * who issued them. Before each is a short queue; past it work is rejected.
 */
final class ControlWorkers implements AutoCloseable {
    static final int MOST_WAITING = 32;

    private final ExecutorService checks = worker("control-check");
    private final ExecutorService disk = worker("control-disk");
    private final ExecutorService tokens = worker("control-tokens");

    private static ExecutorService worker(String name) {
        ThreadPoolExecutor worker =
                new ThreadPoolExecutor(
                        1,
                        1,
                        30,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(MOST_WAITING),
                        Thread.ofPlatform().daemon().name(name).factory());
        worker.allowCoreThreadTimeOut(true);
        return worker;
    }

    Executor checks() {
        return checks;
    }

    Executor disk() {
        return disk;
    }

    Executor tokens() {
        return tokens;
    }

    @Override
    public void close() {
        checks.shutdownNow();
        tokens.shutdownNow();
        disk.shutdown();
    }
}
