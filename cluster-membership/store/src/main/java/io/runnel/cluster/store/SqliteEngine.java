package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** SQLite in this process: one file, one connection that writes. */
final class SqliteEngine implements SqlEngine {
    private static final int SQLITE_BUSY = 5;
    private static final int SQLITE_CORRUPT = 11;
    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_NOTADB = 26;
    private static final int SQLITE_OPEN_READONLY = 1;

    private final Path file;
    private final Properties how;

    private SqliteEngine(Path file, Properties how) {
        this.file = file;
        this.how = how;
    }

    /** Opens the file, which is made if it is not there. */
    static Database open(Path file) {
        return Database.open(new SqliteEngine(file, new Properties()));
    }

    /**
     * Opens the file only to read it. What an ended process left in the log beside it is read too,
     * and stays there: a connection that may write would move it into the file.
     */
    static Database openToRead(Path file) {
        Properties readOnly = new Properties();
        readOnly.setProperty("open_mode", Integer.toString(SQLITE_OPEN_READONLY));
        return Database.open(new SqliteEngine(file, readOnly));
    }

    @Override
    public String name() {
        return file.toString();
    }

    @Override
    public int schemaVersion() {
        return SqliteSchema.VERSION;
    }

    @Override
    public Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file, how);
    }

    @Override
    public String beginWriting() {
        return "BEGIN IMMEDIATE";
    }

    @Override
    public Optional<String> beginReading() {
        // Who may only read is not the one who writes.
        return how.isEmpty() ? Optional.empty() : Optional.of("BEGIN");
    }

    @Override
    public Optional<String> announce() {
        return Optional.empty();
    }

    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public boolean isLost(SQLException failure) {
        return false;
    }

    @Override
    public StoreException failure(SQLException failure) {
        Code code =
                switch (failure.getErrorCode() & 0xff) {
                    case SQLITE_FULL -> Code.FULL;
                    case SQLITE_BUSY -> Code.IN_USE;
                    case SQLITE_NOTADB -> Code.NOT_THIS_STORE;
                    case SQLITE_CORRUPT -> Code.DAMAGED;
                    default -> Code.FAILED;
                };
        String message = "%s: %s".formatted(file, failure.getMessage());
        return code == Code.DAMAGED
                ? StoreException.damaged(message, failure)
                : new StoreException(code, message, failure);
    }
}
