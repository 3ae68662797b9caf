package io.runnel.cluster.store;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A region's store in a PostgreSQL database, for all nodes of the region at once. Each has one
 * connection that it works on and one by which the server tells it that another node wrote; what
 * that misses is found out every second.
 */
public final class PostgresStore {
    private PostgresStore() {}

    /**
     * Opens the store, and makes or migrates it first if need be. Blocks; for the node's start.
     *
     * @param clock what records and log lines are dated by
     * @param nanoClock monotonic, in nanoseconds
     * @param random names a new log: secure
     * @throws StoreException if it cannot be opened
     */
    public static RegionStore open(
            PostgresSettings settings,
            InstantSource clock,
            LongSupplier nanoClock,
            RandomGenerator random) {
        PostgresEngine engine = new PostgresEngine(settings, nanoClock);
        PostgresSchema.prepare(engine);
        Database database = Database.open(engine);
        try {
            StoreBell bell = new StoreBell(new PostgresEngine(settings, nanoClock));
            TableStore store =
                    new TableStore(
                            database,
                            settings.origin(),
                            Optional.of(settings.node()),
                            settings.retention(),
                            clock,
                            random,
                            () -> closeAll(bell, database));
            bell.start(store::lookAround);
            return store;
        } catch (RuntimeException | Error e) {
            database.close();
            throw e;
        }
    }

    private static void closeAll(StoreBell bell, Database database) {
        try (database;
                bell) {
            // Both are closed, the bell first, whatever it says.
        }
    }
}
