package io.runnel.topology;

import java.util.Optional;

/** Where a region keeps its records. */
public sealed interface StoreSetting {
    /** A SQLite file in the node's data folder: one node a region. */
    record Sqlite() implements StoreSetting {}

    /**
     * A PostgreSQL database, which all nodes of the region share. No password stands here, nor in
     * any file of a topology.
     *
     * @param passwordFile where the password is; else it is where {@code PGPASSFILE} says
     * @param rootCertificate whom to trust off loopback, where TLS is asked for; as PEM
     */
    record Postgresql(
            String user,
            Address server,
            String database,
            Optional<String> passwordFile,
            Optional<String> rootCertificate)
            implements StoreSetting {

        /** As it stands in a file. */
        public String url() {
            return StoreUrl.write(this);
        }
    }

    /** The store of a region that names none. */
    StoreSetting DEFAULT = new Sqlite();
}
