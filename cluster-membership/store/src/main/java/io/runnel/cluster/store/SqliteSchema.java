package io.runnel.cluster.store;

import io.runnel.cluster.store.StoreException.Code;

import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Brings a database file to the schema of this program, or refuses it and leaves it as it is. The
 * migrations library is loaded only where there is something to migrate: it costs half a second.
 */
final class SqliteSchema {
    /** The number of the last migration. */
    static final int VERSION = 8;

    static final String LOCATION = "io/runnel/cluster/store/sqlite";

    /** In the file's header, so that no other program's database is taken for a store: "RNNL". */
    private static final int APPLICATION_ID = 0x524e4e4c;

    private SqliteSchema() {}

    static void prepare(Path file) {
        int version = existing(file);
        if (version > VERSION) {
            throw new StoreException(
                    Code.NEWER_SCHEMA,
                    "%s: has schema %d, this version of runnel knows %d; use the newer one"
                            .formatted(file, version, VERSION));
        }
        if (version < VERSION) {
            migrate(file, VERSION);
        }
    }

    /** The schema's version, 0 of a file that is to be made. */
    static int existing(Path file) {
        if (isEmpty(file)) {
            return 0;
        }
        try (Database database = openUntouched(file)) {
            int id = number(database, "PRAGMA application_id").orElse(0);
            boolean hasTables =
                    number(database, "SELECT count(*) FROM sqlite_schema").orElse(0) > 0;
            if (id != APPLICATION_ID && (id != 0 || hasTables)) {
                throw new StoreException(
                        Code.NOT_THIS_STORE, file + ": is another program's database");
            }
            boolean hasHistory =
                    number(
                                    database,
                                    "SELECT 1 FROM sqlite_schema WHERE name ="
                                            + " 'flyway_schema_history'")
                            .isPresent();
            return hasHistory ? migrated(database) : 0;
        }
    }

    /**
     * A store whose process was killed has a log beside it, which only a reader leaves alone; one
     * that was closed has none, and a reader would leave an empty one behind.
     */
    private static Database openUntouched(Path file) {
        Path log = file.resolveSibling(file.getFileName() + "-wal");
        return Files.exists(log) ? SqliteEngine.openToRead(file) : SqliteEngine.open(file);
    }

    private static int migrated(Database database) {
        return number(
                        database,
                        "SELECT coalesce(max(CAST(version AS INTEGER)), 0) FROM"
                                + " flyway_schema_history WHERE success = 1")
                .orElse(0);
    }

    private static boolean isEmpty(Path file) {
        try {
            return !Files.exists(file) || Files.size(file) == 0;
        } catch (IOException e) {
            throw new StoreException(Code.FAILED, file + ": cannot be read", e);
        }
    }

    private static Optional<Integer> number(Database database, String sql) {
        return database.first(row -> row.getInt(1), sql);
    }

    /** Brings a file, which is made if it is not there, to this schema. */
    static void migrate(Path file, int version) {
        try (Database database = SqliteEngine.open(file)) {
            database.execute("PRAGMA application_id = " + APPLICATION_ID);
        }
        try {
            Flyway.configure(SqliteSchema.class.getClassLoader())
                    .dataSource("jdbc:sqlite:" + file, "", "")
                    .locations("classpath:" + LOCATION)
                    .target(Integer.toString(version))
                    // Without this a newer schema is only warned about.
                    .ignoreMigrationPatterns("*:missing")
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw new StoreException(
                    Code.FAILED, "%s: migration failed: %s".formatted(file, e.getMessage()), e);
        }
    }
}
