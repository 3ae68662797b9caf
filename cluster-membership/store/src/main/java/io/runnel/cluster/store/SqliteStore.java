package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.routing.catalog.RecordSeals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * A region's store in one SQLite file on this machine: write-ahead log, synced at each commit. One
 * process at a time.
 */
public final class SqliteStore {
    private static final int PAGE_BYTES = 4096;
    private static final int BUSY_MILLIS = 5000;
    private static final int CACHE_KIB = 16 * 1024;

    private SqliteStore() {}

    /**
     * Opens the store, and makes or migrates it first if need be. Blocks; for the node's start.
     *
     * @param seals sign what is written, and check what is read
     * @param clock what records and log lines are dated by
     * @param random names a new log: secure
     * @throws StoreException if it cannot be opened; then the file is as it was
     */
    public static RegionStore open(
            StoreSettings settings,
            RecordSeals seals,
            InstantSource clock,
            RandomGenerator random) {
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
                        seals,
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

    /**
     * Reads a store as it stands now; whoever has it open goes on writing. Blocks.
     *
     * @throws StoreException if it is none, of a newer version, or damaged
     */
    public static StoreSummary read(Path file, StoreRows rows) {
        if (!Files.exists(file)) {
            throw new StoreException(Code.NOT_THIS_STORE, file + ": is not there");
        }
        int schema = SqliteSchema.existing(file);
        requireKnown(file, schema);
        try (Database database = SqliteEngine.openToRead(file)) {
            database.execute("PRAGMA busy_timeout = " + BUSY_MILLIS);
            return StoreCopy.read(database, schema, rows);
        }
    }

    private static void requireKnown(Path file, int schema) {
        if (schema < 1 || schema > SqliteSchema.VERSION) {
            throw new StoreException(
                    schema < 1 ? Code.NOT_THIS_STORE : Code.NEWER_SCHEMA,
                    "%s: has schema %d, this version of runnel knows 1 to %d"
                            .formatted(file, schema, SqliteSchema.VERSION));
        }
    }

    /**
     * Makes a store of what {@code source} hands over, while no process has the one open in whose
     * place it is to come. Blocks.
     *
     * @param file the store in use, which this does not touch
     * @param made where the new one is made; nothing may be there
     * @param schema of the rows
     * @param ready what is done with the new one, which is on disk and closed, while {@code file}
     *     is still kept from others
     * @throws StoreException if the one in use is open, or the rows do not make a store
     */
    public static void make(
            Path file,
            Path made,
            int schema,
            Consumer<StoreRows> source,
            Consumer<StoreSummary> ready) {
        requireKnown(file, schema);
        makeFolder(file);
        StoreLock lock = StoreLock.take(file);
        try {
            SqliteSchema.migrate(made, schema);
            StoreSummary summary;
            try (Database database = SqliteEngine.open(made)) {
                database.execute("PRAGMA synchronous = FULL");
                summary = StoreCopy.fill(database, schema, "", source);
            }
            ready.accept(summary);
        } finally {
            lock.close();
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
        // A batch of usage touches more pages than the usual 2 MiB hold.
        database.execute("PRAGMA cache_size = -" + CACHE_KIB);
        database.execute("PRAGMA max_page_count = " + settings.mostSize().bytes() / PAGE_BYTES);
    }

    private static void closeAll(Database database, StoreLock lock) {
        try (lock;
                database) {
            // Both are closed, the lock last, whatever the other says.
        }
    }
}
