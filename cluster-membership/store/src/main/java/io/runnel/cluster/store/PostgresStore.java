package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.routing.catalog.RecordSeals;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A region's store in a PostgreSQL database, for all nodes of the region at once. Each has one
 * connection that it works on and one by which the server tells it that another node wrote; what
 * that misses is found out every second.
 */
public final class PostgresStore {
    private static final String MADE = "runnel_restoring";
    private static final String COPYING = "runnel-copy";

    /** Between pages what is read goes to a disk, which may be slow. */
    private static final String PATIENCE =
            "SET idle_in_transaction_session_timeout = 60000; SET statement_timeout = 60000";

    /** Of connections of nodes that have just been stopped. */
    private static final long ENDING_NANOS = 2_000_000_000;

    private static final long LOOK_EVERY_NANOS = 20_000_000;

    private PostgresStore() {}

    /**
     * Opens the store, and makes or migrates it first if need be. Blocks; for the node's start.
     *
     * @param seals sign what is written, and check what is read
     * @param clock what records and log lines are dated by
     * @param nanoClock monotonic, in nanoseconds
     * @param random names a new log: secure
     * @throws StoreException if it cannot be opened
     */
    public static RegionStore open(
            PostgresSettings settings,
            RecordSeals seals,
            InstantSource clock,
            LongSupplier nanoClock,
            RandomGenerator random) {
        PostgresEngine engine = new PostgresEngine(settings, nanoClock);
        PostgresSchema.prepare(engine.atStart());
        Database database = Database.open(engine);
        try {
            StoreBell bell = new StoreBell(new PostgresEngine(settings, nanoClock));
            TableStore store =
                    new TableStore(
                            database,
                            settings.origin(),
                            seals,
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

    /**
     * Reads a store as it stands now; nodes go on writing. Blocks.
     *
     * @param nanoClock monotonic, in nanoseconds
     * @throws StoreException if it is none, of a newer version, or cannot be reached
     */
    public static StoreSummary read(
            PostgresSettings settings, LongSupplier nanoClock, StoreRows rows) {
        PostgresEngine engine =
                new PostgresEngine(settings, nanoClock, PostgresEngine.SCHEMA, COPYING);
        int schema = PostgresSchema.existing(engine);
        requireKnown(engine, schema);
        try (Database database = Database.open(engine)) {
            database.execute(PATIENCE);
            return StoreCopy.read(database, schema, rows);
        }
    }

    private static void requireKnown(PostgresEngine engine, int schema) {
        if (schema < 1 || schema > PostgresSchema.VERSION) {
            throw new StoreException(
                    schema < 1 ? Code.NOT_THIS_STORE : Code.NEWER_SCHEMA,
                    "%s: has schema %d, this version of runnel knows 1 to %d"
                            .formatted(engine.name(), schema, PostgresSchema.VERSION));
        }
    }

    /**
     * Puts what {@code source} hands over in the place of the store, while no node is connected.
     * Blocks. What was there before stays in the database as another schema. A failure leaves
     * everything as it was.
     *
     * @param nanoClock monotonic, in nanoseconds
     * @param schema of the rows
     * @param aside the name of the schema that the store becomes which is replaced
     * @return whether there was one
     * @throws StoreException if nodes are connected, or the rows do not make a store
     */
    public static boolean replace(
            PostgresSettings settings,
            LongSupplier nanoClock,
            int schema,
            Consumer<StoreRows> source,
            Consumer<StoreSummary> ready,
            String aside) {
        PostgresEngine made = new PostgresEngine(settings, nanoClock, MADE, COPYING);
        requireKnown(made, schema);
        try (Database database = Database.open(made)) {
            database.execute(PATIENCE);
            awaitNoNode(database, nanoClock);
            database.execute("DROP SCHEMA IF EXISTS " + MADE + " CASCADE");
            PostgresSchema.migrate(made, schema);
            ready.accept(StoreCopy.fill(database, schema, " OVERRIDING SYSTEM VALUE", source));
            return database.transaction(() -> swapped(database, aside));
        }
    }

    /** All or nothing; writers wait meanwhile, should one come. */
    private static boolean swapped(Database database, String aside) {
        requireNoNode(database);
        database.list(
                row -> row.getLong(1),
                "SELECT setval(pg_get_serial_sequence('task_log', 'id'),"
                        + " (SELECT coalesce(max(id), 0) + 1 FROM task_log), false)");
        boolean wasThere =
                database.first(
                                row -> true,
                                "SELECT 1 FROM pg_namespace WHERE nspname = ?",
                                PostgresEngine.SCHEMA)
                        .isPresent();
        if (wasThere) {
            database.execute(
                    "ALTER SCHEMA %s RENAME TO %s".formatted(PostgresEngine.SCHEMA, aside));
        }
        database.execute("ALTER SCHEMA %s RENAME TO %s".formatted(MADE, PostgresEngine.SCHEMA));
        return wasThere;
    }

    /** What serves a connection there ends a moment after that. */
    private static void awaitNoNode(Database database, LongSupplier nanoClock) {
        long begin = nanoClock.getAsLong();
        while (nodes(database) > 0 && nanoClock.getAsLong() - begin < ENDING_NANOS) {
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
        requireNoNode(database);
    }

    private static long nodes(Database database) {
        return database.first(
                        row -> row.getLong(1),
                        "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                + " current_database() AND application_name = ?",
                        PostgresEngine.NODES)
                .orElse(0L);
    }

    private static void requireNoNode(Database database) {
        long nodes = nodes(database);
        if (nodes > 0) {
            throw new StoreException(
                    Code.IN_USE,
                    "%s: nodes hold %d connections; stop all nodes of the region first"
                            .formatted(database.engine().name(), nodes));
        }
    }

    private static void closeAll(StoreBell bell, Database database) {
        try (database;
                bell) {
            // Both are closed, the bell first, whatever it says.
        }
    }
}
