package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * A region's store in one SQLite file on this machine: write-ahead log, synced at each commit. One
 * process at a time.
 */
public final class SqliteStore {
    private static final int PAGE_BYTES = 4096;
    private static final int BUSY_MILLIS = 5000;

    private SqliteStore() {}

    /**
     * Opens the store, and makes or migrates it first if need be. Blocks; for the node's start.
     *
     * @param clock what records and log lines are dated by
     * @param random names a new log: secure
     * @throws StoreException if it cannot be opened; then the file is as it was
     */
    public static RegionStore open(
            StoreSettings settings, InstantSource clock, RandomGenerator random) {
        makeFolder(settings.file());
        StoreLock lock = StoreLock.take(settings.file());
        try {
            SqliteSchema.prepare(settings.file());
            Database database = SqliteEngine.open(settings.file());
            try {
                setUp(database, settings);
                return new TableStore(
                        database,
                        settings.origin(),
                        Optional.empty(),
                        settings.retention(),
                        clock,
                        random,
                        () -> closeAll(database, lock));
            } catch (RuntimeException | Error e) {
                database.close();
                throw e;
            }
        } catch (RuntimeException | Error e) {
            lock.close();
            throw e;
        }
    }

    private static void makeFolder(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new StoreException(
                    Code.FAILED, file.getParent() + ": cannot be made: " + e.getMessage(), e);
        }
    }

    static void setUp(Database database, StoreSettings settings) {
        database.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
        database.execute("PRAGMA journal_mode = WAL");
        // FULL, not NORMAL: a commit must survive a disk that forgets what was not synced.
        database.execute("PRAGMA synchronous = FULL");
        database.execute("PRAGMA max_page_count = " + settings.mostSize().bytes() / PAGE_BYTES);
    }

    private static void closeAll(Database database, StoreLock lock) {
        try (lock;
                database) {
            // Both are closed, the lock last, whatever the other says.
        }
    }
}
