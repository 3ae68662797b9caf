package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.store.SpoolMark;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

class UsagePlausibilityTest {
    private static final Instant NOW = Instant.parse("2027-01-31T12:00:00Z");
    private static final OptionalInt FOUR = OptionalInt.of(4);

    private final List<UsageBatch.Entry> entries = new ArrayList<>();
    private Optional<SpoolMark> before = Optional.empty();

    private UsagePlausibilityTest run(Instant ended, Duration took) {
        UsageRecord record =
                new UsageRecord(
                        RequestId.next(1, new Random(1)),
                        ended.toEpochMilli(),
                        new AccountId("beta"),
                        Optional.empty(),
                        TaskRef.of("acme", "charge"),
                        1,
                        new RegionId("home"),
                        StartKind.WARM,
                        UsageOutcome.COMPLETED,
                        0,
                        took.toNanos(),
                        0,
                        1,
                        0,
                        0,
                        Optional.empty(),
                        RequestDigest.NONE);
        entries.add(new UsageBatch.Entry(entries.size(), record));
        return this;
    }

    private Optional<String> doubt(OptionalInt slots) {
        UsageBatch.Spool spool = new UsageBatch.Spool(new NodeName("edge"), "0123456789abcdef");
        UsageBatch batch = new UsageBatch(spool, 0, 10_000, entries);
        return UsagePlausibility.doubt(batch, before, slots, NOW);
    }

    @Test
    void whatSlotsCouldDoIsBelieved() {
        for (int i = 0; i < 4; i++) {
            run(NOW, Duration.ofHours(1));
        }
        assertEquals(Optional.empty(), doubt(FOUR));
        run(NOW.plusSeconds(59), Duration.ofMillis(1));
        run(NOW.minus(Duration.ofDays(30)), Duration.ofSeconds(1));
        assertEquals(Optional.empty(), doubt(FOUR));
        assertTrue(doubt(OptionalInt.empty()).isPresent(), "of a node that is none");
    }

    @Test
    void moreThanItsSlotsCouldIsNot() {
        for (int i = 0; i < 14; i++) {
            run(NOW, Duration.ofHours(1));
        }
        assertTrue(doubt(FOUR).orElseThrow().contains("4 slots"), () -> doubt(FOUR).toString());
        assertEquals(Optional.empty(), doubt(OptionalInt.of(8)));
    }

    @Test
    void norWhatIsToComeOrLongAgo() {
        assertTrue(run(NOW.plusSeconds(61), Duration.ofMillis(1)).doubt(FOUR).isPresent());
        entries.clear();
        Instant old = NOW.minus(Duration.ofDays(31)).minusSeconds(1);
        assertTrue(run(old, Duration.ofMillis(1)).doubt(FOUR).isPresent());
    }

    @Test
    void norMoreInAllThanThereWasTimeFor() {
        run(NOW, Duration.ofMillis(1));
        Instant first = NOW.minus(Duration.ofDays(1));
        double most = Duration.ofDays(32).toNanos() * 1.05 * 12;
        before = Optional.of(new SpoolMark(0, (long) (most * 0.99), 0, first, NOW));
        assertEquals(Optional.empty(), doubt(FOUR));
        before = Optional.of(new SpoolMark(0, (long) (most * 1.01), 0, first, NOW));
        assertTrue(doubt(FOUR).isPresent());
    }
}
