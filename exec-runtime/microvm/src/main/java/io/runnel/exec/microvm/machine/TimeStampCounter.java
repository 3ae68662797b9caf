package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * How fast this processor's time-stamp counter runs. An emulated guest reads that counter itself,
 * and has no other clock to find out: told a wrong speed, its clock goes wrong by as much. Of
 * x86-64 under Linux.
 */
final class TimeStampCounter {
    private static final System.Logger LOG = System.getLogger(TimeStampCounter.class.getName());
    private static final Path PROCESSOR = Paths.get("/proc/cpuinfo");

    /** Where nothing tells: what many have. */
    private static final long USUAL_KHZ = 2_800_000;

    /** {@code rdtsc; shl rdx, 32; or rax, rdx; ret} (Intel's manual, volume 2). */
    private static final byte[] READ = {
        0x0F, 0x31, 0x48, (byte) 0xC1, (byte) 0xE2, 0x20, 0x48, 0x09, (byte) 0xD0, (byte) 0xC3
    };

    private static final long MEASURED_NANOS = 50_000_000;
    private static final int TRIES = 50;
    private static final long STEP_KHZ = 100;
    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int READ_EXECUTE = 5;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private TimeStampCounter() {}

    /** Measured when it is first asked for. */
    private static final class Held {
        private static final long KHZ = find();
    }

    /** In kHz, to 100 kHz. */
    static long kiloHertz() {
        return Held.KHZ;
    }

    private static long find() {
        try {
            return measure();
        } catch (Throwable e) {
            LOG.log(Level.WARNING, "the speed of the time-stamp counter is not measured", e);
            return told();
        }
    }

    /** The frequency of now, which is the counter's where it does not change. */
    private static long told() {
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("cpu MHz"))
                    .findFirst()
                    .map(line -> rounded(Double.parseDouble(line.split(":", 2)[1]) * 1000))
                    .orElse(USUAL_KHZ);
        } catch (IOException | NumberFormatException e) {
            return USUAL_KHZ;
        }
    }

    private static long rounded(double kiloHertz) {
        return Math.round(kiloHertz / STEP_KHZ) * STEP_KHZ;
    }

    /** When the counter stood where. */
    private record Reading(long nanos, long ticks, long unsureNanos) {}

    /** Reads it twice, some time apart. */
    @SuppressWarnings("restricted") // A page of our own, with ten bytes that read a register.
    static long measure() throws Throwable {
        Linker linker = Linker.nativeLinker();
        MemorySegment page =
                ((MemorySegment)
                                function(
                                                "mmap",
                                                FunctionDescriptor.of(
                                                        ValueLayout.ADDRESS,
                                                        ValueLayout.ADDRESS,
                                                        ValueLayout.JAVA_LONG,
                                                        ValueLayout.JAVA_INT,
                                                        ValueLayout.JAVA_INT,
                                                        ValueLayout.JAVA_INT,
                                                        ValueLayout.JAVA_LONG))
                                        .invokeExact(
                                                MemorySegment.NULL,
                                                PAGE,
                                                READ_WRITE,
                                                PRIVATE_ANONYMOUS,
                                                -1,
                                                0L))
                        .reinterpret(PAGE, Arena.global(), null);
        if (page.address() == -1) {
            throw new IOException("no page");
        }
        try {
            MemorySegment.copy(READ, 0, page, ValueLayout.JAVA_BYTE, 0, READ.length);
            FunctionDescriptor protects =
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT,
                            ValueLayout.ADDRESS,
                            ValueLayout.JAVA_LONG,
                            ValueLayout.JAVA_INT);
            if ((int) function("mprotect", protects).invokeExact(page, PAGE, READ_EXECUTE) != 0) {
                throw new IOException("a page may not be run");
            }
            MethodHandle counter =
                    linker.downcallHandle(page, FunctionDescriptor.of(ValueLayout.JAVA_LONG));
            Reading first = read(counter);
            LockSupport.parkNanos(MEASURED_NANOS);
            Reading last = read(counter);
            double nanos = last.nanos() - first.nanos();
            return rounded((last.ticks() - first.ticks()) / nanos * 1e6);
        } finally {
            int unused =
                    (int)
                            function(
                                            "munmap",
                                            FunctionDescriptor.of(
                                                    ValueLayout.JAVA_INT,
                                                    ValueLayout.ADDRESS,
                                                    ValueLayout.JAVA_LONG))
                                    .invokeExact(page, PAGE);
        }
    }

    @SuppressWarnings("restricted")
    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }

    /** The surest of some. */
    private static Reading read(MethodHandle counter) throws Throwable {
        Reading best = new Reading(0, 0, Long.MAX_VALUE);
        for (int i = 0; i < TRIES; i++) {
            long before = System.nanoTime();
            long ticks = (long) counter.invokeExact();
            long after = System.nanoTime();
            if (after - before < best.unsureNanos()) {
                best = new Reading(before + (after - before) / 2, ticks, after - before);
            }
        }
        return best;
    }
}
