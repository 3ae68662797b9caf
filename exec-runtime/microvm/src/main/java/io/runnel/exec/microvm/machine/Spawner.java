package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts all processes of machines on one thread that never ends: the kernel ends them with the
 * thread that started them ({@code PR_SET_PDEATHSIG}), which must be the end of this process and no
 * sooner.
 */
final class Spawner {
    private static final ExecutorService THREAD =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("starts of machines").factory());

    private Spawner() {}

    /**
     * Starts the thread: what machines run at is what the thread of the first caller does, and not
     * that of one that gives way to others.
     */
    static void open() throws IOException {
        run(() -> true);
    }

    static Process start(ProcessBuilder builder) throws IOException {
        return run(builder::start);
    }

    private static <T> T run(Callable<T> work) throws IOException {
        try {
            return THREAD.submit(work).get();
        } catch (ExecutionException e) {
            throw new MachineException("cannot start a machine: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted", e);
        }
    }
}
