package io.runnel.chaos.suite;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs {@code ./runnel} on a data folder, as a person does.
 *
 * @param top the launcher's folder
 * @param environment what is set for it, beside what this process has
 * @param data the data folder
 */
record Launcher(Path top, Map<String, String> environment, Path data) {
    private static final Duration MOST = Duration.ofMinutes(5);

    Launcher {
        environment = Map.copyOf(environment);
    }

    /** The same with these variables too. */
    Launcher with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Launcher(top, all, data);
    }

    /** What a command said. */
    record Said(int exit, String out, String err) {
        Said mustWork(String what) {
            if (exit != 0) {
                String told = (err.isBlank() ? out : err).strip();
                throw new NetworkException("%s: exit %d: %s".formatted(what, exit, told));
            }
            return this;
        }
    }

    /**
     * Runs a command and waits for its end.
     *
     * @throws NetworkException if it does not end in three minutes
     */
    Said run(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(top.resolve("runnel").toString()));
        command.addAll(arguments);
        command.addAll(List.of("--data", data.toString()));
        try {
            Path out = Files.createTempFile("runnel-chaos", ".out");
            Path err = Files.createTempFile("runnel-chaos", ".err");
            try {
                return run(command, out, err);
            } finally {
                Files.delete(out);
                Files.delete(err);
            }
        } catch (IOException e) {
            throw new NetworkException("cannot run " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted: " + command, e);
        }
    }

    private Said run(List<String> command, Path out, Path err)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        // Files, not pipes: what is started stays, and would hold a pipe open.
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        if (!process.waitFor(MOST.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new NetworkException("not over after %s: %s".formatted(MOST, command));
        }
        return new Said(
                process.exitValue(), Files.readString(out, UTF_8), Files.readString(err, UTF_8));
    }
}
