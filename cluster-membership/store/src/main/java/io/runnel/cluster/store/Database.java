package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.function.Supplier;

/**
 * One SQLite connection, for one thread. Statements are prepared once and kept; the texts are all
 * from this room, so there are few. Failures come out as {@link StoreException}.
 */
final class Database implements AutoCloseable {
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_NOTADB = 26;
    private static final int SQLITE_OPEN_READONLY = 1;

    /** Reads one row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private final String name;
    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private Database(String name, Connection connection) {
        this.name = name;
        this.connection = connection;
    }

    /** Opens the file, which is made if it is not there. */
    static Database open(Path file) {
        return open(file, new Properties());
    }

    /**
     * Opens the file only to read it. What an ended process left in the log beside it is read too,
     * and stays there: a connection that may write would move it into the file.
     */
    static Database openToRead(Path file) {
        Properties readOnly = new Properties();
        readOnly.setProperty("open_mode", Integer.toString(SQLITE_OPEN_READONLY));
        return open(file, readOnly);
    }

    private static Database open(Path file, Properties how) {
        try {
            return new Database(
                    file.toString(), DriverManager.getConnection("jdbc:sqlite:" + file, how));
        } catch (SQLException e) {
            throw failure(file.toString(), e);
        }
    }

    /** Runs a statement that has no parameters and is not kept, such as a pragma. */
    void execute(String sql) {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw failure(name, e);
        }
    }

    /** Changes rows; how many. */
    int update(String sql, Object... values) {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw failure(name, e);
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
            throw failure(name, e);
        }
    }

    /** The first row. */
    <T> Optional<T> first(Row<T> reader, String sql, Object... values) {
        List<T> found = list(reader, sql, values);
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** The driver has closed a statement that failed. */
    private void forget(String sql) {
        prepared.remove(sql);
    }

    /** Does the work in one transaction, which is on disk when this returns. */
    <T> T transaction(Supplier<T> work) {
        execute("BEGIN IMMEDIATE");
        try {
            T result = work.get();
            execute("COMMIT");
            return result;
        } catch (RuntimeException | Error e) {
            rollBack(e);
            throw e;
        }
    }

    /** The engine may have rolled back by itself, and then refuses. */
    private void rollBack(Throwable cause) {
        try {
            execute("ROLLBACK");
        } catch (StoreException e) {
            cause.addSuppressed(e);
        }
    }

    private static StoreException failure(String name, SQLException e) {
        Code code =
                switch (e.getErrorCode() & 0xff) {
                    case SQLITE_FULL -> Code.FULL;
                    case SQLITE_BUSY -> Code.IN_USE;
                    case SQLITE_NOTADB -> Code.NOT_THIS_STORE;
                    case SQLITE_CORRUPT -> Code.DAMAGED;
                    default -> Code.FAILED;
                };
        String message = "%s: %s".formatted(name, e.getMessage());
        return code == Code.DAMAGED
                ? StoreException.damaged(message, e)
                : new StoreException(code, message, e);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw failure(name, e);
        }
    }
}
