package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The scenarios of attestation, A1 to A7, on WebAssembly instances of a real network: what a run
 * shows of itself opens the door of another task, which has a secret, and of nothing else does it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttestationScenariosIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RUN = "/document/subject/invocation";
    private static final String SECRET = "open sesame";
    private static final String SAMPLES = "exec-runtime/samples";
    private static final String TOPOLOGY = SmallNetwork.ofOneRegion("attested");

    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private Path folder;
    private Path root;
    private RealNetwork network;
    private HttpClient client;
    private String whoami;

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(folder.resolve("data"), file, topology::set);
        client = network.newClient();
        root = folder.resolve("root.pem");
        network.runnel("attest", "root", "--out", root.toString()).mustWork();
        network.await("nodes are certified", () -> proves("home-1") && proves("edge"));
        whoami = digest(Files.readAllBytes(sample("whoami")));
    }

    private boolean proves(String node) {
        return network.runnel("attest", "document", "--node", node).exit() == 0;
    }

    @AfterAll
    void stop() {
        client.shutdownNow();
        network.close();
    }

    private static Path sample(String name) {
        return RealNetwork.TOP.resolve(SAMPLES).resolve(name).resolve(name + ".wasm");
    }

    private static String digest(byte[] code) {
        return "sha256:" + CodeDigest.of(code).value();
    }

    private String region() {
        return "https://"
                + topology.get().regionNode(new NodeName("home-1")).orElseThrow().listen();
    }

    private String pop() {
        return "http://" + topology.get().pop(new PopId("edge")).orElseThrow().listen();
    }

    /** Headers by name and value. */
    private HttpResponse<String> get(String node, String path, String... headers) {
        HttpRequest.Builder request = request(node, path);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            return fail(e);
        }
    }

    private static HttpRequest.Builder request(String node, String path) {
        return HttpRequest.newBuilder(URI.create(node + path)).timeout(Duration.ofSeconds(20));
    }

    private static String audience(String task) {
        return "runnel://attested/task/demo/" + task;
    }

    /** What a run of a task that says who it is shows of itself, for who calls another. */
    private String shown(String node, String who, String task, String nonce, String... headers) {
        HttpResponse<String> answer =
                get(
                        node,
                        "/fn/demo/%s?audience=%s&nonce=%s".formatted(who, audience(task), nonce),
                        headers);
        assertEquals(200, answer.statusCode(), answer::body);
        return answer.body().strip();
    }

    private HttpResponse<String> open(String node, String task, String document) {
        return get(node, "/fn/demo/" + task, "Runnel-Caller", document);
    }

    private void opens(HttpResponse<String> answer) {
        assertEquals(200, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains(SECRET), answer::body);
    }

    private void refuses(String why, HttpResponse<String> answer) {
        assertEquals(403, answer.statusCode(), answer::body);
        assertTrue(answer.body().contains("caller-rejected"), answer::body);
        assertTrue(answer.body().contains(why), answer::body);
    }

    /** A task with a secret, which it tells whoever is what it asks for. */
    private void deployVault(String name, String... asked) throws IOException {
        // Echo shows its environment's headers: the secret is one.
        Path given = Files.writeString(folder.resolve("secret"), SECRET + "\n");
        List<String> words = new ArrayList<>(List.of("deploy", name, sample("echo").toString()));
        words.addAll(List.of("--public", "--secret", "HTTP_TOKEN=@" + given));
        for (String fact : asked) {
            words.addAll(List.of("--caller", fact));
        }
        network.runnel(words.toArray(String[]::new)).mustWork();
    }

    private RealNetwork.Said verify(String document, String... more) throws IOException {
        Path file = Files.writeString(folder.resolve("presented.jwt"), document);
        List<String> words = new ArrayList<>();
        words.addAll(List.of("attest", "verify", file.toString(), "--json"));
        words.addAll(List.of("--root", root.toString()));
        words.addAll(List.of(more));
        return RealNetwork.launcher(words);
    }

    /** With nothing but OpenSSL, as the documentation says. */
    @Test
    void a1WhoHasTheRootChecksADocumentOutsideRunnel() throws Exception {
        Openssl.require();
        String document = shown(region(), "whoami", "bank", "n-1");
        RealNetwork.Said sound = byOpenssl(document);
        assertEquals(0, sound.exit(), sound::toString);
        assertTrue(sound.out().contains("signer-1.pem: OK"), sound::toString);
        assertTrue(sound.out().contains("Verified OK"), sound::toString);
        assertTrue(sound.out().contains("URI:runnel://attested/region/home/home-1"), sound.out());
        assertTrue(sound.out().contains("\"task\":\"whoami\""), sound::toString);
        String[] parts = document.split("\\.", -1);
        byte[] claims = Base64.getUrlDecoder().decode(parts[1]);
        for (int i = 0; i < claims.length; i += claims.length / 5) {
            byte[] changed = claims.clone();
            changed[i] ^= 1;
            RealNetwork.Said found =
                    byOpenssl(parts[0] + "." + Jwts.encoded(changed) + "." + parts[2]);
            assertTrue(found.out().contains("Verification failure"), "byte " + i + ": " + found);
            assertNotEquals(0, found.exit());
        }
    }

    private RealNetwork.Said byOpenssl(String document) throws IOException {
        Path room = Files.createDirectories(folder.resolve("auditor"));
        Files.writeString(room.resolve("call.jwt"), document + "\n");
        Files.copy(root, room.resolve("root.pem"), StandardCopyOption.REPLACE_EXISTING);
        String page = Files.readString(RealNetwork.TOP.resolve("docs/operations.md"));
        Matcher block = Pattern.compile("```sh\\n(part\\(\\).*?)```", Pattern.DOTALL).matcher(page);
        assertTrue(block.find());
        String script = "set -e -o pipefail; cd '%s'\n%s".formatted(room, block.group(1));
        return RealNetwork.run(List.of("bash", "-c", script));
    }

    @Test
    void a2WhoAsksWithAnothersIdStillGetsItsOwn() {
        String other = Jwts.part(shown(region(), "whoami", "bank", "n"), 1).at(RUN).asText();
        HttpResponse<String> answer =
                get(
                        region(),
                        "/fn/demo/whoami/%1$s?invocation=%1$s&id=%1$s".formatted(other),
                        "Runnel-Request-Id",
                        other,
                        "X-Invocation",
                        other);
        String own = Jwts.part(answer.body().strip(), 1).at(RUN).asText();
        assertEquals(answer.headers().firstValue("Runnel-Request-Id").orElse(""), own);
        assertNotEquals(other, own);
    }

    @Test
    void a3ASecretIsForOneDigestOfCode() throws Exception {
        deployVault("by-code", "code=" + whoami, "account=demo");
        deployCustomer("customer", false);
        opens(open(pop(), "by-code", shown(pop(), "customer", "by-code", "n")));
        deployCustomer("customer", true);
        String denied = shown(pop(), "customer", "by-code", "n");
        network.await(
                "the log says what it was",
                () -> {
                    refuses("in: code.", open(pop(), "by-code", denied));
                    return log("edge").contains("fact-not-allowed: code is sha256:");
                });
        deployCustomer("customer", false);
        opens(open(pop(), "by-code", shown(pop(), "customer", "by-code", "n")));
    }

    /** The same program, with a section that says nothing: another digest. */
    private void deployCustomer(String name, boolean changed) throws IOException {
        ByteArrayOutputStream code = new ByteArrayOutputStream();
        code.write(Files.readAllBytes(sample("whoami")));
        if (changed) {
            code.write(new byte[] {0, 2, 1, 'x'});
        }
        Path file = Files.write(folder.resolve(name + ".wasm"), code.toByteArray());
        network.runnel("deploy", name, file.toString(), "--public").mustWork();
    }

    private String log(String node) {
        try {
            return Files.readString(folder.resolve("data/nodes/%s/node.log".formatted(node)));
        } catch (IOException e) {
            return fail(e);
        }
    }

    @Test
    void a4WhatWasCapturedOpensNothing() throws Exception {
        deployVault("fresh", "kind=instance", "fresh=true");
        String nonce = get(pop(), "/_runnel/nonce").body().strip();
        String captured = shown(pop(), "whoami", "fresh", nonce);
        opens(open(pop(), "fresh", captured));
        refuses("in: fresh.", open(pop(), "fresh", captured));
        refuses("in: fresh.", open(pop(), "fresh", shown(pop(), "whoami", "fresh", nonce)));
        refuses("somebody else", open(pop(), "fresh", shown(pop(), "whoami", "vault", nonce)));
        verify(captured, "--audience", audience("fresh"), "--nonce", nonce).mustWork();

        deployVault("awake", "kind=instance");
        deployBrief("brief");
        String stopped = shown(pop(), "brief", "awake", "n");
        network.await("its run is over", () -> isOver(open(pop(), "awake", stopped)));
        verify(stopped, "--audience", audience("awake"), "--nonce", "n").mustWork();
    }

    /** One of which a run lasts a second at most. */
    private void deployBrief(String name, String... more) {
        List<String> words = new ArrayList<>(List.of("deploy", name, sample("whoami").toString()));
        words.addAll(List.of("--public", "--timeout", "1s"));
        words.addAll(List.of(more));
        network.runnel(words.toArray(String[]::new)).mustWork();
    }

    private static boolean isOver(HttpResponse<String> answer) {
        return answer.statusCode() == 403
                && answer.body().contains("the run that it speaks of is over");
    }

    @Test
    void a5ARunThatGoesOnFromAnEarlierOneHasADocumentOfItsOwn() throws Exception {
        deployVault("restored", "kind=instance");
        deployBrief("kept", "--reuse");
        // Only who has a key finds again what it left.
        String[] key = {
            "Runnel-Key",
            new CredentialsFile(folder.resolve("data/credentials"))
                    .profile("demo")
                    .orElseThrow()
                    .token()
                    .text()
        };
        String first = shown(region(), "kept", "restored", "n", key);
        assertEquals("launch", Jwts.part(first, 1).at("/document/event").asText());
        AtomicReference<String> next = new AtomicReference<>(first);
        network.await(
                "one finds what another left",
                () -> {
                    next.set(shown(region(), "kept", "restored", "n", key));
                    return Jwts.part(next.get(), 1)
                            .at("/document/event")
                            .asText()
                            .equals("restore");
                });
        for (String fact : List.of("/jti", RUN, "/document/subject/startedAt")) {
            assertNotEquals(Jwts.part(first, 1).at(fact), Jwts.part(next.get(), 1).at(fact), fact);
        }
        network.await("the first one's is over", () -> isOver(open(pop(), "restored", first)));
        String now = shown(region(), "kept", "restored", "n", key);
        opens(open(region(), "restored", now));
    }

    @Test
    void a6WhatAnOldKeySignedCountsOnAndAnUnknownOneSignsNothing() throws Exception {
        deployVault("rotated", "kind=instance");
        network.runnel(
                        "deploy",
                        "patient",
                        sample("whoami").toString(),
                        "--public",
                        "--timeout",
                        "120s")
                .mustWork();
        String before = shown(region(), "patient", "rotated", "n");
        network.process("home-1").destroyForcibly();
        AtomicReference<String> after = new AtomicReference<>(before);
        network.await("it has another key", () -> isOfAnotherKey(before, after));
        opens(open(pop(), "rotated", before));
        opens(open(pop(), "rotated", after.get()));
        for (String document : List.of(before, after.get())) {
            verify(document, "--audience", audience("rotated"), "--nonce", "n").mustWork();
        }
        String[] parts = before.split("\\.", -1);
        ObjectNode header = (ObjectNode) Jwts.part(before, 0);
        header.put("kid", Jwts.part(after.get(), 0).path("kid").asText());
        String renamed =
                Jwts.encoded(JSON.writeValueAsBytes(header)) + "." + parts[1] + "." + parts[2];
        refuses("not believed", open(pop(), "rotated", renamed));
        assertEquals(1, verify(renamed, "--audience", audience("rotated")).exit());
    }

    /** While its node is away it says nothing. */
    private boolean isOfAnotherKey(String before, AtomicReference<String> after) {
        String path = "/fn/demo/patient?nonce=n&audience=" + audience("rotated");
        try {
            HttpResponse<String> answer =
                    client.send(request(region(), path).build(), BodyHandlers.ofString());
            after.set(answer.body().strip());
            return answer.statusCode() == 200
                    && !Jwts.part(after.get(), 0)
                            .path("kid")
                            .equals(Jwts.part(before, 0).path("kid"));
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    @Test
    void a7NothingAndWhatNobodySignedIsRefusedByEachNode() throws Exception {
        deployVault("vault", "kind=instance", "account=demo");
        String sound = shown(pop(), "whoami", "vault", "n");
        opens(open(pop(), "vault", sound));
        opens(open(region(), "vault", sound));
        String[] parts = sound.split("\\.", -1);
        String none = Jwts.unsigned(sound);
        String signed = Jwts.signedWithItsPublicKey(sound);
        HttpClient asPop =
                HttpClient.newBuilder()
                        .sslContext(
                                Blind.showing(
                                        new IdentityFile(folder.resolve("data/nodes/edge"))
                                                .read()
                                                .orElseThrow()))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
        String internal =
                "https://"
                        + topology.get()
                                .regionNode(new NodeName("home-1"))
                                .orElseThrow()
                                .internal();
        HttpClient user = client;
        for (String node : List.of(pop(), region(), internal)) {
            // A POP's word for it that somebody may call is worth nothing.
            client = node.equals(internal) ? asPop : user;
            try {
                String wanted = "made for the audience " + audience("vault");
                refuses(wanted, get(node, "/fn/demo/vault"));
                refuses("it bears no signature", open(node, "vault", none));
                refuses("signed in a way that is not accepted", open(node, "vault", signed));
                String lie = new String(Base64.getUrlDecoder().decode(parts[1]), UTF_8);
                lie = lie.replace("whoami", "nobody");
                String altered =
                        parts[0] + "." + Jwts.encoded(lie.getBytes(UTF_8)) + "." + parts[2];
                refuses("its signature is not of what it says", open(node, "vault", altered));
                opens(open(node, "vault", sound));
            } finally {
                client = user;
            }
        }
        asPop.shutdownNow();
    }
}
