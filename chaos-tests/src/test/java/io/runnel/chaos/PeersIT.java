package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What nodes of real processes tell each other, and whom they tell nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class PeersIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TOPOLOGY =
            SmallNetwork.ofOneRegion("proving")
                    + """
                    links:
                      - {from: edge, to: home, rtt: 1ms, via: {internal: "%s"}}
                    """;

    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private final HttpClient plain = HttpClient.newHttpClient();
    private RecordingRelay relay;
    private Path folder;
    private Path root;
    private RealNetwork network;

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        relay = new RecordingRelay();
        Path file =
                Files.writeString(
                        folder.resolve("network.yaml"), TOPOLOGY.formatted(relay.address()));
        network = RealNetwork.start(folder.resolve("data"), file, this::chosen);
        root = folder.resolve("root.pem");
        network.runnel("attest", "root", "--out", root.toString()).mustWork();
        network.await("the POP is certified", () -> proves("edge"));
        network.await("it is heard", () -> atPop("/fn/demo/echo", "x").statusCode() == 200);
    }

    private void chosen(Topology chosen) {
        topology.set(chosen);
        relay.leadTo(internal());
    }

    @AfterAll
    void stop() throws IOException {
        plain.shutdownNow();
        network.close();
        relay.close();
    }

    private Address internal() {
        return topology.get().regionNode(new NodeName("home-1")).orElseThrow().internal();
    }

    private int pop() {
        return topology.get().pop(new PopId("edge")).orElseThrow().listen().port();
    }

    private boolean proves(String node) {
        return network.runnel("attest", "document", "--node", node).exit() == 0;
    }

    private HttpResponse<String> atPop(String path, String body) {
        URI uri = URI.create("http://127.0.0.1:" + pop() + path);
        return answer(HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private HttpResponse<String> answer(HttpRequest.Builder request) {
        try {
            return plain.send(
                    request.timeout(Duration.ofSeconds(20)).build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            return fail(e);
        }
    }

    @Test
    void whoListensOnTheWayHearsNothing() throws Exception {
        String secret = "a-word-that-only-caller-and-task-know";
        HttpResponse<String> answer = atPop("/fn/demo/echo/some-path", secret);
        assertEquals("region/home/home-1", RealNetwork.ranAt(answer));
        assertTrue(answer.body().contains(secret), answer::body);
        String seen = relay.seen();
        assertTrue(seen.startsWith("\u0016\u0003"), "it begins with a handshake of TLS");
        String token = Files.readString(folder.resolve("data/network.token")).strip();
        for (String told :
                List.of(secret, "some-path", "demo", "echo", token, "HTTP/1.1", "PRI * HTTP")) {
            assertFalse(seen.contains(told), told);
        }
    }

    @Test
    void clearTextIsNotAnswered() throws Exception {
        String token = Files.readString(folder.resolve("data/network.token")).strip();
        String request = "GET /v1/ping HTTP/1.1\r\nHost: x\r\nRunnel-Network: %s\r\n\r\n";
        try (Socket socket = new Socket(internal().host(), internal().port())) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write(request.formatted(token).getBytes(ISO_8859_1));
            String heard = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            assertFalse(heard.contains("HTTP"), heard);
        }
    }

    /** The network's token makes nobody somebody. */
    @Test
    void whoShowsNoCertificateIsToldNothing() throws Exception {
        String token = Files.readString(folder.resolve("data/network.token")).strip();
        try (HttpClient stranger = stranger()) {
            for (String path :
                    List.of(
                            "/v1/ping",
                            "/v1/feed",
                            "/v1/statuses",
                            "/fn/demo/hello",
                            "/v1/nodes")) {
                HttpRequest request = at(path).header("Runnel-Network", token).build();
                HttpResponse<String> answer =
                        stranger.send(request, HttpResponse.BodyHandlers.ofString());
                assertEquals(401, answer.statusCode(), path);
            }
        }
    }

    private static HttpClient stranger() throws GeneralSecurityException {
        return HttpClient.newBuilder()
                .sslContext(Blind.context())
                .version(HttpClient.Version.HTTP_1_1)
                .build();
    }

    @Test
    void aJoinTokenIsGoodOnceAndNothingElseIs() throws Exception {
        Path file = folder.resolve("edge.token");
        network.runnel("attest", "token", "edge", "--life", "10m", "--out", file.toString())
                .mustWork();
        String token = Files.readString(file).strip();
        assertEquals("403 the join token: it is not of the form", join("x"));
        String network = Files.readString(folder.resolve("data/network.token")).strip();
        assertEquals("403 the join token: it is not of the form", join(network));
        assertEquals("200 ", join(token));
        assertEquals("403 the join token: it was used for another key", join(token));
        RealNetwork.Said log = this.network.runnel("attest", "audit").mustWork();
        assertTrue(
                log.out().matches("(?s).*admitted +runnel://proving/pop/edge +admin/.* until .*"),
                log::toString);
        assertTrue(log.out().contains("used for another key"), log::toString);
        RealNetwork.Said nowhere = this.network.runnel("attest", "token", "home-1");
        assertEquals(1, nowhere.exit(), nowhere::toString);
        assertTrue(nowhere.err().contains("no POP 'home-1'"), nowhere::toString);
    }

    /** As the POP {@code edge} with a new key: the status, and why it was refused. */
    private String join(String token) throws Exception {
        try (HttpClient stranger = stranger()) {
            HttpResponse<String> nonce =
                    stranger.send(
                            at("/v1/certificates/edge").build(),
                            HttpResponse.BodyHandlers.ofString());
            assertEquals(200, nonce.statusCode(), nonce::body);
            byte[] request =
                    JoinRequest.of(
                            KeyPairs.generate(new SecureRandom()),
                            nonce.body(),
                            JSON.createObjectNode(),
                            new JoinProof.Token(token));
            HttpResponse<String> answer =
                    stranger.send(
                            at("/v1/certificates/edge")
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(request))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            String why =
                    answer.statusCode() == 200
                            ? ""
                            : JSON.readTree(answer.body()).path("detail").asText();
            return answer.statusCode() + " " + why;
        }
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create("https://" + internal() + path))
                .timeout(Duration.ofSeconds(20));
    }

    private int ready() {
        URI ready = URI.create("http://127.0.0.1:%d/_runnel/ready".formatted(pop()));
        return answer(HttpRequest.newBuilder(ready)).statusCode();
    }

    /** The end of this network's audit log. */
    private String head() {
        return json(network.runnel("attest", "audit", "verify", "--json").mustWork())
                .at("/logs/0/head")
                .asText();
    }

    private Path revocations() {
        network.runnel("attest", "revocations", "--out", folder.toString()).mustWork();
        return folder.resolve("home.crl");
    }

    private static JsonNode json(RealNetwork.Said said) {
        try {
            return JSON.readTree(said.out());
        } catch (IOException e) {
            return fail(said.toString(), e);
        }
    }

    /** A node's document, as a JWT. */
    private String proof(String node) throws IOException {
        Path out = folder.resolve("proof");
        network.runnel("attest", "document", "--node", node, "--out", out.toString()).mustWork();
        return Files.readString(Path.of(out + ".jwt"));
    }

    /** Why a document is not believed; nothing if it is. */
    private List<String> doubts(String document, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("presented.jwt"), document);
        List<String> words = new ArrayList<>();
        words.addAll(List.of("attest", "verify", file.toString(), "--json"));
        words.addAll(List.of("--root", root.toString()));
        words.addAll(List.of(more));
        RealNetwork.Said said = RealNetwork.launcher(words);
        List<String> reasons = json(said).path("reasons").findValuesAsText("code");
        assertEquals(reasons.isEmpty() ? 0 : 1, said.exit(), said::toString);
        return reasons;
    }

    @Test
    void aRevokedPopIsNobodyToAnybodyUntilItIsReadmitted() throws Exception {
        String before = head();
        String document = proof("edge");
        assertEquals(List.of(), doubts(document, "--revoked", revocations().toString()));
        RealNetwork.Said revoked =
                network.runnel("attest", "revoke", "edge", "--why", "stolen").mustWork();
        assertTrue(revoked.out().matches("(?s).*home +revoked.*"), revoked::toString);
        assertEquals(List.of("revoked"), doubts(document, "--revoked", revocations().toString()));
        assertEquals(List.of(), doubts(document));
        network.await("no region hears it", () -> atPop("/fn/demo/echo", "x").statusCode() == 503);
        network.await("users are sent elsewhere", () -> ready() == 503);
        RealNetwork.Said nobody = network.runnel("attest", "document", "--node", "edge");
        assertTrue(nobody.err().contains("edge was revoked"), nobody::toString);
        RealNetwork.Said readmitted = network.runnel("attest", "readmit", "edge").mustWork();
        assertTrue(readmitted.err().contains("edge/join.token"), readmitted::toString);
        network.await("it is certified again", () -> proves("edge"));
        network.await("it is heard", () -> atPop("/fn/demo/echo", "x").statusCode() == 200);
        network.await("users are welcome", () -> ready() == 200);
        assertEquals(List.of(), doubts(proof("edge"), "--revoked", revocations().toString()));
        assertEquals(List.of("revoked"), doubts(document, "--revoked", revocations().toString()));
        RealNetwork.Said log = network.runnel("attest", "audit").mustWork();
        assertTrue(
                log.out().matches("(?s).*revoked +runnel://proving/pop/edge +admin/.* +stolen.*"),
                log::toString);
        network.runnel("attest", "audit", "verify", "--head", before).mustWork();
        RealNetwork.Said other =
                network.runnel("attest", "audit", "verify", "--head", "0a".repeat(32));
        assertEquals(1, other.exit(), other::toString);
        assertEquals(1, network.runnel("attest", "revoke", "nowhere").exit());
    }
}
