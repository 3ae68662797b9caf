package io.runnel.cluster.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * One connection to a database, for one thread. Statements are prepared once and kept; the texts
 * are all from this room, so there are few. Failures come out as {@link StoreException}. A
 * connection that was lost is made anew for the next work.
 */
final class Database implements AutoCloseable {
    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final SqlEngine engine;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private Optional<Connection> connection = Optional.empty();
    private boolean inTransaction;

    private Database(SqlEngine engine) {
        this.engine = engine;
    }

    /** Connects. */
    static Database open(SqlEngine engine) {
        Database database = new Database(engine);
        try {
            database.connected();
        } catch (SQLException e) {
            throw engine.failure(e);
        }
        return database;
    }

    SqlEngine engine() {
        return engine;
    }

    private Connection connected() throws SQLException {
        if (connection.isEmpty()) {
            if (inTransaction) {
                throw new SQLException("the connection was lost in a transaction");
            }
            connection = Optional.of(engine.connect());
        }
        return connection.get();
    }

    /** Runs a statement that has no parameters and is not kept, such as a pragma. */
    void execute(String sql) {
        try (Statement statement = connected().createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failed(e);
        }
    }

    /** Changes rows; how many. */
    int update(String sql, Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw failed(e);
        }
    }

    /** Changes rows for each of these values, with as few ways to the engine as it can. */
    void updateAll(String sql, List<Object[]> each) {
        if (each.isEmpty()) {
            return;
        }
        try {
            for (Object[] values : each) {
                bound(sql, values).addBatch();
            }
            int[] unused = bound(sql).executeBatch();
        } catch (SQLException e) {
            forget(sql);
            throw failed(e);
        }
    }

    /** All rows. */
    <T> List<T> list(Row<T> reader, String sql, Object... values) {
        try (ResultSet rows = bound(sql, values).executeQuery()) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(reader.read(rows));
            }
            return found;
        } catch (SQLException e) {
            forget(sql);
            throw failed(e);
        }
    }

    /** The first row. */
    <T> Optional<T> first(Row<T> reader, String sql, Object... values) {
        List<T> found = list(reader, sql, values);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        Connection open = connected();
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = open.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** A statement that failed is not used again: SQLite's driver has closed it. */
    private void forget(String sql) {
        PreparedStatement failed = prepared.remove(sql);
        if (failed != null) {
            closeQuietly(failed);
        }
    }

    private static void closeQuietly(AutoCloseable what) {
        try {
            what.close();
        } catch (Exception e) {
            // What failed before has been told; this adds nothing.
        }
    }

    /**
     * Does the work in one transaction that may write, which is on disk when this returns. Runs
     * alone among those that write.
     */
    <T> T transaction(Supplier<T> work) {
        return within(engine.beginWriting(), work);
    }

    /** Does work that only reads, all of it at one moment of the database. */
    <T> T reading(Supplier<T> work) {
        return engine.beginReading().map(begin -> within(begin, work)).orElseGet(work);
    }

    private <T> T within(String begin, Supplier<T> work) {
        try {
            begin(begin);
            inTransaction = true;
            T result = work.get();
            execute("COMMIT");
            return result;
        } catch (RuntimeException | Error e) {
            rollBack(e);
            throw e;
        } finally {
            inTransaction = false;
        }
    }

    /** A connection that was lost since its last use is found out here, and nothing is lost. */
    private void begin(String sql) {
        boolean used = connection.isPresent();
        try {
            execute(sql);
        } catch (StoreException e) {
            if (!used || connection.isPresent()) {
                throw e;
            }
            execute(sql);
        }
    }

    /** The engine may have rolled back by itself, and then refuses. */
    private void rollBack(Throwable cause) {
        if (connection.isEmpty()) {
            return;
        }
        try {
            execute("ROLLBACK");
        } catch (StoreException e) {
            cause.addSuppressed(e);
        }
    }

    private StoreException failed(SQLException e) {
        if (engine.isLost(e)) {
            prepared.clear();
            connection.ifPresent(Database::closeQuietly);
            connection = Optional.empty();
        }
        return engine.failure(e);
    }

    @Override
    public void close() {
        try {
            if (connection.isPresent()) {
                connection.get().close();
            }
        } catch (SQLException e) {
            throw engine.failure(e);
        } finally {
            connection = Optional.empty();
        }
    }
}
