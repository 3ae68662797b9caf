package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Optional;

/** Which disk of the computer a file is on. */
final class Disks {
    private Disks() {}

    /**
     * As {@code major:minor} of the whole disk, also for a partition; empty if it is on none, as in
     * memory or over the network.
     */
    static Optional<String> deviceOf(Path file) {
        try {
            long device = ((Number) Files.getAttribute(file, "unix:dev")).longValue();
            String numbers = "%d:%d".formatted(major(device), minor(device));
            Path facts = Paths.get("/sys/dev/block", numbers);
            if (!Files.exists(facts)) {
                return Optional.empty();
            }
            if (!Files.exists(facts.resolve("partition"))) {
                return Optional.of(numbers);
            }
            Path whole = facts.toRealPath().getParent().resolve("dev");
            return Optional.of(Files.readString(whole).strip());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /** As glibc's {@code gnu_dev_major}. */
    private static long major(long device) {
        return ((device >>> 8) & 0xFFF) | ((device >>> 32) & 0xFFFFF000L);
    }

    private static long minor(long device) {
        return (device & 0xFF) | ((device >>> 12) & 0xFFFFFF00L);
    }
}
