package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.OwnMeasurement;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.NodeStatus.Role;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

import javax.net.ssl.HttpsURLConnection;

/** The supervisor with real processes of {@link FakeNode}. */
class SupervisorIT {
    private static final NodeName AMS = new NodeName("ams");
    private static final NodeName WEST = new NodeName("eu-west-1");
    private static final long MOST_SECONDS = 60;

    @TempDir private Path folder;
    private DataFolder data;
    private FakeNetwork network;
    private Supervisor supervisor;
    private final BlockingQueue<SupervisorEvent> events = new LinkedBlockingQueue<>();

    @BeforeEach
    void prepare() throws IOException {
        network = FakeNetwork.in(folder);
        data = network.data();
        supervisor = supervisor(true);
    }

    @AfterEach
    void end() throws Exception {
        supervisor.stopAll().get(MOST_SECONDS, TimeUnit.SECONDS);
        supervisor.close();
        assertEquals(List.of(), Leftovers.of(data));
    }

    private Supervisor supervisor(boolean restarts) {
        return supervisor(restarts, Patience.DEFAULT);
    }

    private Supervisor supervisor(boolean restarts, Patience patience) {
        Supervisor made = network.supervisor(restarts, patience);
        made.watch(events::add);
        return made;
    }

    @Test
    void aNodeThatDiesIsStartedAgain() throws Exception {
        startAll();
        long pid = report(AMS).pid().orElseThrow();
        kill(pid);
        awaitEvent(e -> e.node().equals(AMS) && e.phase() == NodePhase.WAITING);
        awaitEvent(e -> e.node().equals(AMS) && e.phase() == NodePhase.READY);
        NodeReport report = report(AMS);
        assertEquals(1, report.restarts());
        assertNotEquals(pid, report.pid().orElseThrow());
        assertTrue(
                report.lastEnd().orElseThrow().startsWith("was ended by signal 9"),
                report.toString());
    }

    @Test
    void aNodeHasVariablesOfItsOwnAtEachStart() throws Exception {
        Files.writeString(folder.resolve("ams.env"), "FAKE_WORD=first\n");
        startAll();
        assertEquals("first", word(AMS));
        assertEquals("none", word(WEST));
        Files.writeString(folder.resolve("ams.env"), "FAKE_WORD=second\n");
        supervisor.restart(AMS, false).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals("second", word(AMS));
    }

    private String word(NodeName name) throws IOException {
        LocalNode node =
                network.nodes().stream()
                        .filter(n -> n.name().equals(name))
                        .findFirst()
                        .orElseThrow();
        String scheme = node.role() == Role.REGION ? "https" : "http";
        URL url = URI.create("%s://%s/word".formatted(scheme, node.listen())).toURL();
        URLConnection connection = url.openConnection();
        if (connection instanceof HttpsURLConnection secured) {
            secured.setSSLSocketFactory(Anybody.context().getSocketFactory());
            secured.setHostnameVerifier((host, session) -> true);
        }
        try (InputStream said = connection.getInputStream()) {
            return new String(said.readAllBytes(), UTF_8);
        }
    }

