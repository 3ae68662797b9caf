package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.WEST;
import static io.runnel.cluster.store.StoreFixture.await;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;
import io.runnel.routing.catalog.TestSeals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A process that is killed while it writes: what it acknowledged is there. */
final class StoreCrashIT {
    private static final int ACKNOWLEDGED = 300;

    @Test
    void whatWasAcknowledgedSurvivesKillDashNine(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("store.db");
        long last = 0;
        for (int round = 0; round < 2; round++) {
            long acknowledged = killWhileWriting(file, last + ACKNOWLEDGED);
            try (RegionStore store = open(file)) {
                last = checkWhole(store);
                assertTrue(last >= acknowledged, last + " kept of " + acknowledged);
            }
        }
    }

    private static RegionStore open(Path file) {
        return SqliteStore.open(
                StoreSettings.of(file, WEST), TestSeals.ALL, InstantSource.system(), new Random());
    }

    /** Starts a writer, reads what it acknowledges, kills it in the middle; the last number. */
    private static long killWhileWriting(Path file, long until) throws IOException {
        Process writer =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-XX:TieredStopAtLevel=1",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Writer.class.getName(),
                                file.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader lines = writer.inputReader(StandardCharsets.US_ASCII)) {
            long acknowledged = 0;
            while (acknowledged < until) {
                String line = lines.readLine();
                assertTrue(line != null, "the writer ended at " + acknowledged);
                acknowledged = Long.parseLong(line);
            }
            // By its handle: the process itself would close its output, which is read to its end.
            writer.toHandle().destroyForcibly();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged = Long.parseLong(line);
            }
            return acknowledged;
        } finally {
            writer.destroyForcibly();
            assertTrue(ended(writer), "the writer does not end");
        }
    }

    private static boolean ended(Process process) {
        try {
            return process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long checkWhole(RegionStore store) {
        Position head = Position.start(store.log());
        List<FeedRecord> page = await(store.read(WEST, store.log(), 0, 1000));
        while (!page.isEmpty()) {
            for (FeedRecord record : page) {
                HashChain.requireNext(head, record);
                head = Position.of(record);
            }
            page = await(store.read(WEST, store.log(), head.seq(), 1000));
        }
        assertEquals(head, await(store.positions()).position(WEST).orElseThrow());
        assertEquals(0, head.seq() % 3, "a batch of three was written in part");
        return head.seq();
    }

    /** Appends batches of three without end and prints the last number of each. */
    static final class Writer {
        public static void main(String[] arguments) {
            try (RegionStore store = open(Path.of(arguments[0]))) {
                while (true) {
                    List<Draft> three =
                            List.of(
                                    StoreFixture.draft("a"),
                                    StoreFixture.draft("b"),
                                    StoreFixture.draft("c"));
                    List<FeedRecord> written = await(store.append(three, List.of()));
                    System.out.println(written.getLast().seq());
                }
            }
        }
    }
}
