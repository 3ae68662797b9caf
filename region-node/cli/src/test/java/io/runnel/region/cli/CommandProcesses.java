package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.runnel.region.cli.supervisor.FakeInstallation;
import io.runnel.region.cli.supervisor.FakeTopology;
import io.runnel.region.cli.supervisor.Installation;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs {@code runnel} on one data folder, with fake nodes. */
final class CommandProcesses {
    private static final long MOST_SECONDS = 90;

    private final Path folder;
    private final Path data;
    private final Installation installation;

    CommandProcesses(Path folder) throws IOException {
        this.folder = folder;
        this.data = folder.resolve("data");
        this.installation = FakeInstallation.in(folder);
    }

    /** How a command ended. */
    record Ended(int exit, String out, String err) {}

    String topology() throws IOException {
        return write(FakeTopology.TEXT);
    }

    String topologyWithPopAt(String port) throws IOException {
        return write(
                FakeTopology.TEXT.replaceFirst("( {4}listen: 127\\.0\\.0\\.1):0", "$1:" + port));
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("topology.yaml"), text).toString();
    }

    /** As a process of its own: to be killed. */
    Process start(String... words) throws IOException {
        List<String> line = new ArrayList<>();
        line.addAll(
                List.of(
                        installation.java().toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Drunnel.top=" + folder,
                        "-Drunnel.dist=" + installation.dist(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName()));
        line.addAll(List.of(words));
        line.addAll(List.of("--data", data.toString()));
        return new ProcessBuilder(line)
                .redirectError(Redirect.to(folder.resolve("err").toFile()))
                .start();
    }

    /** In this process, which is quicker; what it starts are processes all the same. */
    Ended run(String... words) {
        List<String> line = new ArrayList<>(List.of(words));
        line.addAll(List.of("--data", data.toString()));
        TestShell shell = new TestShell(installation);
        int exit = shell.run(line.toArray(String[]::new));
        return new Ended(exit, shell.out(), shell.err());
    }

    void awaitLine(Process process, String wanted) throws IOException {
        BufferedReader out = process.inputReader();
        String line = out.readLine();
        while (line != null && !line.equals(wanted)) {
            line = out.readLine();
        }
        assertEquals(wanted, line, Files.readString(folder.resolve("err")));
    }

    /**
     * Waits until every process that was started with this folder on its command line has ended.
     */
    void awaitNoProcess() throws Exception {
        CompletableFuture.allOf(
                        processes().stream()
                                .map(ProcessHandle::onExit)
                                .toArray(CompletableFuture<?>[]::new))
                .get(MOST_SECONDS, TimeUnit.SECONDS);
        assertNoProcessIsLeft();
    }

    void assertNoProcessIsLeft() {
        assertEquals(List.of(), processes().stream().map(ProcessHandle::info).toList());
    }

    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses().filter(p -> mentions(p, data.toString())).toList();
    }

    private static boolean mentions(ProcessHandle process, String text) {
        try {
            Path line = Path.of("/proc", Long.toString(process.pid()), "cmdline");
            return process.isAlive() && Files.readString(line).contains(text);
        } catch (IOException e) {
            return false;
        }
    }
}
