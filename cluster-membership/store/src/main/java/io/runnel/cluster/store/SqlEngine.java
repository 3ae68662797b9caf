package io.runnel.cluster.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * What is peculiar to a database engine. Statements are written so that all engines understand
 * them; what is here is the rest.
 */
interface SqlEngine {
    /** What the database is called in messages; never holds a password. */
    String name();

    /** The schema that this program brings its databases to. */
    int schemaVersion();

    /** Opens a connection that commits each statement unless a transaction was begun. */
    Connection connect() throws SQLException;

    /**
     * Begins a transaction that writes: no other that writes runs until it ends, in whichever
     * process, and it sees what all before it wrote.
     */
    String beginWriting();

    /** Begins a transaction that sees the database as it is now until it ends, if need be. */
    Optional<String> beginReading();

    /** Tells other processes, once the transaction is done, that there is news. */
    Optional<String> announce();

    /** Whether other processes write too. */
    boolean isShared();

    /** Whether the connection is of no use any more. */
    boolean isLost(SQLException failure);

    /** What the failure means. */
    StoreException failure(SQLException failure);
}
