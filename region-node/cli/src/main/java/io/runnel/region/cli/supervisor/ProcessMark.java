package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process as a file can remember it: its number, which the system uses again, and when it
 * started. Not its command line: the kernel forgets that of an ending process before it closes the
 * process's ports and files.
 *
 * @param startMillis since the epoch
 */
record ProcessMark(long pid, long startMillis) {
    /**
     * Starts are counted from the boot, whose time is known to a second and corrected by clocks.
     */
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    /** The mark of a process that is there; empty if it is gone, or the system tells no start. */
    static Optional<ProcessMark> of(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(start -> new ProcessMark(process.pid(), start.toEpochMilli()));
    }

    /** What was written to a file; empty if there is no such file, or no mark in it. */
    static Optional<ProcessMark> read(Path file) {
        try {
            String[] words = Files.readString(file).strip().split(" ", -1);
            return words.length == 2
                    ? Optional.of(
                            new ProcessMark(Long.parseLong(words[0]), Long.parseLong(words[1])))
                    : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    void write(Path file) throws IOException {
        Files.writeString(file, "%d %d%n".formatted(pid, startMillis));
    }

    /** The process itself, unless it is gone; another one with its number does not count. */
    Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(p -> p.info().startInstant().filter(this::isStart).isPresent());
    }

    private boolean isStart(Instant start) {
        return Math.abs(start.toEpochMilli() - startMillis) < TOLERANCE.toMillis();
    }

    /**
     * Whether nothing of the process is left but its entry in the table of processes, because
     * nobody asks how it ended: the JDK calls that alive. Its ports and files are closed then.
     */
    boolean isOnlyAnEntry() {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name in brackets may hold anything; behind it: state, 16 numbers, threads.
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            return fields[0].equals("Z") && fields[17].equals("1");
        } catch (IOException | IndexOutOfBoundsException e) {
            return false;
        }
    }
}
