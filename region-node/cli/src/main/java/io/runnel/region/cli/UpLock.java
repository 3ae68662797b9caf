package io.runnel.region.cli;

import io.runnel.region.cli.supervisor.DataFolder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Lets one {@code up} at a time start a network on a data folder. Ends with its process. */
final class UpLock implements AutoCloseable {
    private final FileChannel file;

    private UpLock(FileChannel file) {
        this.file = file;
    }

    /**
     * Takes it, waiting for another {@code up} to be done.
     *
     * @throws CliException if the data folder cannot be written
     */
    static UpLock take(DataFolder data, Shell shell) {
        try {
            data.create();
            FileChannel file =
                    FileChannel.open(
                            file(data), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            Optional<FileLock> taken = Optional.ofNullable(file.tryLock());
            if (taken.isEmpty()) {
                shell.say("another 'runnel up' is starting this network; waiting for it");
                taken = Optional.of(file.lock());
            }
            return new UpLock(file);
        } catch (IOException e) {
            throw CliException.failed(
                    "data folder %s cannot be used: %s; name another with --data DIR"
                            .formatted(data.root(), Reason.of(e)));
        }
    }

    /** Whether an {@code up} is starting a network there now. */
    static boolean isHeld(DataFolder data) {
        try (FileChannel file = FileChannel.open(file(data), StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            return lock == null;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path file(DataFolder data) {
        return data.root().resolve("up.lock");
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw CliException.failed("the data folder's lock cannot be closed: %s".formatted(e));
        }
    }
}
