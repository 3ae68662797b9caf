package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.NetworkToken;
import io.runnel.topology.Address;
import io.runnel.topology.BoundPorts;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** What tests on other machines may do to nodes, with real processes of {@link FakeNode}. */
class SupervisorHttpIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long MOST_SECONDS = 60;

    @TempDir private Path folder;
    private final HttpClient client = HttpClient.newHttpClient();
    private Supervisor supervisor;
    private SupervisorHttp http;
    private Address address;
    private String token;

    @BeforeEach
    void listen() throws Exception {
        FakeNetwork network = FakeNetwork.in(folder);
        supervisor = network.supervisor(true, Patience.DEFAULT);
        Path file = network.data().networkToken();
        token = NetworkToken.readOrCreate(file, new SecureRandom()).text();
        try (BoundPorts ports = new BoundPorts()) {
            address = new Address("127.0.0.1", ports.freePort("127.0.0.1"));
        }
        http = SupervisorHttp.open(address, supervisor, () -> NetworkToken.read(file));
        supervisor.startAll();
        supervisor.allReady().get(MOST_SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void end() throws Exception {
        http.close();
        client.close();
        supervisor.stopAll().get(MOST_SECONDS, TimeUnit.SECONDS);
        supervisor.close();
    }

    @Test
    void aNodeThatIsKilledComesBackAsAnotherProcess() throws Exception {
        long pid = ams().path("pid").asLong();
        assertEquals(200, tell("ams/kill").statusCode());
        assertFalse(ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent());
        assertEquals(200, tell("ams/start").statusCode());
        assertEquals("ready", ams().path("phase").asText());
        assertNotEquals(pid, ams().path("pid").asLong());
    }

    @Test
    void aNodeStandsStillAndGoesOn() throws Exception {
        long pid = ams().path("pid").asLong();
        assertEquals(200, tell("ams/freeze").statusCode());
        awaitState(pid, "T"::equals);
        assertEquals(200, tell("ams/thaw").statusCode());
        awaitState(pid, state -> !state.equals("T"));
    }

    @Test
    void aNodeIsStoppedAndStarted() throws Exception {
        assertEquals(200, tell("ams/stop").statusCode());
        assertEquals("stopped", ams().path("phase").asText());
        HttpResponse<String> none = tell("ams/kill");
        assertEquals(409, none.statusCode());
        assertTrue(none.body().contains("ams has no process now: it is stopped"), none.body());
        assertEquals(200, tell("ams/start").statusCode());
        assertEquals("ready", ams().path("phase").asText());
    }

    @Test
    void onlyWhoShowsTheTokenIsAnswered() throws Exception {
        for (String shown : new String[] {"", "Bearer ", "Bearer x" + token, "Basic " + token}) {
            assertEquals(401, send("GET", "/v1/nodes", shown).statusCode(), shown);
            assertEquals(401, send("POST", "/v1/nodes/ams/kill", shown).statusCode(), shown);
        }
        assertEquals("ready", ams().path("phase").asText());
    }

    @Test
    void whatIsNoRequestIsRefused() throws Exception {
        for (String path : new String[] {"/", "/v1/nodes/ams", "/v1/nodes/..%2Fx/kill"}) {
            assertEquals(404, send("POST", path, "Bearer " + token).statusCode(), path);
        }
        assertEquals(404, tell("ams/explode").statusCode());
        assertEquals(404, tell("nowhere/kill").statusCode());
        String kill = "/v1/nodes/ams/kill";
        HttpResponse<String> asked = send("GET", kill, "Bearer " + token);
        assertEquals(404, asked.statusCode());
        assertEquals("no-such-request", JSON.readTree(asked.body()).path("code").asText());
        assertEquals(0, ams().path("restarts").asInt());
    }

    private JsonNode ams() throws Exception {
        HttpResponse<String> answer = send("GET", "/v1/nodes", "Bearer " + token);
        assertEquals(200, answer.statusCode(), answer.body());
        for (JsonNode node : JSON.readTree(answer.body()).path("nodes")) {
            if (node.path("node").asText().equals("ams")) {
                return node;
            }
        }
        throw new AssertionError(answer.body());
    }

    private HttpResponse<String> tell(String what) throws Exception {
        return send("POST", "/v1/nodes/" + what, "Bearer " + token);
    }

    private HttpResponse<String> send(String method, String path, String authorization)
            throws Exception {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("http://" + address + path))
                        .method(method, HttpRequest.BodyPublishers.noBody());
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Signals take their time. The kernel says {@code T} of a process that was stopped. */
    private static void awaitState(long pid, Predicate<String> wanted) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(MOST_SECONDS);
        String state = "";
        while (System.nanoTime() < deadline) {
            String stat = Files.readString(Path.of("/proc/%d/stat".formatted(pid)));
            state = stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
            if (wanted.test(state)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("pid %d is still %s".formatted(pid, state));
    }
}
