package io.runnel.exec.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Held by the one process that speaks for a node and writes its files. It ends with that process,
 * however it ends. Safe for any thread.
 */
public final class FolderLock implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final FileChannel file;

    private FolderLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes the lock of this node's folder; waits for a process that is to let go of it.
     *
     * @throws IOException if that process does not in time, or there is no such folder
     */
    public static FolderLock take(NodeFolder folder, Duration patience) throws IOException {
        long endNanos = System.nanoTime() + patience.toNanos();
        Optional<FolderLock> taken = tryTake(folder.lock());
        while (taken.isEmpty() && System.nanoTime() - endNanos < 0) {
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
            taken = tryTake(folder.lock());
        }
        return taken.orElseThrow(
                () -> new IOException("another process works in %s".formatted(folder.own())));
    }

    private static Optional<FolderLock> tryTake(Path path) throws IOException {
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isLocked(file)) {
            return Optional.of(new FolderLock(file));
        }
        file.close();
        return Optional.empty();
    }

    private static boolean isLocked(FileChannel file) throws IOException {
        try {
            FileLock lock = file.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /**
     * Lets another process have it.
     *
     * @throws IOException if the file cannot be closed; the lock is gone all the same
     */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
