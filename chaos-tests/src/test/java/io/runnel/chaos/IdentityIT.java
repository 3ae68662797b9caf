package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Calls and nodes of real processes prove who they are to somebody who has the root's certificate,
 * and nothing else of the network.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class IdentityIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BANK = "https://bank.example";
    private static final String TOPOLOGY = SmallNetwork.ofTwoRegions("proving");

    private HttpClient client;
    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private Path folder;
    private Path root;
    private RealNetwork network;

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(folder.resolve("data"), file, topology::set);
        client = network.newClient();
        root = folder.resolve("root.pem");
        network.runnel("attest", "root", "--out", root.toString()).mustWork();
        network.await("nodes are certified", () -> proves("home-1") && proves("edge"));
    }

    private boolean proves(String node) {
        return network.runnel("attest", "document", "--node", node).exit() == 0;
    }

    @AfterAll
    void stop() {
        client.shutdownNow();
        network.close();
    }

    private HttpResponse<String> whoami(String node, String query, String... headers)
            throws Exception {
        URI uri = URI.create("%s/fn/demo/whoami%s".formatted(node, query));
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private String region() {
        return "https://"
                + topology.get().regionNode(new NodeName("home-1")).orElseThrow().listen();
    }

    private Address popAddress() {
        return topology.get().pop(new PopId("edge")).orElseThrow().listen();
    }

    private String pop() {
        return "http://" + popAddress();
    }

    /** What {@code attest verify} says, with no network's folder at hand. */
    private RealNetwork.Said verify(String document, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("presented.jwt"), document);
        return verify(file, more);
    }

    private RealNetwork.Said verify(Path file, String... more) {
        List<String> words = new ArrayList<>();
        words.addAll(List.of("attest", "verify", file.toString(), "--json"));
        words.addAll(List.of("--root", root.toString()));
        words.addAll(List.of(more));
        return RealNetwork.launcher(words);
    }

    private static JsonNode json(RealNetwork.Said said) {
        try {
            return JSON.readTree(said.out());
        } catch (IOException e) {
            return fail(said.toString(), e);
        }
    }

    private static List<String> reasons(RealNetwork.Said said) {
        assertEquals(1, said.exit(), said::toString);
        return json(said).path("reasons").findValuesAsText("code");
    }

    @Test
    void aCallProvesWhoItIs() throws Exception {
        HttpResponse<String> answer =
                whoami(region(), "?audience=https%3A%2F%2Fbank.example&nonce=n-1");
        assertEquals(200, answer.statusCode(), answer::body);
        RealNetwork.Said said = verify(answer.body(), "--audience", BANK, "--nonce", "n-1");
        JsonNode told = json(said.mustWork());
        assertEquals("runnel://proving/region/home/home-1", told.path("signer").asText());
        assertEquals("instance", told.path("kind").asText());
        assertEquals("launch", told.path("event").asText());
        JsonNode facts = told.path("facts");
        assertEquals("demo", facts.path("account").asText());
        assertEquals("whoami", facts.path("task").asText());
        assertEquals(1, facts.path("version").asInt());
        assertEquals(sha256(), facts.path("code").asText());
        assertEquals(
                answer.headers().firstValue("Runnel-Request-Id").orElse(""),
                facts.path("invocation").asText());
        assertEquals(
                List.of("audience-wrong"),
                reasons(verify(answer.body(), "--audience", "https://thief", "--nonce", "n-1")));
        assertEquals(
                List.of("nonce-wrong"),
                reasons(verify(answer.body(), "--audience", BANK, "--nonce", "n-2")));
    }

    private static String sha256() throws Exception {
        byte[] code =
                Files.readAllBytes(
                        RealNetwork.TOP.resolve("exec-runtime/samples/whoami/whoami.wasm"));
        byte[] hash = java.security.MessageDigest.getInstance("SHA-256").digest(code);
        return "sha256:" + java.util.HexFormat.of().formatHex(hash);
    }

    /** At a POP its own key signs, which an authority certified that it had to ask. */
    @Test
    void whereACallRunsIsWhoSigns() throws Exception {
        network.makePopular(popAddress().port(), "whoami", "pop/edge");
        HttpResponse<String> answer = whoami(pop(), "?audience=" + "bank" + "&nonce=n");
        assertEquals("pop/edge", RealNetwork.ranAt(answer));
        JsonNode told =
                json(verify(answer.body(), "--audience", "bank", "--nonce", "n").mustWork());
        assertEquals("runnel://proving/pop/edge", told.path("signer").asText());
        assertEquals("runnel://proving/pop/edge", told.path("facts").path("node").asText());
    }

    @Test
    void whatACallerSaysChangesNothing() throws Exception {
        HttpResponse<String> answer =
                whoami(
                        region(),
                        "?nonce=n&account=thief&task=other&node=runnel://proving/pop/edge",
                        "Runnel-Account",
                        "thief",
                        "Runnel-Task-Version",
                        "9",
                        "X-Node",
                        "runnel://proving/pop/edge");
        JsonNode facts = json(verify(answer.body(), "--nonce", "n").mustWork()).path("facts");
        assertEquals("demo", facts.path("account").asText());
        assertEquals("whoami", facts.path("task").asText());
        assertEquals(1, facts.path("version").asInt());
        assertEquals("runnel://proving/region/home/home-1", facts.path("node").asText());
        JsonNode next = json(verify(whoami(region(), "?nonce=n").body(), "--nonce", "n"));
        assertNotEquals(
                facts.path("invocation").asText(), next.path("facts").path("invocation").asText());
    }

    @Test
    void whoeverChangesADocumentIsFound() throws Exception {
        String document = whoami(region(), "?nonce=n").body().strip();
        verify(document, "--nonce", "n").mustWork();
        String[] parts = document.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String forged =
                Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(claims.replace("\"demo\"", "\"evil\"").getBytes(UTF_8));
        assertEquals(
                List.of("signature-wrong"),
                reasons(verify(parts[0] + "." + forged + "." + parts[2], "--nonce", "n")));
        Path other = folder.resolve("other");
        RealNetwork.launcher(
                        List.of("attest", "root", "init", "proving", "--out", other.toString()),
                        "RUNNEL_ROOT_PASSPHRASE",
                        "correct horse battery")
                .mustWork();
        Path file = Files.writeString(folder.resolve("sound.jwt"), document);
        RealNetwork.Said elsewhere =
                RealNetwork.launcher(
                        List.of(
                                "attest",
                                "verify",
                                file.toString(),
                                "--json",
                                "--root",
                                other.resolve("ca.pem").toString()));
        assertEquals(List.of("issuer-unknown"), reasons(elsewhere));
    }

    /** With nothing but what every Java has. */
    @Test
    void othersCheckItByThemselves() throws Exception {
        String document = whoami(region(), "?audience=bank").body().strip();
        String[] parts = document.split("\\.", -1);
        JsonNode header = JSON.readTree(Base64.getUrlDecoder().decode(parts[0]));
        assertEquals("ES256", header.path("alg").asText());
        byte[] leaf = Base64.getDecoder().decode(header.path("x5c").path(0).asText());
        var certificate =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(leaf));
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(certificate);
        signature.update((parts[0] + "." + parts[1]).getBytes(US_ASCII));
        assertTrue(signature.verify(Base64.getUrlDecoder().decode(parts[2])));
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(parts[1]));
        assertEquals("bank", claims.path("aud").asText());
        assertEquals(600, claims.path("exp").asLong() - claims.path("iat").asLong());
    }

    @Test
    void opensslAloneChecksANode() throws Exception {
        Openssl.require();
        for (String node : List.of("home-1", "edge")) {
            Path out = folder.resolve("node-" + node);
            network.runnel(
                            "attest",
                            "document",
                            "--node",
                            node,
                            "--nonce",
                            "n1",
                            "--audience",
                            "me",
                            "--out",
                            out.toString())
                    .mustWork();
            Path json = Path.of(out + ".json");
            Path cms = Path.of(out + ".json.p7s");
            RealNetwork.Said sound = openssl(json, cms);
            assertEquals(0, sound.exit(), sound::toString);
            JsonNode told = json(verify(json, "--audience", "me", "--nonce", "n1").mustWork());
            assertEquals("node", told.path("kind").asText());
            assertEquals("supervisor", told.at("/facts/software/measuredBy").asText());
            assertMeasured(told, Files.readString(Path.of(out + ".jwt")).strip());
            assertTrue(
                    told.at("/facts/software/digest").asText().matches("sha256:[0-9a-f]{64}"),
                    told::toString);
            verify(Path.of(out + ".jwt"), "--audience", "me", "--nonce", "n1").mustWork();
            byte[] changed = Files.readAllBytes(json);
            changed[changed.length / 2] ^= 1;
            Files.write(json, changed);
            assertNotEquals(0, openssl(json, cms).exit());
            assertFalse(reasons(verify(json, "--audience", "me")).isEmpty());
        }
    }

    /** The supervisor's own document is checked as any other, and is of this node alone. */
    private void assertMeasured(JsonNode told, String jwt) throws IOException {
        JsonNode facts = told.path("facts");
        String measurement = facts.at("/software/measurement").asText();
        JsonNode its = json(verify(measurement).mustWork());
        assertEquals("measurement", its.path("kind").asText());
        assertEquals(facts.path("node"), its.at("/facts/node"));
        assertEquals(facts.at("/software/digest"), its.at("/facts/digest"));
        String digest = facts.at("/software/digest").asText();
        assertEquals(List.of("signature-wrong"), reasons(verify(lying(measurement, digest))));
        assertEquals(
                List.of("signature-wrong"),
                reasons(verify(lying(jwt, digest), "--audience", "me", "--nonce", "n1")));
    }

    /** The same, but for the digest. */
    private static String lying(String jwt, String digest) {
        String[] parts = jwt.split("\\.", -1);
        String claims = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
        String lie = claims.replace(digest, "sha256:" + "0".repeat(64));
        assertNotEquals(claims, lie);
        return String.join(
                ".",
                parts[0],
                Base64.getUrlEncoder().withoutPadding().encodeToString(lie.getBytes(UTF_8)),
                parts[2]);
    }

    private RealNetwork.Said openssl(Path json, Path cms) {
        return RealNetwork.run(
                List.of(
                        "openssl",
                        "cms",
                        "-verify",
                        "-binary",
                        "-inform",
                        "DER",
                        "-in",
                        cms.toString(),
                        "-content",
                        json.toString(),
                        "-CAfile",
                        root.toString(),
                        "-purpose",
                        "any",
                        "-out",
                        "/dev/null"));
    }

    @Test
    void aNodeThatIsNotThereSaysSo() {
        RealNetwork.Said said = network.runnel("attest", "document", "--node", "nowhere");
        assertEquals(1, said.exit(), said::toString);
        assertTrue(said.err().contains("there is no node 'nowhere'"), said::toString);
    }

    /** What {@code attest audit verify} says of each region's log. */
    private Map<String, JsonNode> logs() {
        Map<String, JsonNode> logs = new HashMap<>();
        json(network.runnel("attest", "audit", "verify", "--json"))
                .path("logs")
                .forEach(log -> logs.put(log.path("region").asText(), log));
        return logs;
    }

    private boolean isWitnessed(String region) {
        JsonNode by = logs().get(region).path("witnessed").path(0);
        return by.path("entries").asLong() > 0;
    }

    @Test
    void aRegionCannotTakeBackWhatAnotherWitnessed() throws Exception {
        network.await("each knows the other's", () -> isWitnessed("home") && isWitnessed("away"));
        RealNetwork.Said sound = network.runnel("attest", "audit", "verify").mustWork();
        assertTrue(sound.out().matches("(?s).*away .* by home +sound.*"), sound::toString);
        Path store = folder.resolve("data/nodes/away-1/store.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + store);
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER audit_log_keeps");
            statement.execute("DELETE FROM audit_log");
        }
        JsonNode away = logs().get("away");
        String why = away.path("why").asText();
        assertFalse(away.path("sound").asBoolean(), away::toString);
        assertTrue(why.matches("entry \\d+ is gone, which home witnessed at .*"), why);
        assertEquals(1, network.runnel("attest", "audit", "verify").exit());
        network.await("the other says so itself", () -> saysOtherwise("home"));
        RealNetwork.Said audit = network.runnel("attest", "audit", "--region", "home").mustWork();
        assertTrue(
                audit.out().matches("(?s).*contradicted +runnel://proving/authority/away .*"),
                audit::toString);
    }

    private boolean saysOtherwise(String region) {
        return network.runnel("attest", "audit", "--region", region).out().contains("contradicted");
    }
}
