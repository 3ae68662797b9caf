package io.runnel.region.cli.supervisor;

import io.runnel.region.cli.supervisor.SupervisorException.Code;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Starts the supervisor in a process and a session of its own, so that a terminal's Ctrl-C or its
 * end reaches only the command in front. Not thread-safe.
 */
public final class SupervisorLaunch {
    private static final Duration MOST_TO_ANSWER = Duration.ofSeconds(30);
    private static final long LOOK_EVERY_MILLIS = 20;

    /** Ignored signals stay ignored in what is executed; setsid is not on every system. */
    private static final String OWN_SESSION =
            "trap '' HUP INT; if command -v setsid >/dev/null 2>&1; then exec setsid \"$@\"; fi;"
                    + " exec \"$@\"";

    private final DataFolder data;
    private final Process process;

    private SupervisorLaunch(DataFolder data, Process process) {
        this.data = data;
        this.process = process;
    }

    /**
     * Starts it; the topology lies in the data folder.
     *
     * @param arguments the command line of the supervisor's command, as {@code supervise --data D}
     * @throws SupervisorException if no process can be made
     */
    public static SupervisorLaunch start(
            DataFolder data, Installation installation, String mainClass, List<String> arguments) {
        List<String> line = new ArrayList<>(List.of("sh", "-c", OWN_SESSION, "runnel-supervisor"));
        line.addAll(javaLine(installation));
        line.add(mainClass);
        line.addAll(arguments);
        try {
            Process process =
                    new ProcessBuilder(line)
                            .directory(data.root().toFile())
                            .redirectOutput(Redirect.appendTo(data.log().toFile()))
                            .redirectError(Redirect.appendTo(data.log().toFile()))
                            .start();
            return new SupervisorLaunch(data, process);
        } catch (IOException e) {
            throw new SupervisorException(
                    Code.DATA_FOLDER, "cannot start the supervisor: " + e.getMessage(), e);
        }
    }

    private static List<String> javaLine(Installation installation) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                installation.java().toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xms8m",
                                "-Xmx32m",
                                "-Xss256k",
                                "-XX:ReservedCodeCacheSize=16m",
                                "-XX:-UsePerfData"));
        installation
                .caches()
                .map(folder -> folder.resolve("cli.aot"))
                .filter(Files::isRegularFile)
                .ifPresent(cache -> line.add("-XX:AOTCache=" + cache));
        line.add(property(Installation.TOP, installation.top()));
        line.add(property(Installation.DIST, installation.dist()));
        installation.caches().ifPresent(c -> line.add(property(Installation.CACHES, c)));
        line.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return line;
    }

    private static String property(String name, Path value) {
        return "-D" + name + "=" + value;
    }

    /**
     * Waits until it answers.
     *
     * @throws SupervisorException if it ends first, with what it said last
     */
    public SupervisorClient awaitAnswer() {
        long deadline = System.nanoTime() + MOST_TO_ANSWER.toNanos();
        Optional<SupervisorClient> client = SupervisorClient.find(data);
        while (client.isEmpty() && process.isAlive() && System.nanoTime() < deadline) {
            waitAWhile();
            client = SupervisorClient.find(data);
        }
        return client.orElseThrow(this::noAnswer);
    }

    private void waitAWhile() {
        try {
            var unused = process.waitFor(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SupervisorException(Code.NO_ANSWER, "interrupted", e);
        }
    }

    private SupervisorException noAnswer() {
        String how = process.isAlive() ? "does not answer" : "ended";
        return new SupervisorException(
                Code.NO_ANSWER, "the supervisor %s: %s".formatted(how, lastSaid()));
    }

    /** The last line of its log. */
    private String lastSaid() {
        try {
            List<String> lines = Files.readAllLines(data.log());
            return lines.isEmpty() ? "it said nothing" : lines.getLast();
        } catch (IOException e) {
            return "and its log cannot be read: " + data.log();
        }
    }

    /**
     * Lets it live on when this process ends.
     *
     * @throws SupervisorException if it is gone
     */
    public void release() {
        try (OutputStream lifeline = process.getOutputStream()) {
            lifeline.write(SupervisorProcess.RELEASE);
        } catch (IOException e) {
            throw new SupervisorException(Code.NO_ANSWER, "the supervisor is gone", e);
        }
    }

    /** Breaks its lifeline: it stops all nodes and ends. */
    public void letGo() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // A broken pipe is what was wished for.
        }
    }

    /** Its process. */
    public ProcessHandle handle() {
        return process.toHandle();
    }
}
