package io.runnel.exec.microvm.guest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** One run of a program of the host, whose output is small. */
final class ToolRun {
    private static final int SHOWN = 300;

    private ToolRun() {}

    /**
     * Runs it to its end.
     *
     * @param folder its working folder; its output passes through a file there
     * @return what it printed on standard output
     * @throws IOException if it is not there, fails, or takes too long; says what it said
     */
    static String run(Path folder, Duration most, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "tool", ".out");
        Path err = Files.createTempFile(folder, "tool", ".err");
        try {
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment()
                    .putAll(Map.of("LC_ALL", "C", "DEBIAN_FRONTEND", "noninteractive"));
            await(builder.start(), most, command, err);
            return Files.readString(out, UTF_8);
        } finally {
            Files.deleteIfExists(out);
            Files.deleteIfExists(err);
        }
    }

    private static void await(Process process, Duration most, List<String> command, Path err)
            throws IOException, InterruptedException {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IOException("%s takes longer than %s".formatted(command.get(0), most));
            }
        } finally {
            process.destroyForcibly();
        }
        if (process.exitValue() != 0) {
            String said = Files.readString(err, UTF_8).strip();
            throw new IOException(
                    "%s failed (%d): %s"
                            .formatted(
                                    String.join(" ", command),
                                    process.exitValue(),
                                    said.substring(Math.max(0, said.length() - SHOWN))));
        }
    }
}
