package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.microvm.guest.TestKernel;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A node that is not root: what it can fence its machines with, and that it says what not. */
final class PlainUserTest {
    private static final String NOBODY = "65534";
    private static final String NOTHING = "0000000000000000";

    @TempDir static Path dir;

    private static List<String> said;

    @BeforeAll
    static void run() throws Exception {
        TestGuest.needAll();
        boolean root = "root".equals(System.getProperty("user.name"));
        Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectory(dir.resolve("h"));
        List<String> command = new ArrayList<>();
        if (root) {
            Files.setAttribute(home, "unix:uid", Integer.parseInt(NOBODY));
            command.addAll(
                    List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        }
        String java = ProcessHandle.current().info().command().orElseThrow();
        command.addAll(
                List.of(java, "-Xmx256m", "-cp", readableClasses(), PlainUser.class.getName()));
        command.add(home.toString());
        said = run(command);
    }

    /** Copies: a plain user cannot look into root's own folders. */
    private static String readableClasses() throws IOException {
        List<String> copies = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path from = Paths.get(entry);
            Path to = dir.resolve("c" + copies.size() + "-" + from.getFileName());
            copies.add(to.toString());
            try (Stream<Path> files = Files.walk(from)) {
                for (Path file : files.toList()) {
                    Files.copy(file, to.resolve(from.relativize(file).toString()));
                }
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static List<String> run(List<String> command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        // Its own folders are others.
        builder.environment().put("RUNNEL_KERNELS", TestKernel.folder().toString());
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS), text);
        assertEquals(0, process.exitValue(), text);
        return text.lines().toList();
    }

    private static boolean holds(String fence) {
        String fences = said.stream().filter(line -> line.startsWith("fences ")).findFirst().get();
        return List.of(fences.substring("fences ".length()).split(",", -1)).contains(fence);
    }

    private static boolean says(String start) {
        return said.stream().anyMatch(line -> line.startsWith(start));
    }

    @Test
    void itSaysThatItHasNoUsersForMachines() {
        assertFalse(holds("uid"));
        assertTrue(says("no uid: we may not change users: "), said.toString());
    }

    @Test
    void aMissingCgroupIsNamed() {
        for (String name : List.of("cgroup-memory", "cgroup-cpu", "cgroup-pids", "cgroup-io")) {
            assertTrue(holds(name) != says("no " + name + ": "), said.toString());
        }
    }

    @Test
    void whatNeedsNoRootHolds() {
        assertTrue(
                holds("no-new-privileges") && holds("seccomp") && holds("rlimits"),
                said.toString());
        assertTrue(says("CapEff " + NOTHING), said.toString());
        assertTrue(says("NoNewPrivs 1"), said.toString());
        assertTrue(says("Seccomp 2"), said.toString());
        assertTrue(says("private true"), said.toString());
    }

    @Test
    void aUserNamespaceGivesTheRestWhereItIsAllowed() {
        if (holds("root")) {
            assertTrue(says("etc false"), said.toString());
            assertTrue(says("CapBnd " + NOTHING), said.toString());
            assertTrue(holds("pid-namespace") && holds("network-namespace"), said.toString());
        } else {
            assertTrue(says("no root: "), said.toString());
        }
    }
}
