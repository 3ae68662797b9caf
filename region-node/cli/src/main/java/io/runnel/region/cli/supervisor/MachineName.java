package io.runnel.region.cli.supervisor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.NodeName;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What this machine is called: a label, for people. No name server is asked. */
final class MachineName {
    private static final List<Path> SAID =
            List.of(Path.of("/proc/sys/kernel/hostname"), Path.of("/etc/hostname"));
    private static final int MOST_BYTES = 1024;
    private static final int MOST_CHARACTERS = 63;
    private static final NodeName UNKNOWN = new NodeName("machine");

    private MachineName() {}

    /** As its system says; {@code machine} where it says nothing that can be a label. */
    static NodeName ofThis() {
        return SAID.stream()
                .flatMap(file -> read(file).stream())
                .findFirst()
                .map(MachineName::of)
                .orElse(UNKNOWN);
    }

    /** A host's name as a label: what is before its first dot, with hyphens for what is none. */
    static NodeName of(String host) {
        String first = host.strip().split("\\.", 2)[0].toLowerCase(Locale.ROOT);
        String label = first.replaceAll("[^a-z0-9-]", "-");
        String most = label.substring(0, Math.min(label.length(), MOST_CHARACTERS));
        String trimmed = most.replaceAll("^-+|-+$", "");
        return NodeName.isValid(trimmed) ? new NodeName(trimmed) : UNKNOWN;
    }

    private static Optional<String> read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Optional.of(new String(in.readNBytes(MOST_BYTES), UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
