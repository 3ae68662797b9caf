package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The command lines of processes. From {@code /proc} where there is one: the JDK gives up on lines
 * longer than a page.
 */
final class CommandLines {
    private CommandLines() {}

    /** The words with which a process was started; empty if that cannot be seen. */
    static List<String> of(long pid) {
        Path file = Path.of("/proc", Long.toString(pid), "cmdline");
        return Files.exists(file)
                ? read(file)
                : ProcessHandle.of(pid)
                        .flatMap(p -> p.info().arguments())
                        .map(List::of)
                        .orElse(List.of());
    }

    static List<String> read(Path file) {
        try {
            String words = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            return words.isEmpty() ? List.of() : List.of(words.split("\0", -1));
        } catch (IOException e) {
            return List.of();
        }
    }
}
