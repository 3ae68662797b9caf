package io.runnel.exec.microvm.machine;

import io.runnel.exec.microvm.machine.CgroupMounts.Controller;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** How a limit is written, in both versions of cgroups (Linux's own documentation of them). */
final class CgroupFiles {
    private static final int PERIOD_MICROS = 100_000;
    private static final int SHARES_OF_WEIGHT_100 = 1024;

    private CgroupFiles() {}

    static void limit(
            Controller controller,
            boolean unified,
            Path folder,
            CgroupLimits limits,
            Optional<String> disk)
            throws IOException {
        switch (controller) {
            case MEMORY -> memory(unified, folder, limits.memoryBytes());
            case CPU -> cpu(unified, folder, limits.cpuWeight());
            case PIDS -> write(folder, "pids.max", limits.processes());
            case IO -> {
                if (disk.isPresent()) {
                    io(unified, folder, disk.get(), limits.diskBytesPerSecond());
                }
            }
        }
    }

    private static void memory(boolean unified, Path folder, long bytes) throws IOException {
        write(folder, unified ? "memory.max" : "memory.limit_in_bytes", bytes);
        // Where there is no swap, or no account of it, there is no such file.
        String swap = unified ? "memory.swap.max" : "memory.memsw.limit_in_bytes";
        if (Files.exists(folder.resolve(swap))) {
            write(folder, swap, unified ? 0 : bytes);
        }
    }

    private static void cpu(boolean unified, Path folder, int weight) throws IOException {
        if (unified) {
            write(folder, "cpu.weight", weight);
            write(folder, "cpu.max", "%d %d".formatted(PERIOD_MICROS, PERIOD_MICROS));
        } else {
            write(folder, "cpu.shares", Math.max(2, weight * SHARES_OF_WEIGHT_100 / 100));
            write(folder, "cpu.cfs_period_us", PERIOD_MICROS);
            write(folder, "cpu.cfs_quota_us", PERIOD_MICROS);
        }
    }

    private static void io(boolean unified, Path folder, String disk, long bytes)
            throws IOException {
        if (unified) {
            write(folder, "io.max", "%s rbps=%d wbps=%d".formatted(disk, bytes, bytes));
        } else {
            String line = "%s %d".formatted(disk, bytes);
            write(folder, "blkio.throttle.read_bps_device", line);
            write(folder, "blkio.throttle.write_bps_device", line);
        }
    }

    private static void write(Path folder, String file, Object value) throws IOException {
        Files.writeString(folder.resolve(file), value.toString());
    }
}
