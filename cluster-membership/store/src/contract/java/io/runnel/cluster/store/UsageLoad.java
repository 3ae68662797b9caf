package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.START;
import static io.runnel.cluster.store.StoreFixture.WEST;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RequestId;
import io.runnel.routing.catalog.TestSeals;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageRecord;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * How many records a second a region takes, on each engine, beside what the engine does when it is
 * given the same rows in the same transactions and nothing is counted.
 *
 * <p>Its arguments: a folder that it may fill, and how many batches.
 */
final class UsageLoad {
    private static final int ROUNDS = 3;
    private static final int RECORDS_A_MILLI = 16;
    private static final int PAYERS = 500;

    private UsageLoad() {}

    /** Prints the figures. */
    public static void main(String[] args) throws IOException {
        Path folder = Files.createTempDirectory(Path.of(args[0]), "usage-load");
        List<UsageBatch> batches = batches(Integer.parseInt(args[1]));
        SqliteEngine.open(folder.resolve("warm.db")).close();
        StoreSettings sqlite = StoreSettings.of(folder.resolve("store.db"), WEST);
        for (int round = 0; round < ROUNDS; round++) {
            try (RegionStore store =
                    SqliteStore.open(sqlite, TestSeals.ALL, () -> START, new Random(1))) {
                measure("sqlite ledger", spooled(batches, round), store.usage());
            }
            try (Database database = SqliteEngine.open(sqlite.file())) {
                SqliteStore.setUp(database, sqlite);
                floor("sqlite floor", spooled(batches, ROUNDS + round), database);
            }
        }
        Path password = Files.writeString(folder.resolve("password"), PostgresServer.PASSWORD);
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
        try (PostgresServer server = PostgresServer.start()) {
            server.sql("postgres", "CREATE DATABASE load");
            PostgresSettings postgres =
                    new PostgresSettings(
                            "127.0.0.1",
                            server.port(),
                            "load",
                            PostgresServer.USER,
                            Optional.of(password),
                            Optional.empty(),
                            WEST,
                            "eu-west-1",
                            Retention.DEFAULT);
            for (int round = 0; round < ROUNDS; round++) {
                onPostgres(postgres, batches, round);
            }
        }
    }

    private static void onPostgres(PostgresSettings postgres, List<UsageBatch> batches, int round) {
        try (RegionStore store =
                PostgresStore.open(
                        postgres, TestSeals.ALL, () -> START, System::nanoTime, new Random(1))) {
            measure("postgres ledger", spooled(batches, round), store.usage());
        }
        try (Database database = Database.open(new PostgresEngine(postgres, System::nanoTime))) {
            floor("postgres floor", spooled(batches, ROUNDS + round), database);
        }
    }

    private static List<UsageBatch> batches(int count) {
        Random random = new Random(1);
        List<UsageBatch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<UsageBatch.Entry> entries = new ArrayList<>();
            long from = (long) i * UsageBatch.MOST_ENTRIES;
            for (int n = 0; n < UsageBatch.MOST_ENTRIES; n++) {
                Instant ended = START.plusMillis((from + n) / RECORDS_A_MILLI);
                entries.add(new UsageBatch.Entry(from + n, record(ended, random)));
            }
            batches.add(
                    new UsageBatch(
                            UsageFixture.SPOOL, from, from + UsageBatch.MOST_ENTRIES, entries));
        }
        return batches;
    }

    /** As they come in: just ended, of many payers. */
    private static UsageRecord record(Instant ended, Random random) {
        UsageRecord any = UsageFixture.any(random, START);
        return new UsageRecord(
                RequestId.next(ended.toEpochMilli(), random),
                ended.toEpochMilli(),
                new AccountId("payer-" + random.nextInt(PAYERS)),
                any.key(),
                any.task(),
                any.version(),
                any.home(),
                any.start(),
                any.outcome(),
                any.startNanos(),
                any.runNanos(),
                any.cpuNanos(),
                any.memoryBytes(),
                any.bytesIn(),
                any.bytesOut(),
                Optional.empty(),
                RequestDigest.NONE);
    }

    private static List<UsageBatch> spooled(List<UsageBatch> batches, int boot) {
        UsageBatch.Spool spool = UsageFixture.spool("pop-ams", 100 + boot);
        return batches.stream()
                .map(batch -> new UsageBatch(spool, batch.from(), batch.to(), batch.entries()))
                .toList();
    }

    private static void measure(String what, List<UsageBatch> batches, UsageLedger ledger) {
        long begin = System.nanoTime();
        for (UsageBatch batch : batches) {
            long unused = ledger.take(batch, START).join();
        }
        tell(what, batches, System.nanoTime() - begin);
    }

    private static void floor(String what, List<UsageBatch> batches, Database database) {
        long begin = System.nanoTime();
        for (UsageBatch batch : batches) {
            int unused =
                    database.transaction(
                            () -> {
                                UsageChunks.insert(database, batch.spool(), batch.entries());
                                return 0;
                            });
        }
        tell(what, batches, System.nanoTime() - begin);
    }

    private static void tell(String what, List<UsageBatch> batches, long nanos) {
        double records = batches.stream().mapToInt(batch -> batch.entries().size()).sum();
        System.out.printf(
                "%-16s %8.0f records/s, %6.1f ms a batch%n",
                what, records / nanos * 1e9, nanos / 1e6 / batches.size());
    }
}
