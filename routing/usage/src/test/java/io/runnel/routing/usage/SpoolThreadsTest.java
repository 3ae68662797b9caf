package io.runnel.routing.usage;

import static io.runnel.routing.usage.UsageRecords.EU;
import static io.runnel.routing.usage.UsageRecords.FIRST;
import static io.runnel.routing.usage.UsageRecords.US;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Many add while one reads and acknowledges, and others do what any thread may. */
class SpoolThreadsTest {
    private static final int THREADS = 4;
    private static final int EACH = 20_000;

    private final Random seeds = UsageRecords.random();
    private final Set<RequestId> added = ConcurrentHashMap.newKeySet();
    private final Set<RequestId> taken = new HashSet<>();
    private final Map<RegionId, Long> last = new HashMap<>();

    @TempDir private Path folder;

    private void add(UsageSpool spool, Random random) {
        for (int i = 0; i < EACH; i++) {
            RegionId home = random.nextInt(3) == 0 ? US : EU;
            UsageRecord record = UsageRecords.record(random, home);
            if (spool.add(record)) {
                added.add(record.id());
            }
        }
    }

    private void takeOne(UsageSpool spool, RegionId home) {
        Optional<UsageBatch> next = spool.next(home, 500, 1 << 16);
        if (next.isEmpty()) {
            return;
        }
        UsageBatch batch = next.get();
        assertEquals(last.getOrDefault(home, 0L), batch.from());
        for (UsageBatch.Entry entry : batch.entries()) {
            assertEquals(home, entry.record().home());
            assertTrue(taken.add(entry.record().id()), "delivered twice");
        }
        last.put(home, batch.to());
        spool.acknowledge(home, batch.spool(), batch.to());
    }

    private List<Thread> adders(UsageSpool spool) {
        List<Thread> adders = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(seeds.nextLong());
            adders.add(Thread.ofPlatform().start(() -> add(spool, random)));
        }
        return adders;
    }

    @Test
    void eachRecordIsDeliveredOnceInOrder() throws IOException, InterruptedException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, new SpoolLimits(1 << 16, 1 << 20))) {
            List<Thread> adders = adders(spool);
            while (adders.stream().anyMatch(Thread::isAlive)) {
                spool.prepare();
                takeOne(spool, EU);
                takeOne(spool, US);
                spool.force();
                assertTrue(spool.pendingBytes() <= 1 << 20);
            }
            for (Thread adder : adders) {
                adder.join();
            }
            while (!spool.destinations().isEmpty()) {
                spool.destinations().forEach(home -> takeOne(spool, home));
            }
            assertEquals(added, taken);
            assertEquals(added.size(), spool.added());
            assertEquals(THREADS * EACH, spool.added() + spool.lost());
            assertEquals(0, spool.damaged());
            assertEquals(0, spool.pendingBytes());
        }
    }

    @Test
    void whatWasTakenBeforeTheEndIsFoundAfterIt() throws IOException, InterruptedException {
        UsageSpool spool = UsageSpool.open(folder, FIRST, new SpoolLimits(1 << 16, 64 << 20));
        List<Thread> adders = adders(spool);
        while (added.size() < 1000) {
            Thread.onSpinWait();
        }
        spool.close();
        for (Thread adder : adders) {
            adder.join();
        }
        try (UsageSpool next = UsageSpool.open(folder, UsageRecords.SECOND, SpoolLimits.DEFAULT)) {
            next.destinations()
                    .forEach(
                            home ->
                                    UsageRecords.take(next, home)
                                            .forEach(each -> taken.add(each.id())));
            assertTrue(taken.containsAll(added));
            assertEquals(added.size(), spool.added());
        }
    }
}
