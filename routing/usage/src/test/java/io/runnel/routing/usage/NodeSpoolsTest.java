package io.runnel.routing.usage;

import static io.runnel.routing.usage.UsageRecords.EU;
import static io.runnel.routing.usage.UsageRecords.NODE;
import static io.runnel.routing.usage.UsageRecords.SMALL;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class NodeSpoolsTest {
    @TempDir private Path folder;
    private final Random random = UsageRecords.random();
    private int boots;

    private NodeSpools open() throws IOException {
        return NodeSpools.open(folder, NODE, () -> "%016x".formatted(++boots), SMALL);
    }

    /** Takes all that is there, as a region would. */
    private static List<UsageRecord> taken(NodeSpools spools) {
        List<UsageRecord> records = new ArrayList<>();
        for (UsageSpool spool : spools.all()) {
            Optional<UsageBatch> next = spool.next(EU, 10, 4096);
            while (next.isPresent()) {
                next.get().entries().forEach(entry -> records.add(entry.record()));
                spool.acknowledge(EU, next.get().spool(), next.get().to());
                next = spool.next(EU, 10, 4096);
            }
        }
        return records;
    }

    @Test
    void twoProcessesWriteBesideEachOtherAndTheSecondSendsWhatTheFirstLeft() throws IOException {
        UsageRecord before = UsageRecords.record(random, EU);
        UsageRecord during = UsageRecords.record(random, EU);
        UsageRecord after = UsageRecords.record(random, EU);
        NodeSpools first = open();
        assertTrue(first.own().add(before));
        try (NodeSpools second = open()) {
            assertTrue(first.own().add(during));
            assertTrue(second.own().add(after));
            second.tend();
            assertEquals(List.of(after), taken(second), "the first is still there");
            first.close();
            second.tend();
            assertEquals(List.of(before, during), taken(second));
            second.tend();
            assertEquals(2, second.all().size(), "it is taken on once");
            assertEquals(List.of(), taken(second));
        }
    }

    @Test
    void whatTheSecondLeavesTheNextOneSends() throws IOException {
        UsageRecord record = UsageRecords.record(random, EU);
        try (NodeSpools first = open();
                NodeSpools second = open()) {
            assertTrue(second.own().add(record));
            assertTrue(first.own().destinations().isEmpty());
        }
        try (NodeSpools next = open()) {
            next.tend();
            assertEquals(List.of(record), taken(next));
        }
    }

    @Test
    void thereAreOnlySoManyPlaces() throws IOException {
        List<NodeSpools> all = new ArrayList<>();
        for (int i = 0; i < NodeSpools.MOST; i++) {
            all.add(open());
        }
        assertThrows(IOException.class, this::open);
        all.getLast().close();
        open().close();
        all.forEach(NodeSpools::close);
    }
}
