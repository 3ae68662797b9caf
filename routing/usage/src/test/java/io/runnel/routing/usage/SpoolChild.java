package io.runnel.routing.usage;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.exec.task.RequestId;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Random;

/** A process that adds records from four threads until it is killed, and says which. */
final class SpoolChild {
    private static final int THREADS = 4;

    private SpoolChild() {}

    /** With the folder and a seed. */
    public static void main(String[] args) throws IOException {
        var limits = new SpoolLimits(1 << 14, 1 << 26);
        UsageSpool spool = UsageSpool.open(Path.of(args[0]), UsageRecords.FIRST, limits);
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(Long.parseLong(args[1]) + i);
            Thread.ofPlatform().start(() -> add(spool, random));
        }
    }

    private static void add(UsageSpool spool, Random random) {
        try (var out = new FileOutputStream(FileDescriptor.out)) {
            while (true) {
                RequestId id = RequestId.next(1, random);
                if (!spool.add(UsageRecords.record(id, random, UsageRecords.EU))) {
                    throw new IllegalStateException("spool is full");
                }
                out.write((id + "\n").getBytes(US_ASCII));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
