package io.runnel.exec.microvm.machine;

import io.runnel.exec.task.CodeDigest;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of this computer a guest's state depends on. */
final class HostFacts {
    private static final Path PROCESSOR = Paths.get("/proc/cpuinfo");
    private static final Path BOOT = Paths.get("/proc/sys/kernel/random/boot_id");
    private static final List<String> TELLING =
            List.of("vendor_id", "cpu family", "model", "stepping", "microcode", "flags");

    private HostFacts() {}

    /**
     * Names the processor that a guest sees. With KVM it is this computer's own: a snapshot is for
     * the same model with the same features. TCG's is the same everywhere.
     */
    static String processor(Accelerator accelerator) throws IOException {
        return switch (accelerator) {
            case TCG -> accelerator.processor();
            case KVM -> CodeDigest.of(telling().getBytes(StandardCharsets.UTF_8)).brief();
        };
    }

    /** Of the first processor. */
    private static String telling() throws IOException {
        try (Stream<String> lines = Files.lines(PROCESSOR)) {
            return lines.takeWhile(line -> !line.isBlank())
                    .filter(line -> TELLING.contains(line.split(":", 2)[0].strip()))
                    .collect(Collectors.joining("\n"));
        }
    }

    /** Another one for each time that this computer starts. */
    static String bootId() throws IOException {
        return Files.readString(BOOT).strip();
    }
}
