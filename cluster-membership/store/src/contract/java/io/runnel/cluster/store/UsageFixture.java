package io.runnel.cluster.store;

import static io.runnel.cluster.store.StoreFixture.START;
import static io.runnel.cluster.store.StoreFixture.WEST;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.usage.RequestDigest;
import io.runnel.routing.usage.UsageBatch;
import io.runnel.routing.usage.UsageOutcome;
import io.runnel.routing.usage.UsageRecord;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Records of usage, and what they come to by the simplest sum. */
final class UsageFixture {
    static final UsageBatch.Spool SPOOL = spool("pop-ams", 1);
    static final LocalDate TODAY = LocalDate.ofInstant(START, ZoneOffset.UTC);
    static final int PLACES = 10;
    private static final String KEY = "RNLABCDEFGHIJKLMNOPQ";

    private UsageFixture() {}

    /** One whose seed is told. */
    static Random random() {
        long seed = System.nanoTime();
        System.out.println("usage seed " + seed);
        return new Random(seed);
    }

    static UsageBatch.Spool spool(String node, int boot) {
        return new UsageBatch.Spool(new NodeName(node), "%016x".formatted(boot));
    }

    /** Any record, of the last three days before this. */
    static UsageRecord any(Random random, Instant before) {
        StartKind[] starts = StartKind.values();
        UsageOutcome[] outcomes = UsageOutcome.values();
        long ended = before.toEpochMilli() - random.nextLong(Duration.ofDays(3).toMillis());
        return new UsageRecord(
                RequestId.next(ended, random),
                ended,
                new AccountId("payer-" + random.nextInt(4)),
                random.nextBoolean() ? Optional.of(KEY) : Optional.empty(),
                TaskRef.of("owner-" + random.nextInt(3), "task" + random.nextInt(3)),
                1 + random.nextInt(2),
                WEST,
                starts[random.nextInt(starts.length)],
                outcomes[random.nextInt(outcomes.length)],
                random.nextInt(1_000_000),
                random.nextLong(5_000_000_000L),
                random.nextLong(5_000_000_000L),
                random.nextInt(1 << 28),
                random.nextInt(100_000),
                random.nextInt(100_000),
                Optional.empty(),
                RequestDigest.NONE);
    }

    /** Records in places that are {@link #PLACES} apart, the first at 0. */
    static List<UsageBatch.Entry> entries(int count, Random random, Instant before) {
        List<UsageBatch.Entry> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new UsageBatch.Entry((long) i * PLACES, any(random, before)));
        }
        return entries;
    }

    /** What of these lies in a stretch, as a batch. */
    static UsageBatch cut(
            UsageBatch.Spool spool, List<UsageBatch.Entry> entries, long from, long to) {
        return new UsageBatch(
                spool,
                from,
                to,
                entries.stream().filter(e -> e.place() >= from && e.place() < to).toList());
    }

    /** All of these as a batch. */
    static UsageBatch whole(UsageBatch.Spool spool, List<UsageBatch.Entry> entries) {
        return cut(spool, entries, 0, (long) entries.size() * PLACES);
    }
}
