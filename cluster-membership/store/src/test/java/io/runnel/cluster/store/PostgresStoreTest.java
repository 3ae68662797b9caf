package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.EAST;
import static io.runnel.cluster.store.StoreFixture.HELLO;
import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.account;
import static io.runnel.cluster.store.StoreFixture.await;
import static io.runnel.cluster.store.StoreFixture.draft;
import static io.runnel.cluster.store.StoreFixture.failure;
import static io.runnel.cluster.store.StoreFixture.line;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.StoreException.Code;
import io.runnel.cluster.store.StoreFixture.Peer;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.CatalogHolder;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.RecordKind;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.routing.usage.UsageBatch;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** The store's contract on a real server, and what several nodes on one database see. */
final class PostgresStoreTest
        implements RegionStoreContract,
                AuditLogContract,
                SealedStoreContract,
                UsageLedgerContract,
                UsageKeepingContract,
                KeptEventsContract {
    private static final String NODE = "eu-west-1";
    private static final InstantSource CLOCK = new ManualClock(StoreFixture.START);
    private static final Map<Path, String> DATABASES = new HashMap<>();
    private static PostgresServer server;
    private static Path password;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws IOException {
        server = PostgresServer.startOrSkip();
        password = file(folder.resolve("password"), PostgresServer.PASSWORD);
    }

    private static Path file(Path path, String text) throws IOException {
        Files.writeString(path, text + "\n");
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
    }

    @AfterAll
    static void endServer() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    private static synchronized String name(Path folder) {
        return DATABASES.computeIfAbsent(
                folder,
                f -> {
                    String name = "store" + DATABASES.size();
                    try {
                        server.sql("postgres", "CREATE DATABASE " + name);
                    } catch (IOException e) {
                        throw new IllegalStateException(e);
                    }
                    return name;
                });
    }

    private static PostgresSettings settings(String database, RegionId origin) {
        return new PostgresSettings(
                "127.0.0.1",
                server.port(),
                database,
                PostgresServer.USER,
                Optional.of(password),
                Optional.empty(),
                origin,
                NODE,
                Retention.DEFAULT);
    }

    @Override
    public RegionStore open(Path folder, RegionId origin, InstantSource clock) {
        return open(settings(name(folder), origin), clock);
    }

    @Override
    public void tamper(Path folder, String sql) {
        try (Database database = database(folder)) {
            database.update(sql);
        }
    }

    private static PostgresEngine engine(Path folder) {
        return new PostgresEngine(settings(name(folder), WEST), System::nanoTime);
    }

    @Override
    public Database database(Path folder) {
        return Database.open(engine(folder));
    }

    @Override
    public void makeTables(Path folder, int schema) {
        PostgresSchema.migrate(engine(folder), schema);
    }

    @Override
    public List<String> plan(Database database, String statement) {
        database.execute("SET enable_seqscan = off");
        return database.list(row -> row.getString(1), "EXPLAIN " + statement);
    }

    @Override
    public void unseal(Path folder) {
        tamper(folder, "ALTER TABLE feed_record DROP CONSTRAINT feed_record_sealed");
        tamper(folder, "DELETE FROM feed_seal");
    }

    private static RegionStore open(PostgresSettings settings, InstantSource clock) {
        return PostgresStore.open(settings, TestSeals.ALL, clock, System::nanoTime, new Random());
    }

    private RegionStore open(Path folder) {
        return open(folder, WEST, CLOCK);
    }

    @Test
    void nodesThatWriteAtOnceMakeOneChain(@TempDir Path folder) {
        try (RegionStore one = open(folder);
                RegionStore two = open(folder);
                RegionStore three = open(folder)) {
            List<RegionStore> nodes = List.of(one, two, three);
            assertEquals(one.log(), two.log());
            List<CompletableFuture<?>> writes = new ArrayList<>();
            List<CatalogHolder> catalogs = new ArrayList<>();
            for (RegionStore node : nodes) {
                CatalogHolder catalog = new CatalogHolder(() -> 0);
                await(node.listen(StoreFixture.into(catalog)));
                catalogs.add(catalog);
            }
            for (int i = 0; i < 40; i++) {
                for (int n = 0; n < nodes.size(); n++) {
                    List<Draft> both = List.of(draft("n" + n + "a" + i), draft("n" + n + "b" + i));
                    writes.add(nodes.get(n).append(both, List.of()));
                }
            }
            writes.forEach(StoreFixture::await);

            Position head = Position.start(one.log());
            for (FeedRecord record : await(two.read(WEST, one.log(), 0, 4096))) {
                HashChain.requireNext(head, record);
                head = Position.of(record);
            }
            assertEquals(240, head.seq());
            for (int n = 0; n < nodes.size(); n++) {
                assertEquals(head, await(nodes.get(n).positions()).position(WEST).orElseThrow());
                assertEquals(240, catalogs.get(n).current().accounts().count());
            }
        }
    }

    @Test
    void aWriteIsToldToTheOtherNodes(@TempDir Path folder) throws InterruptedException {
        CountDownLatch heard = new CountDownLatch(1);
        CatalogHolder catalog = new CatalogHolder(() -> 0);
        catalog.onChange(
                (before, after) -> {
                    if (after.account(new AccountId("there")).isPresent()) {
                        heard.countDown();
                    }
                });
        try (RegionStore here = open(folder);
                RegionStore there = open(folder)) {
            await(here.listen(StoreFixture.into(catalog)));
            await(there.append(List.of(draft("there")), List.of()));
            assertTrue(heard.await(20, TimeUnit.SECONDS), "not told");
        }
    }

    /** A node sends to whichever it reaches, and again to another when it hears nothing. */
    @Test
    void whatComesToSeveralNodesAtOnceIsCountedOnce(@TempDir Path folder) {
        var entries = UsageFixture.entries(600, UsageFixture.random(), StoreFixture.START);
        try (RegionStore one = open(folder);
                RegionStore two = open(folder);
                RegionStore three = open(folder)) {
            List<CompletableFuture<?>> taken = new ArrayList<>();
            for (long end = 500; end <= 6000; end += 500) {
                UsageBatch batch = UsageFixture.cut(UsageFixture.SPOOL, entries, 0, end);
                for (RegionStore node : List.of(one, two, three)) {
                    taken.add(node.usage().take(batch, StoreFixture.START));
                }
            }
            taken.forEach(StoreFixture::await);
            CountedUsage.requireCounted(three.usage(), entries);
            assertEquals(
                    await(one.usage().spool(UsageFixture.SPOOL)),
                    await(two.usage().spool(UsageFixture.SPOOL)));
        }
    }

    @Test
    void aPreconditionHoldsAgainstAllNodes(@TempDir Path folder) {
        try (RegionStore one = open(folder);
                RegionStore two = open(folder)) {
            List<Precondition> absent = List.of(Precondition.absent(RecordKind.ACCOUNT, "a"));
            await(one.append(List.of(draft("a")), absent));
            assertEquals(Code.CONFLICT, failure(two.append(List.of(draft("a")), absent)));
        }
    }

    @Test
    void whoIsShutOutDoesNotWriteAndIsLetInAgain(@TempDir Path folder) {
        try (RegionStore here = open(folder);
                RegionStore there = open(folder)) {
            await(there.admit(0, Set.of("eu-west-2", "eu-west-3")));
            assertEquals(Code.FENCED, failure(here.append(List.of(draft("a")), List.of())));
            assertEquals(0, await(here.positions()).position(WEST).orElseThrow().seq());
            await(there.admit(1, Set.of(NODE, "eu-west-2")));
            await(here.append(List.of(draft("a")), List.of()));
        }
    }

    /** Each node follows the other regions: what one has kept the next one need not. */
    @Test
    void aCopyThatAnotherNodeKeptIsKept(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        FeedRecord first = east.write(account("a"));
        FeedRecord second = east.write(account("b"));
        FeedRecord third = east.write(account("c"));
        CatalogHolder catalog = new CatalogHolder(() -> 0);
        try (RegionStore one = open(folder);
                RegionStore two = open(folder)) {
            await(two.listen(StoreFixture.into(catalog)));
            await(one.copy(List.of(first, second)));
            if (StoreFixture.isRefused(two.copy(List.of(first, second, third)))) {
                // It was told of both already: who follows by that asks for the rest.
                await(two.copy(List.of(third)));
            }
            assertEquals(3, await(one.read(EAST, "LOGE", 0, 10)).size());
            assertEquals(3, catalog.current().accounts().count());
            CatalogException again = failure(CatalogException.class, two.copy(List.of(first)));
            assertEquals(CatalogException.Code.GAP, again.code());
        }
    }

    @Test
    void anOlderSnapshotDoesNotTakeANewersPlace(@TempDir Path folder) {
        Peer east = new Peer(EAST, "LOGE");
        east.write(account("a"));
        List<FeedRecord> older = List.copyOf(east.written);
        east.write(account("b"));
        try (RegionStore one = open(folder);
                RegionStore two = open(folder)) {
            await(one.replace(EAST, east.written));
            await(two.replace(EAST, older));
            assertEquals(2, await(two.positions()).position(EAST).orElseThrow().seq());
        }
    }

    @Test
    void goesOnWhenTheServerComesBack(@TempDir Path folder) throws IOException {
        CatalogHolder catalog = new CatalogHolder(() -> 0);
        try (RegionStore one = open(folder);
                RegionStore two = open(folder)) {
            await(two.listen(StoreFixture.into(catalog)));
            await(one.append(List.of(draft("a")), List.of()));
            server.stop();
            try {
                StoreException lost =
                        failure(StoreException.class, one.append(List.of(draft("b")), List.of()));
                assertEquals(Code.FAILED, lost.code());
                assertTrue(lost.retryable());
                assertTrue(lost.getMessage().startsWith("postgresql://runnel@"), lost.toString());
            } finally {
                server.startAgain();
            }
            await(again(() -> one.append(List.of(draft("c")), List.of())));
            assertEquals(2, await(again(two::positions)).position(WEST).orElseThrow().seq());
            assertEquals(2, catalog.current().accounts().count());
        }
    }

    /** A connection that was lost unnoticed is made anew, and nobody is told of it. */
    @Test
    void aConnectionThatTheServerEndedIsNoFailure(@TempDir Path folder) throws IOException {
        try (RegionStore store = open(folder)) {
            await(store.append(List.of(draft("a")), List.of()));
            server.sql(
                    "postgres",
                    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                            + " WHERE application_name = 'runnel'");
            await(store.append(List.of(draft("b")), List.of()));
        }
    }

    private static <T> CompletableFuture<T> again(Supplier<CompletableFuture<T>> call) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        CompletableFuture<T> last = call.get();
        while (last.handle((done, failure) -> failure != null).join()
                && System.nanoTime() < deadline) {
            last = call.get();
        }
        return last;
    }

    @Test
    void refusesAnotherRegionsDatabase(@TempDir Path folder) {
        open(folder).close();
        StoreException e =
                assertThrows(StoreException.class, () -> open(folder, EAST, CLOCK).close());
        assertEquals(Code.NOT_THIS_STORE, e.code());
    }

    @Test
    void refusesANewerSchema(@TempDir Path folder) throws IOException {
        open(folder).close();
        server.sql(
                name(folder),
                "INSERT INTO runnel.flyway_schema_history SELECT 99, '99', description, type,"
                        + " 'V99__x.sql', checksum, installed_by, installed_on, execution_time,"
                        + " true FROM runnel.flyway_schema_history WHERE version = '1'");
        StoreException e = assertThrows(StoreException.class, () -> open(folder).close());
        assertEquals(Code.NEWER_SCHEMA, e.code());
    }

    @Test
    void knowsTheNumberOfItsLastMigration(@TempDir Path folder) throws IOException {
        open(folder).close();
        assertEquals(
                Integer.toString(PostgresSchema.VERSION),
                server.sql(
                        name(folder),
                        "SELECT max(CAST(version AS INTEGER)) FROM"
                                + " runnel.flyway_schema_history"));
    }

    @Test
    void noFailureTellsThePassword(@TempDir Path folder) throws IOException {
        Path wrong = file(folder.resolve("wrong"), "xyzzy-wrong");
        PostgresSettings good = settings(name(folder), WEST);
        PostgresSettings refused =
                new PostgresSettings(
                        good.host(),
                        good.port(),
                        good.database(),
                        good.user(),
                        Optional.of(wrong),
                        Optional.empty(),
                        WEST,
                        NODE,
                        Retention.DEFAULT);
        StoreException proof =
                assertThrows(StoreException.class, () -> open(refused, CLOCK).close());
        StoreException missing =
                assertThrows(
                        StoreException.class, () -> open(settings("nowhere", WEST), CLOCK).close());
        assertTrue(missing.getMessage().contains("createdb"), missing.getMessage());
        assertFalse(text(proof).contains("xyzzy"), text(proof));
        assertFalse(text(missing).contains(PostgresServer.PASSWORD), text(missing));
        Files.setPosixFilePermissions(wrong, PosixFilePermissions.fromString("rw-r--r--"));
        StoreException open =
                assertThrows(StoreException.class, () -> open(refused, CLOCK).close());
        assertTrue(open.getMessage().contains("chmod 600"), open.getMessage());
    }

    private static String text(Throwable thrown) {
        StringWriter text = new StringWriter();
        thrown.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void keepsALineThatTheEngineWouldNot(@TempDir Path folder) {
        try (RegionStore store = open(folder)) {
            await(store.appendLogs(List.of(line(HELLO, "a\0b"))));
            LogPage page = await(store.readLogs(HELLO, 0, 10));
            assertEquals("a\uFFFDb", page.entries().getFirst().line().text());
        }
    }

    private static boolean replace(PostgresSettings to, Dumped rows, String aside) {
        return PostgresStore.replace(
                to, System::nanoTime, PostgresSchema.VERSION, rows::into, made -> {}, aside);
    }

    @Test
    void whatIsReadWhileNodesRunTakesAStoresPlace(@TempDir Path folder, @TempDir Path other)
            throws IOException {
        PostgresSettings from = settings(name(folder), WEST);
        PostgresSettings to = settings(name(other), WEST);
        Dumped dumped = new Dumped();
        String log;
        try (RegionStore store = open(from, CLOCK)) {
            StoreContents.write(store);
            log = store.log();
            StoreSummary summary = PostgresStore.read(from, System::nanoTime, dumped);
            assertEquals(2, summary.seq());
        }
        String before;
        try (RegionStore store = open(to, CLOCK)) {
            before = store.log();
            StoreException e =
                    assertThrows(StoreException.class, () -> replace(to, dumped, "aside"));
            assertEquals(Code.IN_USE, e.code());
        }
        assertTrue(replace(to, dumped, "aside"));
        Dumped again = new Dumped();
        StoreSummary made = PostgresStore.read(to, System::nanoTime, again);
        assertEquals(log, made.log());
        assertEquals(dumped.text(), again.text());
        assertEquals(
                before,
                server.sql(name(other), "SELECT value FROM aside.store_fact WHERE name='log'"));
        try (RegionStore store = open(to, CLOCK)) {
            assertEquals(3, await(store.append(List.of(draft("e")), List.of())).getFirst().seq());
            await(store.appendLogs(List.of(line(HELLO, "later"))));
        }
    }

    /** Ends when a restore has asked for the nodes that are connected, and has its answer. */
    private static final String UNTIL_SEEN =
            """
            DO $$ BEGIN
              LOOP
                PERFORM pg_stat_clear_snapshot();
                EXIT WHEN EXISTS (SELECT 1 FROM pg_stat_activity
                  WHERE application_name = 'runnel-copy' AND datname = current_database()
                    AND state = 'idle' AND query LIKE '%FROM pg_stat_activity%');
              END LOOP;
            END $$
            """;

    private static final String WAITING =
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'runnel'"
                    + " AND datname = current_database() AND query LIKE 'DO %'";

    @Test
    void aNodeThatIsEndingIsWaitedFor(@TempDir Path folder) throws Exception {
        String name = name(folder);
        PostgresSettings to = settings(name, WEST);
        Dumped dumped = new Dumped();
        try (RegionStore store = open(to, CLOCK)) {
            StoreContents.write(store);
            PostgresStore.read(to, System::nanoTime, dumped);
        }
        FutureTask<String> node =
                new FutureTask<>(
                        () -> server.sql(name, "SET application_name = 'runnel'", UNTIL_SEEN));
        Thread connected = Thread.ofPlatform().start(node);
        while (connected.isAlive() && !server.sql(name, WAITING).equals("1")) {
            Thread.onSpinWait();
        }
        assertTrue(replace(to, dumped, "aside"));
        assertEquals("", node.get());
    }

    @Test
    void rowsThatMakeNoStoreLeaveTheOneThatIsThere(@TempDir Path folder) {
        PostgresSettings to = settings(name(folder), WEST);
        open(to, CLOCK).close();
        StoreException e =
                assertThrows(StoreException.class, () -> replace(to, new Dumped(), "aside"));
        assertEquals(Code.NOT_THIS_STORE, e.code());
        open(to, CLOCK).close();
    }
}