    @Test
    void eachNodeIsMeasuredBeforeItStartsAndForAsLongAsItRuns() throws Exception {
        var authorities = new AuthorityFolder(data.root());
        List<RegionId> here = List.of(new RegionId("eu-west"));
        assertEquals(
                List.of(), authorities.ensure("test", here, Instant.now(), new SecureRandom()));
        Path west = OwnMeasurement.file(data.node(WEST));
        Path ams = OwnMeasurement.file(data.node(AMS));
        startAll();
        String first = Files.readString(ams);
        assertTrue(Files.exists(west));
        supervisor.restart(AMS, false).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertNotEquals(first, Files.readString(ams));
        supervisor.stop(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertFalse(Files.exists(ams));
        assertTrue(Files.exists(west));
    }

    @Test
    void anotherProcessTakesOver() throws Exception {
        startAll();
        for (NodeName node : List.of(AMS, WEST, AMS)) {
            long pid = report(node).pid().orElseThrow();
            supervisor.restart(node, false).get(MOST_SECONDS, TimeUnit.SECONDS);
            assertEquals(NodePhase.READY, report(node).phase());
            assertNotEquals(pid, report(node).pid().orElseThrow());
            assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
            assertEquals(0, report(node).restarts());
        }
        assertEquals(2, Leftovers.of(data).size());
    }

    @Test
    void aProcessThatCannotTakeOverLeavesTheOldOne() throws Exception {
        startAll();
        long pid = report(AMS).pid().orElseThrow();
        Path fail = Files.createFile(data.node(AMS).resolve("fail"));
        ExecutionException e =
                assertThrows(
                        ExecutionException.class,
                        () -> supervisor.restart(AMS, false).get(MOST_SECONDS, TimeUnit.SECONDS));
        assertTrue(
                e.getCause().getMessage().contains("goes on as it was: the new process ended"),
                e.getCause().getMessage());
        assertEquals(NodePhase.READY, report(AMS).phase());
        assertEquals(pid, report(AMS).pid().orElseThrow());
        Files.delete(fail);
        supervisor.restart(AMS, false).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertNotEquals(pid, report(AMS).pid().orElseThrow());
    }

    @Test
    void whatIsStoppedIsNotRestarted() throws Exception {
        startAll();
        supervisor.stop(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        ExecutionException e =
                assertThrows(
                        ExecutionException.class,
                        () -> supervisor.restart(AMS, false).get(MOST_SECONDS, TimeUnit.SECONDS));
        assertEquals("ams is stopped: it is not restarted", e.getCause().getMessage());
    }

    @Test
    void aNodeThatCanNeverStartIsLeftDead() throws Exception {
        startAll();
        Files.createFile(data.node(AMS).resolve("hopeless"));
        kill(report(AMS).pid().orElseThrow());
        awaitEvent(e -> e.node().equals(AMS) && e.phase() == NodePhase.DEAD);
        NodeReport report = report(AMS);
        assertEquals(1, report.restarts());
        assertTrue(
                report.lastEnd().orElseThrow().endsWith(": the store is of a newer version"),
                report.toString());
        Files.delete(data.node(AMS).resolve("hopeless"));
        supervisor.start(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals(NodePhase.READY, report(AMS).phase());
    }

    @Test
    void unlessTold() throws Exception {
        supervisor.close();
        supervisor = supervisor(false);
        startAll();
        kill(report(AMS).pid().orElseThrow());
        awaitEvent(e -> e.node().equals(AMS) && e.phase() == NodePhase.DEAD);
        assertEquals(NodePhase.DEAD, report(AMS).phase());
    }

    @Test
    void aStoppedNodeStaysStoppedUntilItIsStarted() throws Exception {
        startAll();
        long pid = report(AMS).pid().orElseThrow();
        supervisor.stop(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals(NodePhase.STOPPED, report(AMS).phase());
        assertTrue(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
        supervisor.stop(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        supervisor.start(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals(NodePhase.READY, report(AMS).phase());
        assertEquals(0, report(AMS).restarts());
    }

    @Test
    void aFailedStartStopsAllAndSaysWhy() throws Exception {
        Files.createDirectories(data.node(AMS));
        Files.createFile(data.node(AMS).resolve("fail"));
        supervisor.startAll();
        ExecutionException failure =
                assertThrows(
                        ExecutionException.class,
                        () -> supervisor.allReady().get(MOST_SECONDS, TimeUnit.SECONDS));
        assertTrue(
                failure.getCause()
                        .getMessage()
                        .matches("ams ended with code 1 after .*: told to fail"),
                failure.getCause().getMessage());
        supervisor.ended().get(MOST_SECONDS, TimeUnit.SECONDS);
        assertTrue(
                Files.readString(data.nodeLog(AMS)).contains("told to fail"),
                "the node's own words are kept");
    }

    @Test
    void aNodeThatDoesNotEndIsKilled() throws Exception {
        Files.createDirectories(data.node(AMS));
        Files.createFile(data.node(AMS).resolve("stubborn"));
        supervisor.close();
        supervisor = supervisor(true, new Patience(Duration.ofMinutes(1), Duration.ofSeconds(3)));
        startAll();
        supervisor.stop(AMS).get(MOST_SECONDS, TimeUnit.SECONDS);
        assertEquals(NodePhase.STOPPED, report(AMS).phase());
        assertTrue(
                Files.readString(data.nodeLog(AMS)).contains("will not end"),
                "it was asked before it was killed");
    }

    @Test
    void aNodeThatDoesNotGetReadyIsAFailedStart() throws Exception {
        Files.createDirectories(data.node(AMS));
        Files.createFile(data.node(AMS).resolve("silent"));
        supervisor.close();
        // On a busy machine another node might not make it in that time either.
        network = network.only(AMS);
        supervisor = supervisor(true, new Patience(Duration.ofSeconds(3), Duration.ofMinutes(1)));
        supervisor.startAll();
        ExecutionException failure =
                assertThrows(
                        ExecutionException.class,
                        () -> supervisor.allReady().get(MOST_SECONDS, TimeUnit.SECONDS));
        assertEquals("ams was not ready within 3.0 s", failure.getCause().getMessage());
    }

    @Test
    void anUnknownNodeIsRefusedWithTheKnownOnes() {
        ExecutionException failure =
                assertThrows(
                        ExecutionException.class,
                        () ->
                                supervisor
                                        .stop(new NodeName("amz"))
                                        .get(MOST_SECONDS, TimeUnit.SECONDS));
        assertEquals(
                "no node 'amz' on this machine; there are eu-west-1, ams",
                failure.getCause().getMessage());
    }

    private void startAll() throws Exception {
        supervisor.startAll();
        supervisor.allReady().get(MOST_SECONDS, TimeUnit.SECONDS);
    }

    private NodeReport report(NodeName name) throws Exception {
        return supervisor.reports().get(MOST_SECONDS, TimeUnit.SECONDS).stream()
                .filter(r -> r.node().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static void kill(long pid) {
        assertTrue(ProcessHandle.of(pid).orElseThrow().destroyForcibly());
    }

    private void awaitEvent(Predicate<SupervisorEvent> wanted) throws InterruptedException {
        SupervisorEvent event = events.poll(MOST_SECONDS, TimeUnit.SECONDS);
        while (event != null && !wanted.test(event)) {
            event = events.poll(MOST_SECONDS, TimeUnit.SECONDS);
        }
        assertTrue(event != null, "no such event came");
    }
}
