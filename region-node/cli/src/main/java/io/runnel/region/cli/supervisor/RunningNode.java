package io.runnel.region.cli.supervisor;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running process of a node with the thread that keeps what it says. */
record RunningNode(Process process, Thread pump, LastLines last) {
    private static final long MOST_MILLIS_FOR_LAST_WORDS = 500;

    long pid() {
        return process.pid();
    }

    /** Done with the exit code when the process has ended and its last words are kept. */
    CompletableFuture<Integer> onEnd() {
        return process.onExit().thenApplyAsync(this::hearLastWords, Thread::startVirtualThread);
    }

    private int hearLastWords(Process ended) {
        try {
            pump.join(MOST_MILLIS_FOR_LAST_WORDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ended.exitValue();
    }

    List<String> lastLines() {
        return last.lines();
    }

    /** SIGTERM; unlike {@link Process#destroy} it leaves the pipes open for the last words. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }
}
