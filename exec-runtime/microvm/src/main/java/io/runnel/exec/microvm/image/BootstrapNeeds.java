package io.runnel.exec.microvm.image;

import java.util.List;

/**
 * What a task's {@code bootstrap} needs that is not in its archive.
 *
 * @param files absolute paths: its interpreter, its loader
 * @param commands programs that are looked for by their name, as {@code #!/usr/bin/env} does
 */
public record BootstrapNeeds(List<String> files, List<String> commands) {
    /** A static program needs nothing. */
    public static final BootstrapNeeds NONE = new BootstrapNeeds(List.of(), List.of());

    public BootstrapNeeds {
        files = List.copyOf(files);
        commands = List.copyOf(commands);
    }

    /** Whether it runs without a base image. */
    public boolean areNone() {
        return files.isEmpty() && commands.isEmpty();
    }
}
