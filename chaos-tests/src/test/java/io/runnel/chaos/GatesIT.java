package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.attestation.join.IdentityFile;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.topology.Address;
import io.runnel.topology.Topology;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What nodes of real processes must be for code, records and calls. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class GatesIT {
    private static final String TOPOLOGY = SmallNetwork.ofOneRegion("gated");

    private static final String SECRET = "open sesame";
    private static final String AT_EDGE = "pop/edge";
    private static final String AT_HOME = "region/home/home-1";

    private final AtomicReference<Topology> topology = new AtomicReference<>();
    private Path folder;
    private RealNetwork network;
    private HttpClient asPop;

    @BeforeAll
    void start(@TempDir Path given) throws Exception {
        folder = given;
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        network = RealNetwork.start(folder.resolve("data"), file, topology::set);
        network.await("the POP is certified", () -> !document("edge").isEmpty());
        asPop =
                HttpClient.newBuilder()
                        .sslContext(
                                Blind.showing(
                                        new IdentityFile(folder.resolve("data/nodes/edge"))
                                                .read()
                                                .orElseThrow()))
                        .version(HttpClient.Version.HTTP_1_1)
                        .build();
    }

    /** Nothing is asked of anybody any more. */
    @AfterEach
    void mend() throws IOException {
        require("--nothing");
        apply("");
    }

    @AfterAll
    void stop() {
        asPop.shutdownNow();
        network.close();
    }

    private int pop() {
        return topology.get().pop(new PopId("edge")).orElseThrow().listen().port();
    }

    /** A node's document for nodes, as JWT; empty if it has none. */
    private String document(String node) {
        Path out = folder.resolve(node);
        RealNetwork.Said said =
                network.runnel(
                        "attest",
                        "document",
                        "--node",
                        node,
                        "--audience",
                        "runnel://gated/nodes",
                        "--out",
                        out.toString());
        try {
            return said.exit() == 0 ? Files.readString(Path.of(out + ".jwt")).strip() : "";
        } catch (IOException e) {
            return fail(e);
        }
    }

    /** What the region tells who has the POP's own key: the status, and why not. */
    private String asked(String path, String document) throws Exception {
        Address internal =
                topology.get().regionNode(new NodeName("home-1")).orElseThrow().internal();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create("https://" + internal + path))
                        .timeout(Duration.ofSeconds(20));
        if (!document.isEmpty()) {
            request.header("Runnel-Document", document);
        }
        HttpResponse<String> answer =
                asPop.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return answer.statusCode() == 200
                ? "200"
                : answer.statusCode()
                        + " "
                        + new ObjectMapper().readTree(answer.body()).path("detail").asText();
    }

    private void require(String... asked) {
        String[] words = new String[3 + asked.length];
        words[0] = "accounts";
        words[1] = "require";
        words[2] = "demo";
        System.arraycopy(asked, 0, words, 3, asked.length);
        network.runnel(words).mustWork();
    }

    @Test
    void anOwnersCodeIsOnlyWhereTheOwnerLetsItBe() throws Exception {
        network.makePopular(pop(), "hello", AT_EDGE);
        require("--fact", "role=region");
        network.makePopular(pop(), "hello", AT_HOME);
        HttpResponse<String> answer = network.call(pop(), "hello");
        assertEquals("policy", answer.headers().firstValue("Runnel-Placed").orElse(""));
        RealNetwork.Said explained = network.runnel("explain", "hello").mustWork();
        assertTrue(explained.out().contains("requirements"), explained::toString);

        Path module = RealNetwork.TOP.resolve("exec-runtime/samples/hello/hello.wasm");
        String code = "/v1/code/" + CodeDigest.of(Files.readAllBytes(module));
        String not = "403 the policy 'fetch-code': ";
        assertEquals(not + "it bears no signature: no document", asked(code, ""));
        assertEquals(
                not + "a fact is not as it must be: role is pop", asked(code, document("edge")));
        assertEquals(
                not
                        + "who signed it may not speak of whom it speaks of:"
                        + " runnel://gated/region/home/home-1",
                asked(code, document("home-1")),
                "another's document, though it would do");
        String log = network.runnel("attest", "audit").mustWork().out();
        assertTrue(log.contains("refused"), log);
        assertTrue(log.contains("role is pop"), log);

        require("--fact", "role=pop,region");
        network.makePopular(pop(), "hello", AT_EDGE);
        assertEquals("200", asked(code, document("edge")));
        assertEquals(not + "it bears no signature: no document", asked(code, ""));
        require("--nothing");
        assertEquals("200", asked(code, ""));
    }

    @Test
    void aSecretIsOnlyWhereTheOwnerLetsItBe() throws Exception {
        Path given = Files.writeString(folder.resolve("given"), SECRET + "\n");
        String echo = RealNetwork.TOP.resolve("exec-runtime/samples/echo/echo.wasm").toString();
        // Echo shows it as a header, by its name.
        String secret = "HTTP_TOKEN=@" + given;
        network.runnel("deploy", "keeps", echo, "--public", "--secret", secret).mustWork();
        network.makePopular(pop(), "keeps", AT_EDGE);
        String seen = network.call(pop(), "keeps").body();
        assertTrue(seen.contains(SECRET), seen);
        List<String> ids = inFiles("nodes/edge", "\"secrets\":\\{\"id\":\"([0-9a-f]{32})");
        assertFalse(ids.isEmpty());
        assertEquals(List.of(), inFiles("", "(" + SECRET + ")"));
        String shown = network.runnel("tasks", "show", "keeps", "--json").out();
        assertFalse(shown.contains(SECRET), shown);

        String path = "/v1/secrets/demo:keeps:" + ids.getFirst();
        String not = "403 the policy 'read-secret': ";
        assertEquals(not + "it bears no signature: no document", asked(path, ""));
        assertEquals("200", asked(path, document("edge")));
        require("--fact", "role=region");
        network.makePopular(pop(), "keeps", AT_HOME);
        assertTrue(network.call(pop(), "keeps").body().contains(SECRET));
        assertEquals(
                not + "a fact is not as it must be: role is pop", asked(path, document("edge")));
        String log = network.runnel("attest", "audit").mustWork().out();
        assertTrue(log.contains("the policy 'read-secret'"), log);
    }

    /** What the pattern's group is in all files of the data folder below this one. */
    private List<String> inFiles(String below, String pattern) throws IOException {
        List<String> found = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("data").resolve(below))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Matcher matcher =
                        Pattern.compile(pattern)
                                .matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
                while (matcher.find()) {
                    found.add(matcher.group(1));
                }
            }
        }
        return found;
    }

    @Test
    void theNetworkKeepsRecordsAndUsersFromWhoIsNotWhatItAsksFor() throws Exception {
        network.await("it is ready", () -> ready() == 200);
        apply("policies:\n  - {action: replicate, require: [{fact: role, in: [region]}]}\n");
        String not = "403 the policy 'replicate': ";
        String feed = "/v1/feed?after=&node=edge";
        assertEquals(not + "it bears no signature: no document", asked(feed, ""));
        assertEquals(
                not + "a fact is not as it must be: role is pop", asked(feed, document("edge")));
        network.await(
                "the POP hears why",
                () -> log("edge").contains("the policy 'replicate': a fact is not as it must be"));
        apply("policies:\n  - {action: receive-traffic, require: [{fact: role, in: [region]}]}\n");
        network.await("it gets no users", () -> ready() == 503);
        apply("");
        network.await("it is ready again", () -> ready() == 200);
        network.makePopular(pop(), "markdown", AT_EDGE);
    }

    private void apply(String policies) throws IOException {
        Path file = Files.writeString(folder.resolve("next.yaml"), policies + TOPOLOGY);
        network.runnel("topology", "apply", file.toString(), "--yes").mustWork();
    }

    private String log(String node) {
        try {
            return Files.readString(folder.resolve("data/nodes/%s/node.log".formatted(node)));
        } catch (IOException e) {
            return fail(e);
        }
    }

    private int ready() {
        URI uri = URI.create("http://127.0.0.1:%d/_runnel/ready".formatted(pop()));
        try (HttpClient plain = HttpClient.newHttpClient()) {
            return plain.send(
                            HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(20)).build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            return fail(e);
        }
    }
}
