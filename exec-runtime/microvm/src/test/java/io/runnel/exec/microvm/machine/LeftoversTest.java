package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Machines of a node that was killed. */
final class LeftoversTest {
    @TempDir Path dir;

    @BeforeEach
    void needAll() {
        TestGuest.needAll();
    }

    private MachineSettings settings() {
        return MachineSettings.in(dir.resolve("run"), dir.resolve("cache"));
    }

    private List<String> filesLeft() {
        return Stream.of(Optional.ofNullable(dir.resolve("run").toFile().list()).orElseThrow())
                .sorted()
                .toList();
    }

    @Test
    void theyEndWithTheirNodeAndTheNextOneRemovesTheirFiles() throws Exception {
        String java = ProcessHandle.current().info().command().orElseThrow();
        String classes = System.getProperty("java.class.path");
        Process node =
                new ProcessBuilder(
                                java,
                                "-Xmx256m",
                                "-cp",
                                classes,
                                AbandonedNode.class.getName(),
                                dir.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        List<ProcessHandle> machines = new ArrayList<>();
        try (BufferedReader said = node.inputReader(StandardCharsets.UTF_8)) {
            for (String line = said.readLine(); !"ready".equals(line); line = said.readLine()) {
                machines.add(ProcessHandle.of(Long.parseLong(line)).orElseThrow());
            }
            assertEquals(2, machines.size());
            assertEquals(4, filesLeft().size(), filesLeft().toString());
            var e = assertThrows(MachineException.class, () -> Machines.open(settings()));
            assertTrue(e.getMessage().startsWith("another node runs its machines in "));
        } finally {
            node.destroyForcibly();
        }
        for (ProcessHandle machine : machines) {
            machine.onExit().get(20, TimeUnit.SECONDS);
        }
        try (Machines next = Machines.open(settings())) {
            assertEquals(List.of("cgroups", "lock"), filesLeft());
            assertEquals(0, next.running());
        }
    }

    @Test
    void whatStillRunsInACgroupIsEnded() throws Exception {
        Files.createDirectories(dir.resolve("run"));
        Cgroups cgroups = Cgroups.here(Machines.nameOf(dir.resolve("run")));
        if (cgroups.missing().size() == 4) {
            TestGuest.skip("leftovers in cgroups not tried: run the tests as root");
        }
        Cgroup left =
                cgroups.make("m9", CgroupLimits.of(1 << 20, Accelerator.TCG), Optional.empty());
        Process process = new ProcessBuilder("sleep", "600").start();
        for (Path folder : left.folders()) {
            Files.writeString(folder.resolve("cgroup.procs"), Long.toString(process.pid()));
        }
        Files.createDirectories(dir.resolve("run/m9/s"));
        Files.writeString(dir.resolve("run/m9/memory"), "secret");
        try (Machines next = Machines.open(settings())) {
            assertTrue(process.waitFor(20, TimeUnit.SECONDS));
            assertEquals(List.of("cgroups", "lock"), filesLeft());
            left.folders().forEach(folder -> assertFalse(new File(folder.toString()).exists()));
            assertEquals(0, next.running());
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void aProcessThatHasTheirNumberNowIsLeftAlone() throws Exception {
        Process process = new ProcessBuilder("sleep", "600").start();
        try {
            Path folder = Files.createDirectories(dir.resolve("m1"));
            Files.writeString(folder.resolve("process"), process.pid() + " 2001-01-01T00:00:00Z");
            MachineMark.endIfThere(folder);
            Files.writeString(folder.resolve("process"), process.pid() + " nonsense");
            MachineMark.endIfThere(folder);
            assertTrue(process.isAlive());
            MachineMark.write(folder, process.toHandle());
            MachineMark.endIfThere(folder);
            assertFalse(process.isAlive());
        } finally {
            process.destroyForcibly();
        }
    }
}
