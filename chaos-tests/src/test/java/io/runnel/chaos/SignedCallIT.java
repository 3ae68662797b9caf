package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.federation.TestIssuer;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.seal.RecipientSeal;
import io.runnel.attestation.signature.SigningKey;
import io.runnel.attestation.signature.SigningScope;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** What people sign with their own tools: curl, against real processes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SignedCallIT {
    private static final String TOPOLOGY = SmallNetwork.ofTwoRegions("signed");

    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private Path data;
    private RealNetwork network;
    private BearerToken key;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        requireCurl();
        data = folder.resolve("data");
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(data, file, topology::set);
        key =
                new CredentialsFile(data.resolve("credentials"))
                        .profile("demo")
                        .orElseThrow()
                        .token();
        Path echo = RealNetwork.TOP.resolve("exec-runtime/samples/echo/echo.wasm");
        network.runnel("deploy", "private", echo.toString()).mustWork();
    }

    private static void requireCurl() {
        try {
            assertEquals(0, RealNetwork.run(List.of("curl", "--version")).exit());
        } catch (AssertionError e) {
            String hint = "signed calls not tried: apt-get install curl";
            if ("1".equals(System.getenv("RUNNEL_STRICT"))) {
                fail(hint, e);
            }
            System.out.println("SKIPPED " + hint);
            Assumptions.abort(hint);
        }
    }

    @AfterAll
    void stop() {
        if (network != null) {
            network.close();
        }
    }

    private String pop() {
        return "http://" + topology.get().pop(new PopId("edge")).orElseThrow().listen();
    }

    private String region(String node) {
        return "https://" + topology.get().regionNode(new NodeName(node)).orElseThrow().listen();
    }

    /** The status and the body. */
    private String curl(String url, String user, String... more) {
        List<String> words = new ArrayList<>(List.of("curl", "-s", "-w", "\n%{http_code}"));
        words.addAll(List.of("--cacert", data.resolve("ca.pem").toString()));
        words.addAll(List.of("--aws-sigv4", "aws:amz:eu-west:lambda", "--user", user));
        words.addAll(List.of(more));
        words.add(url);
        RealNetwork.Said said = RealNetwork.run(words);
        assertEquals(0, said.exit(), said::toString);
        String out = said.out().strip();
        return out.substring(out.lastIndexOf('\n') + 1) + " " + out;
    }

    private static void says(String what, String answer) {
        assertTrue(answer.contains(what), answer);
    }

    private String user() {
        return key.id() + ":" + key.secret();
    }

    @Test
    void aKeySignsForItsAccountAtEachNode() {
        for (String node : List.of(pop(), region("home-1"), region("away-1"))) {
            String path = node + "/fn/demo/private";
            network.await("it is there", () -> curl(path, user()).startsWith("200"));
            says("200", curl(path + "?a=1&b=2", user()));
            says("some words", curl(path, user(), "-d", "some words"));
            says("200", curl(path + "/a/b", user(), "-X", "DELETE"));
            String invoke = node + "/2015-03-31/functions/private/invocations";
            // Whose task it is, the key says; that it takes no events is another matter.
            says("unsupported-handler", curl(invoke, user(), "-d", "{}"));
            says("401", curl(path, key.id() + ":wrong"));
            says("401", curl(path, "RNLAAAAAAAAAAAAAAAAA:wrong"));
        }
    }

    /** As a job of a CI service has one; the key that it gives for that signs as others do. */
    @Test
    void aTokenOfSomebodyElseGivesAKeyForAWhile(@TempDir Path folder) throws Exception {
        TestIssuer issuer = new TestIssuer("https://issuer.example", "k1", 2048);
        Path keys = Files.writeString(folder.resolve("jwks.json"), issuer.keys());
        List<String> words =
                new ArrayList<>(
                        List.of(
                                "accounts",
                                "trust",
                                "ci",
                                "--issuer",
                                "https://issuer.example",
                                "--audience",
                                "runnel",
                                "--claim",
                                "sub=repo:acme/*"));
        words.addAll(List.of("--task", "demo/private", "--jwks", keys.toString()));
        network.runnel(words.toArray(String[]::new)).mustWork();
        Path token = folder.resolve("token");
        Instant now = Instant.now();
        Files.writeString(token, issuer.token(issuer.claims("repo:acme/site", "runnel", now)));
        String[] exchange = {"keys", "exchange", "demo/ci", "--token", token.toString()};
        BearerToken given =
                BearerToken.parse(network.runnel(exchange).mustWork().out().strip()).orElseThrow();
        String user = given.id() + ":" + given.secret();
        for (String node : List.of(pop(), region("home-1"), region("away-1"))) {
            says("200", curl(node + "/fn/demo/private", user));
        }
        Files.writeString(token, issuer.token(issuer.claims("repo:evil/site", "runnel", now)));
        RealNetwork.Said refused = network.runnel(exchange);
        assertEquals(1, refused.exit());
        says("its claim sub is not as the trust asks", refused.err());
        // Over the web nobody is asked who stands on this machine or beside it.
        network.runnel(
                        "accounts",
                        "trust",
                        "near",
                        "--issuer",
                        "https://localhost",
                        "--audience",
                        "runnel",
                        "--claim",
                        "sub=a")
                .mustWork();
        RealNetwork.Said near =
                network.runnel("keys", "exchange", "demo/near", "--token", token.toString());
        says("issuer-unreachable", near.err());
    }

    @Test
    void aKeyThatIsGoneSignsNothing() throws Exception {
        BearerToken other = anotherKey();
        String path = pop() + "/fn/demo/private";
        String user = other.id() + ":" + other.secret();
        network.await("it is known", () -> curl(path, user).startsWith("200"));
        HttpRequest delete =
                HttpRequest.newBuilder(
                                URI.create(
                                        region("home-1") + "/v1/accounts/demo/keys/" + other.id()))
                        .header("Authorization", "Bearer " + key.text())
                        .DELETE()
                        .build();
        HttpClient client = network.newClient();
        assertEquals(204, client.send(delete, HttpResponse.BodyHandlers.ofString()).statusCode());
        network.await("nobody takes it", () -> curl(path, user).startsWith("401"));
        client.shutdownNow();
    }

    private BearerToken anotherKey() throws Exception {
        HttpClient client = network.newClient();
        HttpRequest create =
                HttpRequest.newBuilder(URI.create(region("home-1") + "/v1/accounts/demo/keys"))
                        .header("Authorization", "Bearer " + key.text())
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build();
        String made = client.send(create, HttpResponse.BodyHandlers.ofString()).body();
        client.shutdownNow();
        String token = new ObjectMapper().readTree(made).path("token").asText();
        return BearerToken.parse(token).orElseThrow(() -> new AssertionError(made));
    }

    /** With the POP's own key, by hand. */
    @Test
    void aPopIsToldWhatIsGoodForADayAndNoSecret() throws Exception {
        CertifiedKey own = new IdentityFile(data.resolve("nodes/edge")).read().orElseThrow();
        HttpClient asPop =
                HttpClient.newBuilder()
                        .sslContext(Blind.showing(own))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        LocalDate today = LocalDate.ofInstant(InstantSource.system().instant(), ZoneOffset.UTC);
        SigningScope scope = new SigningScope(today, "eu-west", "lambda");
        String wanted = wanted(key.id().value(), scope);
        assertEquals(403, asked(asPop, wanted, "").statusCode());
        String document = document();
        HttpResponse<byte[]> told = asked(asPop, wanted, document);
        assertEquals(200, told.statusCode());
        assertFalse(new String(told.body(), StandardCharsets.ISO_8859_1).contains(key.secret()));
        byte[] opened = RecipientSeal.open(own, "signing key " + wanted, told.body()).orElseThrow();
        assertTrue(Arrays.equals(SigningKey.derive(key.secret(), scope).bytes(), opened));
        SigningScope old = new SigningScope(today.minusDays(8), "eu-west", "lambda");
        assertEquals(404, asked(asPop, wanted(key.id().value(), old), document).statusCode());
        String nobodys = wanted("RNLAAAAAAAAAAAAAAAAA", scope);
        assertEquals(403, asked(asPop, nobodys, document).statusCode());
        asPop.shutdownNow();
    }

    private static String wanted(String key, SigningScope scope) {
        return key + ":" + scope.toString().replace('/', ':');
    }

    private HttpResponse<byte[]> asked(HttpClient asPop, String wanted, String document)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "https://"
                                                + topology.get()
                                                        .regionNode(new NodeName("home-1"))
                                                        .orElseThrow()
                                                        .internal()
                                                + "/v1/signing-keys/"
                                                + wanted))
                        .timeout(Duration.ofSeconds(20));
        if (!document.isEmpty()) {
            request.header("Runnel-Document", document);
        }
        return asPop.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String document() throws IOException {
        Path out = data.resolveSibling("edge");
        network.runnel(
                        "attest",
                        "document",
                        "--node",
                        "edge",
                        "--audience",
                        "runnel://signed/nodes",
                        "--out",
                        out.toString())
                .mustWork();
        return Files.readString(Path.of(out + ".jwt")).strip();
    }
}
