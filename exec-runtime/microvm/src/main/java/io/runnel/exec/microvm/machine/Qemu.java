package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The QEMU that is installed. */
record Qemu(Path program, QemuVersion version) {
    private static final String NAME = "qemu-system-x86_64";

    /**
     * Finds it.
     *
     * @throws MachineException if there is none, with what to install
     */
    static Qemu find() throws IOException {
        Optional<Path> program = Tool.find(NAME);
        if (program.isEmpty()) {
            throw new MachineException(
                    "no %s here: apt-get install qemu-system-x86".formatted(NAME));
        }
        Tool.Answer answer = Tool.run(List.of(program.get().toString(), "--version"));
        try {
            return new Qemu(program.get(), QemuVersion.parse(answer.said()));
        } catch (IllegalArgumentException e) {
            throw new MachineException(e.getMessage(), e);
        }
    }
}
