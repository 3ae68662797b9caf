package io.runnel.cluster.store;

import org.postgresql.PGConnection;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Rings when another node wrote: the server tells over a connection of its own, and where that is
 * lost, or says nothing, it rings every second all the same. One thread.
 */
final class StoreBell implements AutoCloseable {
    private static final System.Logger LOGGER = System.getLogger(StoreBell.class.getName());
    private static final int EVERY_MS = 1000;

    private final PostgresEngine engine;
    private final Object lock = new Object();
    private final CountDownLatch closing = new CountDownLatch(1);
    private Optional<Connection> connection = Optional.empty();
    private Optional<Thread> thread = Optional.empty();

    StoreBell(PostgresEngine engine) {
        this.engine = engine;
    }

    /** Begins; {@code ring} is called on the bell's thread and must be short. */
    void start(Runnable ring) {
        Thread started =
                Thread.ofPlatform().daemon().name("store-bell").unstarted(() -> listen(ring));
        thread = Optional.of(started);
        started.start();
    }

    private void listen(Runnable ring) {
        while (!isClosed()) {
            ring.run();
            try {
                await();
            } catch (SQLException e) {
                if (!isClosed()) {
                    LOGGER.log(
                            System.Logger.Level.DEBUG,
                            "the store does not tell of writes: {0}",
                            e.getMessage());
                }
                drop();
                pause();
            }
        }
        drop();
    }

    /** Until the server tells something, a second at most. */
    private void await() throws SQLException {
        Optional<Connection> open = connected();
        if (open.isPresent()) {
            // What comes meanwhile is taken together: one ring is enough for all.
            open.get().unwrap(PGConnection.class).getNotifications(EVERY_MS);
        }
    }

    private Optional<Connection> connected() throws SQLException {
        synchronized (lock) {
            if (isClosed() || connection.isPresent()) {
                return connection;
            }
        }
        Connection opened = engine.connect();
        try (Statement statement = opened.createStatement()) {
            statement.execute("LISTEN " + PostgresEngine.CHANNEL);
        }
        synchronized (lock) {
            if (!isClosed()) {
                connection = Optional.of(opened);
                return connection;
            }
        }
        // Nobody else knows of it, and to wait for what it tells would hold up who closes.
        abort(opened);
        return Optional.empty();
    }

    private boolean isClosed() {
        return closing.getCount() == 0;
    }

    private void pause() {
        try {
            closing.await(EVERY_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            closing.countDown();
        }
    }

    private void drop() {
        Optional<Connection> dropped;
        synchronized (lock) {
            dropped = connection;
            connection = Optional.empty();
        }
        dropped.ifPresent(StoreBell::abort);
    }

    /** Without waiting for what the server has to say to it. */
    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOGGER.log(System.Logger.Level.DEBUG, "a connection does not close", e);
        }
    }

    /** Rings no more; waits for the ring that is under way. */
    @Override
    public void close() {
        closing.countDown();
        drop();
        if (thread.isPresent()) {
            try {
                thread.get().join(EVERY_MS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
