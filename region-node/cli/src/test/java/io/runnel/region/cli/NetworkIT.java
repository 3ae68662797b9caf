package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.region.cli.supervisor.DataFolder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The commands that start and end networks, as processes of their own, over fake nodes. */
class NetworkIT {
    @TempDir private Path folder;
    private CommandProcesses commands;

    @BeforeEach
    void prepare() throws IOException {
        commands = new CommandProcesses(folder);
    }

    @AfterEach
    void end() throws Exception {
        commands.run("down");
        commands.assertNoProcessIsLeft();
    }

    @Test
    void aDetachedNetworkLivesUntilDown() throws Exception {
        var up = commands.run("up", "-t", commands.topology(), "--detach");
        assertEquals(0, up.exit(), up.toString());
        assertTrue(up.out().endsWith("network ready\n"), up.toString());
        assertTrue(up.out().contains("Try next:"), up.toString());
        assertEquals("rwx------", permissions("data"));
        assertEquals("rw-------", permissions("data/credentials"));
        assertEquals("rw-------", permissions("data/network.token"));
        assertEquals("rw-------", permissions("data/supervisor.sock"));

        var again = commands.run("up", "--detach");
        assertEquals(0, again.exit(), again.toString());
        assertTrue(again.out().contains("already running"), again.toString());

        assertEquals(List.of("eu-west-1 ready", "ams ready"), states());
        assertEquals(0, commands.run("stop", "ams").exit());
        assertEquals(List.of("eu-west-1 ready", "ams stopped"), states());
        var withoutOne = commands.run("up", "--detach", "--json");
        assertEquals(1, withoutOne.exit(), withoutOne.toString());
        assertTrue(
                withoutOne.err().contains("ams is stopped; ./runnel start ams"), withoutOne.err());
        assertEquals(
                "ready", Json.read(withoutOne.out()).path("nodes").path(0).path("state").asText());
        assertEquals(0, commands.run("start", "ams").exit());
        assertEquals(List.of("eu-west-1 ready", "ams ready"), states());

        var down = commands.run("down");
        assertEquals(0, down.exit(), down.toString());
        commands.assertNoProcessIsLeft();
        assertFalse(Files.exists(folder.resolve("data/supervisor.sock")));
    }

    @Test
    void aKilledSupervisorTakesItsNodesAlongAndLeavesNothingInTheWay() throws Exception {
        assertEquals(0, commands.run("up", "-t", commands.topology(), "--detach").exit());
        long supervisor = status().path("supervisor").asLong();
        assertTrue(ProcessHandle.of(supervisor).orElseThrow().destroyForcibly());

        var again = commands.run("up", "--detach");
        assertEquals(0, again.exit(), again.toString());
        assertEquals(List.of("eu-west-1 ready", "ams ready"), states());
    }

    @Test
    void aKilledForegroundCommandTakesTheNetworkAlong() throws Exception {
        Process up = commands.start("up", "-t", commands.topology());
        commands.awaitLine(up, "network ready");
        up.destroyForcibly();
        assertTrue(up.waitFor(60, TimeUnit.SECONDS));
        commands.awaitNoProcess();
    }

    @Test
    void anInterruptedForegroundCommandEndsTheNetworkFirst() throws Exception {
        Process up = commands.start("up", "-t", commands.topology());
        commands.awaitLine(up, "network ready");
        up.destroy();
        assertTrue(up.waitFor(60, TimeUnit.SECONDS));
        commands.assertNoProcessIsLeft();
    }

    @Test
    void downEndsANetworkThatIsOnlyStarting() throws Exception {
        Files.createDirectories(folder.resolve("data/nodes/ams"));
        Files.createFile(folder.resolve("data/nodes/ams/silent"));
        Process up = commands.start("up", "-t", commands.topology(), "--detach");
        DataFolder data = new DataFolder(folder.resolve("data"));
        while (up.isAlive() && !UpLock.isHeld(data)) {
            Thread.onSpinWait();
        }
        var down = commands.run("down");
        assertTrue(down.out().startsWith("network stopped in "), down.toString());
        assertTrue(up.waitFor(60, TimeUnit.SECONDS));
        assertEquals(1, up.exitValue());
        commands.assertNoProcessIsLeft();
    }

    @Test
    void aFailedStartLeavesNothingAndSaysWhy() throws Exception {
        Files.createDirectories(folder.resolve("data/nodes/ams"));
        Files.createFile(folder.resolve("data/nodes/ams/fail"));
        var up = commands.run("up", "-t", commands.topology(), "--detach");
        assertEquals(1, up.exit(), up.toString());
        assertTrue(up.err().contains("told to fail"), up.toString());
        commands.assertNoProcessIsLeft();
    }

    @Test
    void aPortInUseIsNamedWithWhoHoldsIt() throws Exception {
        try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(holder.getLocalPort());
            var up = commands.run("up", "-t", commands.topologyWithPopAt(port), "--detach");
            assertEquals(1, up.exit(), up.toString());
            String expected =
                    "port %s (pops ams listen) is in use by pid %d (java)"
                            .formatted(port, ProcessHandle.current().pid());
            assertTrue(up.err().contains(expected), up.toString());
        }
        commands.assertNoProcessIsLeft();
    }

    private List<String> states() {
        List<String> states = new ArrayList<>();
        status().path("nodes")
                .forEach(n -> states.add(n.path("node").asText() + " " + n.path("state").asText()));
        return states;
    }

    private JsonNode status() {
        return Json.read(commands.run("status", "--json").out());
    }

    private String permissions(String file) throws IOException {
        return java.nio.file.attribute.PosixFilePermissions.toString(
                Files.getPosixFilePermissions(folder.resolve(file)));
    }
}
