package io.runnel.routing.usage;

import static io.runnel.routing.usage.UsageRecords.EU;
import static io.runnel.routing.usage.UsageRecords.FIRST;
import static io.runnel.routing.usage.UsageRecords.SECOND;
import static io.runnel.routing.usage.UsageRecords.SMALL;
import static io.runnel.routing.usage.UsageRecords.THIRD;
import static io.runnel.routing.usage.UsageRecords.US;
import static io.runnel.routing.usage.UsageRecords.fill;
import static io.runnel.routing.usage.UsageRecords.record;
import static io.runnel.routing.usage.UsageRecords.records;
import static io.runnel.routing.usage.UsageRecords.take;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

class UsageSpoolTest {
    private final Random random = UsageRecords.random();

    @TempDir private Path folder;

    private long segmentFiles() throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".usage")).count();
        }
    }

    @Test
    void anEmptySpoolHasNothing() throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            assertEquals(Set.of(), spool.destinations());
            assertEquals(Optional.empty(), spool.next(EU, 10, 4096));
            assertEquals(0, spool.pendingBytes());
            assertThrows(IllegalArgumentException.class, () -> spool.next(EU, 0, 4096));
            assertThrows(IllegalArgumentException.class, () -> spool.next(EU, 1, 100));
        }
    }

    @Test
    void aBatchComesAgainUntilItIsAcknowledged() throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            List<UsageRecord> added = fill(spool, 100, random, EU);
            assertEquals(100, spool.added());
            assertTrue(spool.pendingBytes() > 100 * 100);
            UsageBatch first = spool.next(EU, 10, 1 << 20).orElseThrow();
            assertEquals(added.subList(0, 10), records(first));
            assertEquals(Optional.of(first), spool.next(EU, 10, 1 << 20));
            spool.acknowledge(EU, FIRST, first.to());
            UsageBatch second = spool.next(EU, 10, 1 << 20).orElseThrow();
            assertEquals(added.subList(10, 20), records(second));
            assertEquals(first.to(), second.from());
            spool.acknowledge(EU, FIRST, first.to());
            assertEquals(Optional.of(second), spool.next(EU, 10, 1 << 20));
            assertEquals(added.subList(10, 100), take(spool, EU));
            assertEquals(0, spool.pendingBytes());
            assertEquals(0, spool.damaged());
        }
    }

    @Test
    void aBatchIsOnTheWireNoLargerThanWasAsked() throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            List<UsageRecord> added = fill(spool, 300, random, EU);
            List<UsageRecord> taken = new ArrayList<>();
            while (!spool.destinations().isEmpty()) {
                int most = 1024 + random.nextInt(10_000);
                UsageBatch batch = spool.next(EU, 4096, most).orElseThrow();
                byte[] bytes = UsageBatchCodec.encode(batch);
                assertTrue(bytes.length <= most);
                taken.addAll(records(UsageBatchCodec.decode(bytes)));
                spool.acknowledge(EU, FIRST, batch.to());
            }
            assertEquals(added, taken);
        }
    }

    @Test
    void acknowledgementsOfNobodyAndOfTooMuchLoseNothing() throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            List<UsageRecord> added = fill(spool, 100, random, EU);
            UsageBatch first = spool.next(EU, 10, 1 << 20).orElseThrow();
            spool.acknowledge(US, FIRST, first.to());
            spool.acknowledge(EU, SECOND, first.to());
            spool.acknowledge(EU, FIRST, -1);
            assertEquals(Optional.of(first), spool.next(EU, 10, 1 << 20));
            // Within the first frame that it does not have: that one comes again.
            spool.acknowledge(EU, FIRST, first.to() + 9);
            assertEquals(added.subList(10, 100), take(spool, EU));
            spool.acknowledge(EU, FIRST, Long.MAX_VALUE);
            assertEquals(fill(spool, 1, random, EU), take(spool, EU));
        }
    }

    @Test
    void eachRegionGetsItsOwn() throws IOException {
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            List<UsageRecord> eu = new ArrayList<>();
            List<UsageRecord> us = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                RegionId home = random.nextInt(4) == 0 ? US : EU;
                (home.equals(US) ? us : eu).addAll(fill(spool, 1, random, home));
            }
            assertEquals(Set.of(EU, US), spool.destinations());
            long files = segmentFiles();
            assertEquals(eu, take(spool, EU));
            assertEquals(Set.of(US), spool.destinations());
            assertEquals(Optional.empty(), spool.next(EU, 10, 4096));
            assertTrue(segmentFiles() > files / 2);
            UsageBatch batch = spool.next(US, 4096, 1 << 20).orElseThrow();
            assertEquals(us, records(batch));
            spool.acknowledge(US, FIRST, batch.to());
            assertEquals(1, segmentFiles());
        }
    }

    @Test
    void aFullSpoolRefusesAndGoesOn() throws IOException {
        var limits = new SpoolLimits(4096, 4 * 4096);
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, limits)) {
            for (int round = 0; round < 20; round++) {
                List<UsageRecord> added = new ArrayList<>();
                UsageRecord record = record(random, EU);
                while (spool.add(record)) {
                    added.add(record);
                    assertTrue(added.size() < 1000, "never full");
                    spool.prepare();
                    record = record(random, EU);
                }
                assertEquals(round + 1, spool.lost());
                assertEquals(4, segmentFiles());
                assertEquals(added, take(spool, EU));
            }
        }
    }

    @Test
    void earlierBootsCountAsFull() throws IOException {
        var limits = new SpoolLimits(4096, 4 * 4096);
        List<UsageRecord> earlier = new ArrayList<>();
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, limits)) {
            UsageRecord record = record(random, EU);
            while (spool.add(record)) {
                earlier.add(record);
                assertTrue(earlier.size() < 1000, "never full");
                record = record(random, EU);
            }
        }
        try (UsageSpool spool = UsageSpool.open(folder, SECOND, limits)) {
            assertFalse(spool.add(record(random, EU)));
            assertEquals(earlier, take(spool, EU));
            assertEquals(fill(spool, 1, random, EU), take(spool, EU));
        }
    }

    @Test
    void aClosedSpoolTakesNothingAndKeepsAll() throws IOException {
        UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL);
        List<UsageRecord> added = fill(spool, 100, random, EU);
        spool.close();
        spool.close();
        spool.prepare();
        spool.force();
        assertFalse(spool.add(record(random, EU)));
        assertEquals(1, spool.lost());
        assertThrows(FileAlreadyExistsException.class, () -> UsageSpool.open(folder, FIRST, SMALL));
        try (UsageSpool next = UsageSpool.open(folder, SECOND, SMALL)) {
            next.force();
            assertEquals(Set.of(EU), next.destinations());
            assertTrue(next.pendingBytes() > 0);
            assertEquals(FIRST, next.next(EU, 1, 4096).orElseThrow().spool());
            assertEquals(added, take(next, EU));
            assertEquals(0, next.damaged());
            assertFalse(Files.exists(folder.resolve(FIRST.boot())));
        }
    }

    @Test
    void theOldestBootGoesFirst() throws IOException {
        List<UsageRecord> added = new ArrayList<>();
        for (UsageBatch.Spool boot : List.of(FIRST, SECOND, THIRD)) {
            try (UsageSpool spool = UsageSpool.open(folder, boot, SMALL)) {
                added.addAll(fill(spool, 30, random, EU));
            }
        }
        var limits = new SpoolLimits(8192, 1 << 20);
        var last = new UsageBatch.Spool(UsageRecords.NODE, "5555555555555555");
        try (UsageSpool spool = UsageSpool.open(folder, last, limits)) {
            added.addAll(fill(spool, 100, random, EU));
            assertEquals(added, take(spool, EU));
        }
    }

    @Test
    void whatIsAcknowledgedStaysSoWhenTheNextOneOpens() throws IOException {
        List<UsageRecord> added;
        UsageBatch batch;
        try (UsageSpool spool = UsageSpool.open(folder, FIRST, SMALL)) {
            added = fill(spool, 100, random, EU);
            batch = spool.next(EU, 57, 1 << 20).orElseThrow();
            spool.acknowledge(EU, FIRST, batch.to());
        }
        try (UsageSpool spool = UsageSpool.open(folder, SECOND, SMALL)) {
            assertEquals(batch.to(), spool.next(EU, 57, 1 << 20).orElseThrow().from());
            assertEquals(added.subList(57, 100), take(spool, EU));
        }
    }

    @Test
    void withoutAcknowledgementsWhatIsThereComesAgainInItsPlaces() throws IOException {
        for (String damage : List.of("", "eu-west 99999\n00000000\n", "\0\1\2", "x\n")) {
            Path each = Files.createTempDirectory(folder, "spool");
            UsageBatch sent;
            try (UsageSpool spool = UsageSpool.open(each, FIRST, SMALL)) {
                var unused = fill(spool, 10, random, EU);
                sent = spool.next(EU, 10, 1 << 20).orElseThrow();
                UsageBatch half = spool.next(EU, 5, 1 << 20).orElseThrow();
                spool.acknowledge(EU, FIRST, half.to());
            }
            Path file = each.resolve(FIRST.boot()).resolve("acknowledged");
            if (damage.isEmpty()) {
                Files.delete(file);
            } else {
                Files.writeString(file, damage);
            }
            try (UsageSpool spool = UsageSpool.open(each, SECOND, SMALL)) {
                UsageBatch again = spool.next(EU, 10, 1 << 20).orElseThrow();
                assertEquals(sent.entries(), again.entries());
                assertEquals(0, again.from());
            }
        }
    }

    @Test
    void bootsThatWroteNothingLeaveNothing() throws IOException {
        UsageSpool.open(folder, FIRST, SMALL).close();
        UsageSpool.open(folder, SECOND, SMALL).close();
        assertEquals(1, segmentFiles());
        assertFalse(Files.exists(folder.resolve(FIRST.boot())));
    }
}
