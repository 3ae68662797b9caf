package io.runnel.cluster.store;

import io.runnel.exec.task.RegionId;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Which PostgreSQL database holds a region's store. No password is in it: that is read from {@code
 * passwordFile} at each connection, else from the file that the environment's {@code PGPASSFILE}
 * names.
 *
 * @param host TLS is asked for, and the server's name and certificate checked, unless it is on
 *     loopback
 * @param passwordFile its first line; readable by its owner only
 * @param rootCertificate whom to trust off loopback, as PEM; else the user's {@code
 *     .postgresql/root.crt}
 * @param origin the region whose store it is
 * @param node the node of the region that writes
 */
public record PostgresSettings(
        String host,
        int port,
        String database,
        String user,
        Optional<Path> passwordFile,
        Optional<Path> rootCertificate,
        RegionId origin,
        String node,
        Retention retention) {

    /** The database as messages name it. */
    String name() {
        return "postgresql://%s@%s:%d/%s".formatted(user, host, port, database);
    }
}
