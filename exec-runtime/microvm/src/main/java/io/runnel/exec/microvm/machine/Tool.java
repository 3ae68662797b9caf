package io.runnel.exec.microvm.machine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs of the machine that are asked something and end soon. */
final class Tool {
    /** Where programs are looked for; nothing of our own environment goes to them. */
    static final String SEARCH = "/usr/sbin:/usr/bin:/sbin:/bin";

    private static final int MOST_SAID_BYTES = 256 << 10;
    private static final long PATIENCE_SECONDS = 20;

    /**
     * What one said.
     *
     * @param said both streams, cut after 256 KiB
     */
    record Answer(int exitCode, String said) {
        boolean isGood() {
            return exitCode == 0;
        }

        /** For a message: the first line. */
        String reason() {
            return said.lines().findFirst().orElse("exit code " + exitCode).strip();
        }
    }

    private Tool() {}

    /** Where a program is. */
    static Optional<Path> find(String name) {
        for (String folder : SEARCH.split(":", -1)) {
            Path program = Paths.get(folder, name);
            if (Files.isExecutable(program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    /**
     * Runs one to its end.
     *
     * @throws MachineException if it cannot be started or does not end
     */
    static Answer run(List<String> command) throws IOException {
        Process process = builder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            byte[] said = process.getInputStream().readNBytes(MOST_SAID_BYTES);
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new MachineException("%s does not end".formatted(command.getFirst()));
            }
            return new Answer(process.exitValue(), new String(said, StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MachineException("interrupted", e);
        } finally {
            process.destroyForcibly();
        }
    }

    /** With nothing of our environment. */
    static ProcessBuilder builder(List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().put("PATH", SEARCH);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }
}
