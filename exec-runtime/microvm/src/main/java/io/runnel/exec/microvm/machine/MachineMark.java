package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a machine's folder says of its process, for the node's next run: number and start, since
 * numbers are used again. Where there are cgroups they tell more.
 */
final class MachineMark {
    private static final String FILE = "process";
    private static final int MOST_BYTES = 200;
    private static final long PATIENCE_SECONDS = 10;

    private MachineMark() {}

    static void write(Path folder, ProcessHandle process) throws IOException {
        String started = process.info().startInstant().map(Instant::toString).orElse("");
        Files.writeString(folder.resolve(FILE), process.pid() + " " + started);
    }

    /** Kills the process if it is still the same. */
    static void endIfThere(Path folder) throws IOException {
        Optional<ProcessHandle> process = find(folder.resolve(FILE));
        if (process.isEmpty()) {
            return;
        }
        process.get().destroyForcibly();
        try {
            process.get().onExit().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new MachineException(
                    "process %d of an earlier run does not end".formatted(process.get().pid()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted", e);
        }
    }

    private static Optional<ProcessHandle> find(Path file) throws IOException {
        try {
            if (Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            String[] words = Files.readString(file).split(" ", 2);
            Instant started = Instant.parse(words.length > 1 ? words[1] : "");
            return ProcessHandle.of(Long.parseLong(words[0]))
                    .filter(p -> p.info().startInstant().equals(Optional.of(started)));
        } catch (NoSuchFileException | NumberFormatException | DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
