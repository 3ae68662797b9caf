package io.runnel.exec.microvm.machine;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * All that is to be given back when a machine ends, however it ends: once QEMU is gone, whoever
 * ended it, its cgroup is emptied and removed, its channels closed, its files deleted, its user
 * given back; then the future is complete.
 *
 * <p>Safe for any thread, but for the setters, which are for the start.
 */
final class MachineEnd {
    private static final System.Logger LOG = System.getLogger(MachineEnd.class.getName());
    private static final Duration QUIT = Duration.ofSeconds(1);
    private static final Duration KILL = Duration.ofSeconds(10);
    private static final long CONSOLE_MILLIS = 200;

    private final Jail jail;
    private final Jail.Cell cell;
    private final Path folder;
    private final CompletableFuture<MachineExit> exit = new CompletableFuture<>();
    private Optional<Process> process = Optional.empty();
    private Optional<ConsoleTail> console = Optional.empty();
    private volatile Optional<Qmp> control = Optional.empty();
    private volatile Optional<SocketChannel> agent = Optional.empty();
    private volatile Optional<SocketChannel> frames = Optional.empty();

    MachineEnd(Jail jail, Jail.Cell cell, Path folder) {
        this.jail = jail;
        this.cell = cell;
        this.folder = folder;
    }

    /** From now on its end is seen. */
    void process(String name, Process started) {
        process = Optional.of(started);
        console = Optional.of(ConsoleTail.of(name, started.getInputStream()));
        var unused =
                started.onExit()
                        .thenAccept(
                                ended ->
                                        Thread.ofVirtual()
                                                .name("end of " + name)
                                                .start(() -> ended(ended.exitValue())));
    }

    void control(Qmp qmp) {
        control = Optional.of(qmp);
    }

    void agent(SocketChannel port) {
        agent = Optional.of(port);
    }

    void frames(SocketChannel wire) {
        frames = Optional.of(wire);
    }

    Process process() {
        return process.orElseThrow();
    }

    Qmp control() {
        return control.orElseThrow();
    }

    SocketChannel agent() {
        return agent.orElseThrow();
    }

    SocketChannel frames() {
        return frames.orElseThrow();
    }

    CompletableFuture<MachineExit> exit() {
        return exit.copy();
    }

    String console() {
        return console.map(ConsoleTail::text).orElse("");
    }

    /**
     * Does nothing while QEMU runs.
     *
     * @throws MachineException with what it said last
     */
    void checkThatItRuns() throws IOException {
        if (process.isPresent() && !process.get().isAlive()) {
            console.ifPresent(tail -> tail.await(CONSOLE_MILLIS));
            throw new MachineException(
                    "QEMU has ended (%d): %s"
                            .formatted(process.get().exitValue(), console().strip()));
        }
    }

    /** QEMU itself; {@code unshare} is its parent. */
    Optional<ProcessHandle> qemu() {
        return process.flatMap(outer -> outer.children().findFirst());
    }

    private void ended(int exitCode) {
        console.ifPresent(tail -> tail.await(CONSOLE_MILLIS));
        boolean outOfMemory = cell.cgroup().ranOutOfMemory();
        giveBack();
        exit.complete(new MachineExit(exitCode, outOfMemory, console()));
    }

    private void giveBack() {
        control.ifPresent(MachineEnd::close);
        agent.ifPresent(MachineEnd::close);
        frames.ifPresent(MachineEnd::close);
        try {
            jail.close(cell);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "something of machine {0} stays: {1}", folder, e.toString());
        }
        try {
            Trees.delete(folder);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "files of machine {0} stay: {1}", folder, e.toString());
        }
    }

    private static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "closing a channel of a machine", e);
        }
    }

    /** Ends what there is of a machine that did not start; the cause with what QEMU said. */
    IOException failed(Exception cause) {
        if (process.isPresent()) {
            kill();
            await();
        } else {
            giveBack();
        }
        if (cause instanceof InterruptedIOException interrupted) {
            return interrupted;
        }
        String said = console().strip();
        String more = said.isEmpty() ? "" : " (it says: %s)".formatted(said);
        return new MachineException(
                "machine did not start: %s%s".formatted(cause.getMessage(), more), cause);
    }

    /** Asks QEMU to end, then makes it. Returns when nothing is left; nobody can interrupt it. */
    void halt() {
        boolean interrupted = Thread.interrupted();
        try {
            if (!exit.isDone() && process.isPresent() && process.get().isAlive()) {
                quit();
            }
            await();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void quit() {
        try {
            control().quit();
            if (process().waitFor(QUIT.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "machine {0} does not quit: {1}", folder, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    /** QEMU first, so that its parent can tell how it ended and leaves nothing. */
    private void kill() {
        qemu().ifPresent(ProcessHandle::destroyForcibly);
        try {
            if (!process().waitFor(QUIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process().destroyForcibly();
            }
        } catch (InterruptedException e) {
            process().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void await() {
        boolean interrupted = Thread.interrupted();
        try {
            exit.get(KILL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(Level.ERROR, "machine {0} does not end", folder);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
