package io.runnel.topology;

/** Where a region keeps its records. */
public sealed interface StoreSetting {
    /** A SQLite file in the node's data folder: one node a region. */
    record Sqlite() implements StoreSetting {}

    /** The store of a region that names none. */
    StoreSetting DEFAULT = new Sqlite();
}
