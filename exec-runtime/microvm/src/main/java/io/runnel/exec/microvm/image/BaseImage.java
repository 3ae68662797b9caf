package io.runnel.exec.microvm.image;

import io.runnel.exec.task.ByteSize;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/**
 * A read-only disk image (squashfs) that guests have as their root: shell, language, libraries.
 *
 * @param name as its owner calls it
 * @param file where it is
 * @param digest the SHA-256 of its bytes, as 64 hexadecimal digits
 * @param release which Debian it is made of
 * @param packages these, each with its version behind a blank
 * @param programs what it has that a {@code bootstrap} may need: files that can be run in {@code
 *     /usr/bin} and {@code /usr/sbin}, and loaders
 */
public record BaseImage(
        String name,
        Path file,
        String digest,
        ByteSize size,
        String release,
        List<String> packages,
        Set<String> programs) {
    private static final List<String> SEARCHED = List.of("/usr/bin/", "/usr/sbin/");
    private static final List<String> MERGED = List.of("/bin/", "/sbin/", "/lib/", "/lib64/");

    public BaseImage {
        packages = List.copyOf(packages);
        programs = Set.copyOf(programs);
    }

    /** Whether a task runs on it. */
    public boolean has(BootstrapNeeds needs) {
        return needs.files().stream().allMatch(this::hasFile)
                && needs.commands().stream().allMatch(this::hasCommand);
    }

    /** {@code /bin} and its like are {@code /usr/bin} in Debian. */
    private boolean hasFile(String path) {
        boolean merged = MERGED.stream().anyMatch(path::startsWith);
        return programs.contains(merged ? "/usr" + path : path);
    }

    private boolean hasCommand(String name) {
        return SEARCHED.stream().anyMatch(folder -> programs.contains(folder + name));
    }
}
