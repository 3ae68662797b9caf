package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A machine's cgroup: a folder in each hierarchy, or one if there is one.
 *
 * @param folders may be empty
 * @param memoryEvents the file with the kernel's count of those it killed for want of memory
 */
record Cgroup(Set<Path> folders, Optional<Path> memoryEvents) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** The processes in it. */
    List<Long> processes() {
        List<Long> pids = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Files.readAllLines(folder.resolve("cgroup.procs"))
                        .forEach(line -> pids.add(Long.parseLong(line.strip())));
            } catch (IOException | NumberFormatException e) {
                // Removed meanwhile.
            }
        }
        return pids.stream().distinct().toList();
    }

    /** Whether the kernel killed something in it for want of memory. */
    boolean ranOutOfMemory() {
        if (memoryEvents.isEmpty()) {
            return false;
        }
        try {
            return Files.readAllLines(memoryEvents.get()).stream()
                    .filter(line -> line.startsWith("oom_kill "))
                    .anyMatch(line -> !line.endsWith(" 0"));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Kills what is in it, waits until nothing is, and removes it.
     *
     * @throws IOException if something stays
     */
    void endAll() throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        List<Long> left = processes();
        while (!left.isEmpty()) {
            left.forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
            if (System.nanoTime() - deadlineNanos > 0) {
                throw new IOException("processes %s do not end".formatted(left));
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
            left = processes();
        }
        remove();
    }

    /**
     * Removes it.
     *
     * @throws IOException if something stays in it
     */
    void remove() throws IOException {
        long deadlineNanos = System.nanoTime() + PATIENCE_NANOS;
        for (Path folder : folders) {
            while (!removed(folder, deadlineNanos)) {
                LockSupport.parkNanos(LOOK_EVERY_NANOS);
            }
        }
    }

    /** The kernel is done with a process a little after it has ended. */
    private static boolean removed(Path folder, long deadlineNanos) throws IOException {
        try {
            Files.deleteIfExists(folder);
            return true;
        } catch (NoSuchFileException e) {
            return true;
        } catch (DirectoryNotEmptyException e) {
            throw e;
        } catch (FileSystemException e) {
            if (System.nanoTime() - deadlineNanos > 0) {
                throw e;
            }
            return false;
        }
    }
}
