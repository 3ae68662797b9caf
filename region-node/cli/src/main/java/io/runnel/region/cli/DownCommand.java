package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.Leftovers;
import io.runnel.region.cli.supervisor.SupervisorClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Ends a network. */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description =
                "Stops every node of the network on this machine, and waits until they ended.")
final class DownCommand implements Callable<Integer> {
    private static final Duration MOST_TO_APPEAR = Duration.ofMinutes(1);
    private static final Duration LOOK_EVERY = Duration.ofMillis(20);

    private final Shell shell;

    @Mixin private DataOption data;

    DownCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        DataFolder folder = data.in(shell);
        Optional<SupervisorClient> client = findOrAwait(folder);
        if (client.isEmpty()) {
            Leftovers.end(folder, shell::say);
            shell.print("no network runs on " + folder.root());
            return 0;
        }
        long pid = client.get().status().pid();
        Progress progress = new Progress(shell);
        client.get().down(progress::tell);
        ProcessHandle.of(pid).ifPresent(Processes::awaitEnd);
        shell.print("network stopped in " + progress.elapsed());
        return 0;
    }

    /** One that is just starting does not answer yet, and is to end all the same. */
    private static Optional<SupervisorClient> findOrAwait(DataFolder folder) {
        long deadlineNanos = System.nanoTime() + MOST_TO_APPEAR.toNanos();
        Optional<SupervisorClient> client = SupervisorClient.find(folder);
        while (client.isEmpty() && UpLock.isHeld(folder) && System.nanoTime() - deadlineNanos < 0) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            client = SupervisorClient.find(folder);
        }
        return client;
    }
}
