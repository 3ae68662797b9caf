package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Records and spools for tests. */
final class UsageRecords {
    static final RegionId EU = new RegionId("eu-west");
    static final RegionId US = new RegionId("us-east");
    static final NodeName NODE = new NodeName("pop-1");
    static final UsageBatch.Spool FIRST = new UsageBatch.Spool(NODE, "fedcba9876543210");
    static final UsageBatch.Spool SECOND = new UsageBatch.Spool(NODE, "0123456789abcdef");
    static final UsageBatch.Spool THIRD = new UsageBatch.Spool(NODE, "7777777777777777");
    static final SpoolLimits SMALL = new SpoolLimits(4096, 1 << 20);

    private UsageRecords() {}

    static Random random() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        return new Random(seed);
    }

    static UsageRecord record(Random random, RegionId home) {
        return record(RequestId.next(1_700_000_000_000L, random), random, home);
    }

    static UsageRecord record(RequestId id, Random random, RegionId home) {
        return new UsageRecord(
                id,
                random.nextLong(Long.MAX_VALUE),
                new AccountId(name(random)),
                random.nextBoolean() ? Optional.of("RNLABCDEFGHIJKLMNOPQ") : Optional.empty(),
                TaskRef.of(name(random), name(random)),
                1 + random.nextInt(1000),
                home,
                any(random, StartKind.values()),
                any(random, UsageOutcome.values()),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextLong(Long.MAX_VALUE),
                random.nextBoolean() ? Optional.of(name(random) + ">pay@A_z") : Optional.empty(),
                new RequestDigest(random.nextLong(), random.nextLong()));
    }

    /** The same as one of before there were digests. */
    static UsageRecord old(UsageRecord one) {
        return new UsageRecord(
                one.id(),
                one.endedMillis(),
                one.payer(),
                one.key(),
                one.task(),
                one.version(),
                one.home(),
                one.start(),
                one.outcome(),
                one.startNanos(),
                one.runNanos(),
                one.cpuNanos(),
                one.memoryBytes(),
                one.bytesIn(),
                one.bytesOut(),
                Optional.empty(),
                RequestDigest.NONE);
    }

    /** A further run of the same task for the same account. */
    static UsageRecord again(UsageRecord one, Random random) {
        return new UsageRecord(
                RequestId.next(1_700_000_000_000L, random),
                1_700_000_000_000L + random.nextInt(5_000),
                one.payer(),
                one.key(),
                one.task(),
                one.version(),
                one.home(),
                one.start(),
                one.outcome(),
                random.nextInt(1_000),
                random.nextInt(1_000_000),
                random.nextInt(1_000_000),
                one.memoryBytes(),
                random.nextInt(1_000),
                random.nextInt(1_000),
                one.by(),
                new RequestDigest(random.nextLong(), random.nextLong()));
    }

    private static <T> T any(Random random, T[] all) {
        return all[random.nextInt(all.length)];
    }

    /** One than which none takes more. */
    static UsageRecord largest(int version) {
        String name = "x".repeat(63);
        return new UsageRecord(
                new RequestId("0".repeat(26)),
                1,
                new AccountId(name),
                Optional.of("RNLABCDEFGHIJKLMNOPQ"),
                TaskRef.of(name, name),
                version,
                new RegionId(name),
                StartKind.COLD,
                UsageOutcome.TRAPPED,
                0,
                0,
                0,
                0,
                0,
                0,
                Optional.of("x".repeat(UsageRecord.MOST_BY)),
                RequestDigest.NONE);
    }

    private static String name(Random random) {
        return "abcdefgh-0".repeat(7).substring(0, 1 + random.nextInt(62)) + "z";
    }

    /** So many records in a spool, which took them all. */
    static List<UsageRecord> fill(UsageSpool spool, int count, Random random, RegionId home) {
        List<UsageRecord> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            UsageRecord record = record(random, home);
            if (!spool.add(record)) {
                throw new AssertionError("spool is full");
            }
            records.add(record);
        }
        return records;
    }

    /** All that a spool has for a region, batch by batch, each of which is acknowledged. */
    static List<UsageRecord> take(UsageSpool spool, RegionId home) {
        List<UsageRecord> taken = new ArrayList<>();
        while (true) {
            Optional<UsageBatch> batch = spool.next(home, 10, 4096);
            if (batch.isEmpty()) {
                return taken;
            }
            taken.addAll(records(batch.get()));
            spool.acknowledge(home, batch.get().spool(), batch.get().to());
        }
    }

    static List<UsageRecord> records(UsageBatch batch) {
        return batch.entries().stream().map(UsageBatch.Entry::record).toList();
    }
}
