package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.HELLO;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.failure;
import static io.runnel.cluster.store.StoreFixture.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

final class SqliteStoreTest
        implements RegionStoreContract,
                AuditLogContract,
                SealedStoreContract,
                UsageLedgerContract,
                UsageKeepingContract,
                KeptEventsContract {
    private static final InstantSource CLOCK = new ManualClock(StoreFixture.START);

    @Override
    public RegionStore open(Path folder, RegionId origin, InstantSource clock) {
        return SqliteStore.open(
                StoreSettings.of(folder.resolve("store.db"), origin),
                TestSeals.ALL,
                clock,
                new Random());
    }

    @Override
    public void tamper(Path folder, String sql) {
        try (Database database = SqliteEngine.open(folder.resolve("store.db"))) {
            database.update(sql);
        }
    }

    @Override
    public Database database(Path folder) {
        return SqliteEngine.open(folder.resolve("store.db"));
    }

    @Override
    public void makeTables(Path folder, int schema) {
        SqliteSchema.migrate(folder.resolve("store.db"), schema);
    }

    @Override
    public List<String> plan(Database database, String statement) {
        return database.list(row -> row.getString("detail"), "EXPLAIN QUERY PLAN " + statement);
    }

    private static StoreException refused(Path file, RegionId origin) {
        return assertThrows(
                StoreException.class,
                () ->
                        SqliteStore.open(
                                StoreSettings.of(file, origin),
                                TestSeals.ALL,
                                CLOCK,
                                new Random(1)));
    }

    /** Killed processes cannot show this: what they wrote and did not sync, the system keeps. */
    @Test
    void aCommitIsSynced(@TempDir Path folder) {
        Path file = folder.resolve("store.db");
        try (Database database = SqliteEngine.open(file)) {
            SqliteStore.setUp(database, StoreSettings.of(file, WEST));
            assertEquals(
                    List.of("2 wal"),
                    database.list(
                            row -> row.getString(1) + " " + row.getString(2),
                            "SELECT synchronous, journal_mode"
                                    + " FROM pragma_synchronous, pragma_journal_mode"));
        }
    }

    @Test
    void refusesANewerSchemaAndLeavesItUntouched(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("store.db");
        open(folder, WEST, CLOCK).close();
        migrateFurther(file);
        Map<String, CodeDigest> before = contents(folder);

        StoreException e = refused(file, WEST);

        assertEquals(Code.NEWER_SCHEMA, e.code());
        assertTrue(e.getMessage().contains("schema 99"), e.getMessage());
        assertEquals(before, contents(folder));
    }

    private static void migrateFurther(Path file) {
        try (Database database = SqliteEngine.open(file)) {
            database.update(
                    "INSERT INTO flyway_schema_history SELECT 99, '99', description, type,"
                            + " 'V99__x.sql', checksum, installed_by, installed_on,"
                            + " execution_time, 1 FROM flyway_schema_history WHERE"
                            + " installed_rank = 1");
        }
    }

    /** What a killed process leaves: the file, and beside it a log that is not in the file yet. */
    @Test
    void leavesTheLogOfAKilledNewerStoreUntouched(@TempDir Path folder) throws IOException {
        Path running = Files.createDirectory(folder.resolve("running"));
        Path killed = Files.createDirectory(folder.resolve("killed"));
        try (RegionStore store = open(running, WEST, CLOCK)) {
            migrateFurther(running.resolve("store.db"));
            await(store.append(List.of(draft("a")), List.of()));
            for (String name : List.of("store.db", "store.db-wal")) {
                Files.copy(running.resolve(name), killed.resolve(name));
            }
        }
        Map<String, CodeDigest> before = contents(killed);

        assertEquals(Code.NEWER_SCHEMA, refused(killed.resolve("store.db"), WEST).code());

        Map<String, CodeDigest> after = contents(killed);
        after.keySet().removeAll(List.of("store.db.lock", "store.db-shm"));
        assertEquals(before, after);
    }

    @Test
    void refusesADamagedFile(@TempDir Path folder) throws IOException {
        open(folder, WEST, CLOCK).close();
        Path file = folder.resolve("store.db");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 3);
        }

        StoreException e = refused(file, WEST);

        assertEquals(Code.DAMAGED, e.code());
        assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("restore a backup"), e.getMessage());
    }

    @Test
    void doesNotLoadARecordThatWasAltered(@TempDir Path folder) {
        Path file = folder.resolve("store.db");
        try (RegionStore store = open(folder, WEST, CLOCK)) {
            await(store.append(List.of(draft("a")), List.of()));
        }
        try (Database database = SqliteEngine.open(file)) {
            database.update("UPDATE feed_record SET record = replace(record, 'false', 'true')");
        }

        try (RegionStore store = open(folder, WEST, CLOCK)) {
            StoreException e = failure(StoreException.class, store.loadCatalog());
            assertEquals(Code.DAMAGED, e.code());
            assertTrue(e.getMessage().contains(file.toString()), e.getMessage());
        }
    }

    @Test
    void refusesWhatIsNoStoreAndLeavesItUntouched(@TempDir Path folder) throws IOException {
        Path text = Files.writeString(folder.resolve("text.db"), "no database ".repeat(1000));
        Path foreign = folder.resolve("foreign.db");
        try (Database database = SqliteEngine.open(foreign)) {
            database.execute("CREATE TABLE theirs (x)");
        }
        String before = contents(folder).toString();

        assertEquals(Code.NOT_THIS_STORE, refused(text, WEST).code());
        assertEquals(Code.NOT_THIS_STORE, refused(foreign, WEST).code());

        Map<String, CodeDigest> after = contents(folder);
        after.keySet().removeIf(name -> name.endsWith(".lock"));
        assertEquals(before, after.toString());
    }

    @Test
    void refusesAnotherRegionsStore(@TempDir Path folder) {
        open(folder, WEST, CLOCK).close();
        StoreException e = refused(folder.resolve("store.db"), EAST);
        assertEquals(Code.NOT_THIS_STORE, e.code());
        assertTrue(e.getMessage().contains("eu-west"), e.getMessage());
        open(folder, WEST, CLOCK).close();
    }

    @Test
    void refusesASecondOpening(@TempDir Path folder) {
        try (RegionStore store = open(folder, WEST, CLOCK)) {
            StoreException e = refused(folder.resolve("store.db"), WEST);
            assertEquals(Code.IN_USE, e.code());
            assertTrue(
                    e.getMessage().contains("process " + ProcessHandle.current().pid()),
                    e.getMessage());
            await(store.append(List.of(draft("a")), List.of()));
        }
        open(folder, WEST, CLOCK).close();
    }

    private static Map<String, CodeDigest> contents(Path folder) throws IOException {
        Map<String, CodeDigest> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), CodeDigest.of(Files.readAllBytes(file)));
            }
        }
        return found;
    }

    @Test
    void aFullDiskFailsCleanly(@TempDir Path folder) {
        StoreSettings small =
                new StoreSettings(
                        folder.resolve("store.db"),
                        WEST,
                        ByteSize.ofKiB(512),
                        ByteSize.ofKiB(64),
                        Duration.ofDays(7),
                        Duration.ofDays(1));
        Draft big = new Draft(RecordKind.TASK, "a/b", "{\"x\":\"" + "y".repeat(50_000) + "\"}");
        long written = 0;
        FeedPositions positions;
        try (RegionStore store = SqliteStore.open(small, TestSeals.ALL, CLOCK, new Random(1))) {
            CompletableFuture<List<FeedRecord>> next = store.append(List.of(big, big), List.of());
            while (succeeds(next)) {
                written += 2;
                assertTrue(written < 100, "never full");
                next = store.append(List.of(big, big), List.of());
            }
            assertEquals(Code.FULL, failure(next));
            positions = await(store.positions());
            assertEquals(written, positions.position(WEST).orElseThrow().seq());
            assertEquals(written, await(store.read(WEST, store.log(), 0, 200)).size());
            await(store.append(List.of(draft("small")), List.of()));
        }
        try (RegionStore store = SqliteStore.open(small, TestSeals.ALL, CLOCK, new Random(1))) {
            assertTrue(await(store.positions()).covers(WEST, store.log(), written + 1));
            await(store.loadCatalog());
        }
    }

    private static boolean succeeds(CompletableFuture<?> future) {
        return !future.handle((result, failure) -> failure != null).join();
    }

    @Test
    void keepsLogsWithinTheirSpaceAndCountsWhatItDropped(@TempDir Path folder) {
        StoreSettings small =
                new StoreSettings(
                        folder.resolve("store.db"),
                        WEST,
                        ByteSize.ofMiB(4),
                        ByteSize.ofKiB(64),
                        Duration.ofDays(7),
                        Duration.ofDays(1));
        try (RegionStore store = SqliteStore.open(small, TestSeals.ALL, CLOCK, new Random(1))) {
            for (int i = 0; i < 1000; i++) {
                store.appendLogs(List.of(line(HELLO, i + ":" + "x".repeat(900)))).join();
            }
            LogPage page = await(store.readLogs(HELLO, 0, 2000));
            assertEquals(1000, page.entries().size() + page.droppedLines());
            assertTrue(page.entries().size() > 50 && page.entries().size() < 70, page::toString);
            assertTrue(page.entries().getLast().line().text().startsWith("999:"));
        }
    }

    @Test
    void knowsTheNumberOfItsLastMigration(@TempDir Path folder) {
        open(folder, WEST, CLOCK).close();
        try (Database database = SqliteEngine.open(folder.resolve("store.db"))) {
            int last =
                    database.first(
                                    row -> row.getInt(1),
                                    "SELECT max(CAST(version AS INTEGER)) FROM"
                                            + " flyway_schema_history")
                            .orElseThrow();
            assertEquals(SqliteSchema.VERSION, last);
        }
    }
}
