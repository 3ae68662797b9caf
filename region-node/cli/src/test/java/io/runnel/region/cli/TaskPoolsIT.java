package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.NetworkToken;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;

/** What {@code tasks show} says of the nodes' pools, against servers that answer as told. */
class TaskPoolsIT {
    private static final String POOL = "GET /v1/pool/tasks/demo/hello";
    private static final String REPORT =
            """
            {"account":"demo","task":"hello","version":3,"calls":72,"lastCallMs":5000,"open":true,
             "tier":"interpreted","optimized":"no: 41,000 functions","notes":["it is interpreted"],
             "programBytes":204800,
             "isolates":{"starting":0,"prepared":8,"running":0,"idle":1,"idleBytes":131072},
             "held":8,"why":"8 at once are expected in 12.0 s; 8 are held for that",
             "periods":[{"state":"periodic","periodMs":20000,"jitterMs":10,"confidence":0.987,
              "expectedInMs":12000,"opensInMs":11000,"closesInMs":13000,"amount":8,"hits":9,
              "misses":1}]}\
            """;

    @TempDir private Path folder;
    private CannedServer region;
    private CannedServer regionAdmin;
    private CannedServer popAdmin;
    private NetworkToken token;
    private TestShell shell;

    @BeforeEach
    void prepare() throws IOException {
        Path data = Files.createDirectories(folder.resolve(".runnel"));
        region = CannedServer.region(TestRoot.in(data));
        regionAdmin = new CannedServer();
        popAdmin = new CannedServer();
        token = NetworkToken.readOrCreate(data.resolve("network.token"), new SecureRandom());
        write(regionAdmin.port(), popAdmin.port());
        region.on("GET /v1/tasks/hello", 200, "{\"account\":\"demo\",\"name\":\"hello\"}")
                .on("GET /v1/tasks/hello/versions", 200, "{\"versions\":[]}");
        shell =
                new TestShell(folder)
                        .with("RUNNEL_KEY", BearerToken.generate(new SecureRandom()).text());
    }

    private void write(int regionPort, int popPort) throws IOException {
        Files.writeString(
                folder.resolve(".runnel/topology.yaml"),
                FakeTopology.TEXT
                        .replace(
                                "zone: a, listen: 127.0.0.1:0",
                                "zone: a, listen: " + at(region.port()))
                        .replace(
                                "admin: 127.0.0.1:0, slots", "admin: " + at(regionPort) + ", slots")
                        .replace("    admin: 127.0.0.1:0", "    admin: " + at(popPort)));
    }

    private static String at(int port) {
        return "127.0.0.1:" + port;
    }

    @AfterEach
    void end() {
        region.close();
        regionAdmin.close();
        popAdmin.close();
    }

    @Test
    void eachNodeThatKnowsTheTaskIsShown() {
        popAdmin.on(POOL, 200, REPORT);
        regionAdmin.on(POOL, 404, "{\"code\":\"task-not-found\"}");
        assertEquals(0, shell.run("tasks", "show", "hello"), shell.err());
        String shown = shell.out();
        assertTrue(
                shown.contains(
                        """
                        ams: interpreted (optimized: no: 41,000 functions), 72 calls, the last 5.0 s ago
                          held       8 wanted; 8 prepared, 1 idle, 0 running; 128 KiB, program 200 KiB
                          why        8 at once are expected in 12.0 s; 8 are held for that
                          next burst in 12.0 s, 8 at once
                          period     20.0 s, confidence 0.99, periodic, 9 hits, 1 misses
                          note       it is interpreted
                        """),
                shown);
        assertFalse(shown.contains("eu-west-1"), shown);
        assertEquals("Bearer " + token.text(), popAdmin.last().authorization());
        assertFalse(shown.contains(token.text()) || shell.err().contains(token.text()));
    }

    @Test
    void asJsonEveryNodeIsThere() {
        popAdmin.on(POOL, 200, REPORT);
        regionAdmin.on(POOL, 404, "{\"code\":\"task-not-found\"}");
        assertEquals(0, shell.run("tasks", "show", "hello", "--json"), shell.err());
        var nodes = Json.read(shell.out()).path("nodes");
        assertEquals(2, nodes.size(), shell.out());
        assertEquals("ams", nodes.path(0).path("node").asText());
        assertEquals(
                20_000,
                nodes.path(0).path("pool").path("periods").path(0).path("periodMs").asInt());
        assertTrue(nodes.path(1).path("pool").isNull(), shell.out());
    }

    @Test
    void aNodeThatSaysNothingIsNamedAndNotWaitedFor() throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int closed = regionAdmin.port();
            regionAdmin.close();
            write(closed, mute.getLocalPort());
            assertEquals(0, shell.run("tasks", "show", "hello"), shell.err());
            assertTrue(shell.out().contains("ams: no answer within 2 s"), shell.out());
            assertTrue(shell.out().contains("eu-west-1: nothing answers there"), shell.out());
            assertTrue(shell.out().contains("no node that answers has had a call"), shell.out());
        }
    }

    @Test
    void aNodeThatRefusesIsNamed() {
        popAdmin.on(POOL, 401, Map.of(), "{\"code\":\"unauthenticated\"}");
        regionAdmin.on(POOL, 200, "no JSON");
        assertEquals(0, shell.run("tasks", "show", "hello"), shell.err());
        assertTrue(shell.out().contains("ams: it does not tell (401)"), shell.out());
        assertTrue(shell.out().contains("eu-west-1: what it says is no JSON"), shell.out());
    }
}
