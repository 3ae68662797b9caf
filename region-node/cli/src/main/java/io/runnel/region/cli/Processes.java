package io.runnel.region.cli;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waiting for the end of processes. */
final class Processes {
    private static final int MOST_SECONDS = 60;

    private Processes() {}

    /**
     * Returns when it has ended.
     *
     * @throws CliException if it has not ended in a minute
     */
    static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(MOST_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            throw CliException.failed(
                    "process %d has not ended after %d s".formatted(process.pid(), MOST_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CliException.failed("interrupted while process %d ends".formatted(process.pid()));
        }
    }
}
