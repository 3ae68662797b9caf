package io.runnel.routing.usage;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.StartKind;
import io.runnel.exec.task.TaskRef;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** What the end of a call costs: less than 1 µs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Threads(1)
public class UsageBenchmark {
    private static final RegionId HOME = new RegionId("eu-west");
    private static final String BOOT = "0123456789abcdef";
    private static final int BATCH = 2_000;
    private static final long MAPPED_BYTES = 4 << 20;
    private static final long MOST_BYTES = 1L << 30;

    private final TaskRef task = TaskRef.of("some-account", "some-task");
    private final AccountId payer = new AccountId("another-account");
    private final Optional<String> key = Optional.of("RNLABCDEFGHIJKLMNOPQ");
    private final RequestId id = RequestId.next(1_700_000_000_000L, new Random(7));

    private Path folder;
    private UsageSpool spool;
    private Thread region;
    private volatile boolean ended;
    private Arena arena;
    private MemorySegment mapped;
    private byte[] encoded;
    private UsageBatch batch;
    private byte[] sent;

    /** Opens a spool of which a region takes everything at once. */
    @Setup
    public void open() throws IOException {
        folder = Files.createTempDirectory("usage");
        var own = new UsageBatch.Spool(new NodeName("pop-1"), BOOT);
        var limits = new SpoolLimits(SpoolLimits.DEFAULT.segmentBytes(), MOST_BYTES);
        spool = UsageSpool.open(folder.resolve("spool"), own, limits);
        region = Thread.ofPlatform().start(() -> drain(own));
        arena = Arena.ofShared();
        try (var channel =
                FileChannel.open(
                        folder.resolve("floor"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE)) {
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, MAPPED_BYTES, arena);
        }
        encoded = new byte[UsageCodec.size(record(3))];
        List<UsageBatch.Entry> entries =
                IntStream.range(0, BATCH)
                        .mapToObj(i -> new UsageBatch.Entry(200L * i, record(i)))
                        .toList();
        batch = new UsageBatch(own, 0, 200L * BATCH, entries);
        sent = UsageBatchCodec.encode(batch);
    }

    private void drain(UsageBatch.Spool own) {
        while (!ended) {
            spool.prepare();
            spool.destinations();
            spool.acknowledge(HOME, own, Long.MAX_VALUE);
            Thread.onSpinWait();
        }
    }

    /** Deletes it. */
    @TearDown
    public void close() throws IOException, InterruptedException {
        ended = true;
        region.join();
        System.out.println("refused " + spool.lost() + " of " + (spool.lost() + spool.added()));
        spool.close();
        arena.close();
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /** Where one thread is. */
    @State(Scope.Thread)
    public static class Cursor {
        private long next;

        long next() {
            next++;
            return next;
        }
    }

    private UsageRecord record(long nanos) {
        return new UsageRecord(
                id,
                1_700_000_000_000L + nanos,
                payer,
                key,
                task,
                3,
                HOME,
                StartKind.WARM,
                UsageOutcome.COMPLETED,
                nanos,
                nanos,
                nanos,
                64 << 20,
                1000,
                1000,
                Optional.empty(),
                digest(nanos));
    }

    private RequestDigest digest(long nanos) {
        String target = "/fn/acme/charge?amount=" + nanos;
        return RequestDigest.of("GET", target, key.orElse(""), id.value(), "");
    }

    /** What of it says which request it was. */
    @Benchmark
    public RequestDigest digest(Cursor cursor) {
        return digest(cursor.next());
    }

    /** A record is made and added. */
    @Benchmark
    public boolean add(Cursor cursor) {
        return spool.add(record(cursor.next()));
    }

    /** The part of it that is not the spool's. */
    @Benchmark
    public UsageRecord make(Cursor cursor) {
        return record(cursor.next());
    }

    /** Each record of a batch is written as it is sent. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public byte[] encodeBatch() {
        return UsageBatchCodec.encode(batch);
    }

    /** Each record of a batch that was sent is read. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public UsageBatch decodeBatch() {
        return UsageBatchCodec.decode(sent);
    }

    /** The floor: as many bytes are copied to where a file is mapped. */
    @Benchmark
    public void copy(Cursor cursor) {
        long at = cursor.next() * 256 % MAPPED_BYTES;
        encoded[0]++;
        MemorySegment.copy(encoded, 0, mapped, ValueLayout.JAVA_BYTE, at, encoded.length);
    }
}
