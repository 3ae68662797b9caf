package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A running process of a node with the thread that keeps what it says. */
record RunningNode(Process process, Seat seat, Thread pump, LastLines last) {
    /** What a node hears on its standard input: another process takes over. */
    static final int LET_GO = 'g';

    /** What a node hears on its standard input: it did not. */
    static final int TAKE_BACK = 'b';

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

    /** Says a byte on the process's standard input; whoever is ending does not hear it. */
    void say(int what) {
        try {
            OutputStream pipe = process.getOutputStream();
            pipe.write(what);
            pipe.flush();
        } catch (IOException e) {
            // It ends, and that is told by itself.
        }
    }

    /** SIGTERM; unlike {@link Process#destroy} it leaves the pipes open for the last words. */
    void terminate() {
        process.toHandle().destroy();
    }

    /** SIGKILL. */
    void kill() {
        process.toHandle().destroyForcibly();
    }

    /** SIGSTOP: it stands still. Done when it was sent. */
    CompletableFuture<Void> freeze() {
        return CompletableFuture.runAsync(() -> signal("STOP"), Thread::startVirtualThread);
    }

    /** SIGCONT: it goes on. Done when it was sent. */
    CompletableFuture<Void> thaw() {
        return CompletableFuture.runAsync(() -> signal("CONT"), Thread::startVirtualThread);
    }

    /** By the shell, which knows how wherever there is one. */
    private void signal(String name) {
        List<String> command =
                List.of("sh", "-c", "kill -s \"$1\" \"$2\"", "sh", name, Long.toString(pid()));
        try {
            if (new ProcessBuilder(command).start().waitFor() != 0) {
                throw new IOException("kill -s %s %d failed".formatted(name, pid()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
