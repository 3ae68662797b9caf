package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import java.sql.SQLException;

/**
 * Brings a database to the schema of this program, or refuses it and leaves it as it is. Nodes may
 * come at the same time: one migrates, the others wait. All is in a schema of its own beside
 * whatever else the database holds.
 */
final class PostgresSchema {
    /** The number of the last migration. */
    static final int VERSION = 8;

    static final String LOCATION = "io/runnel/cluster/store/postgres";

    private PostgresSchema() {}

    static void prepare(PostgresEngine engine) {
        int version = existing(engine);
        if (version > VERSION) {
            throw new StoreException(
                    Code.NEWER_SCHEMA,
                    "%s: has schema %d, this version of runnel knows %d; use the newer one"
                            .formatted(engine.name(), version, VERSION));
        }
        if (version < VERSION) {
            migrate(engine, VERSION);
        }
    }

    /** The schema's version, 0 where none is. */
    static int existing(PostgresEngine engine) {
        try (Database database = Database.open(engine)) {
            boolean hasHistory =
                    database.first(
                                    row -> row.getBoolean(1),
                                    "SELECT to_regclass(?) IS NOT NULL",
                                    engine.schema() + ".flyway_schema_history")
                            .orElse(false);
            return hasHistory ? migrated(database) : 0;
        }
    }

    private static int migrated(Database database) {
        return database.first(
                        row -> row.getInt(1),
                        "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM"
                                + " flyway_schema_history WHERE success")
                .orElse(0);
    }

    /** Brings the engine's schema, which is made if it is not there, to this version. */
    static void migrate(PostgresEngine engine, int version) {
        try {
            Flyway.configure(PostgresSchema.class.getClassLoader())
                    .dataSource(engine.source())
                    .defaultSchema(engine.schema())
                    .createSchemas(true)
                    .locations("classpath:" + LOCATION)
                    .target(Integer.toString(version))
                    .load()
                    .migrate();
        } catch (SQLException e) {
            throw engine.failure(e);
        } catch (FlywayException e) {
            throw new StoreException(
                    Code.FAILED,
                    "%s: migration failed: %s".formatted(engine.name(), e.getMessage()),
                    e);
        }
    }
}
