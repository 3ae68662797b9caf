package io.runnel.region.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.wasi.TaskPackage;
import io.runnel.region.cli.supervisor.FakeTopology;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;

/** Deploying, calling and looking after tasks, against servers that answer what they are told. */
class TaskCommandsIT {
    private static final String CODE = "not really a module";
    private static final CodeDigest DIGEST = CodeDigest.of(CODE.getBytes(StandardCharsets.UTF_8));
    private static final String TASK =
            """
            {"account":"demo","name":"hello","path":"/fn/demo/hello","live":3,"newest":4,
             "public":true,"runtime":"wasm","handler":"%s","digest":"%s","sizeBytes":19,
             "memory":"64MiB","timeout":"10s"}\
            """;
    private static final String PROBLEM = "application/problem+json";

    @TempDir private Path folder;
    private CannedServer server;
    private TestShell shell;
    private BearerToken key;

    @BeforeEach
    void prepare() throws IOException {
        TestRoot root = TestRoot.in(folder.resolve("root"));
        server = CannedServer.region(root);
        key = BearerToken.generate(new SecureRandom());
        shell =
                new TestShell(folder)
                        .with("RUNNEL_ENDPOINT", server.uri().toString())
                        .with("RUNNEL_CA", root.file().toString())
                        .with("RUNNEL_POP", server.uri().toString())
                        .with("RUNNEL_KEY", key.text());
        server.on("GET /v1/tasks/hello", 200, TASK.formatted("http", DIGEST));
    }

    @AfterEach
    void end() {
        server.close();
    }

    private int deploy(String... more) throws IOException {
        Path code = Files.writeString(folder.resolve("hello.wasm"), CODE);
        List<String> words = new java.util.ArrayList<>(List.of("deploy", "hello", code.toString()));
        words.addAll(List.of(more));
        return shell.run(words.toArray(String[]::new));
    }

    private void answerDeploys() {
        server.on("PUT /v1/blobs/" + DIGEST, 201, "{}")
                .on(
                        "POST /v1/tasks/hello/versions",
                        201,
                        """
                        {"version":7,"inspection":{"milliseconds":12.3,"functions":37,
                         "initialMemoryBytes":131072,"notes":[]}}\
                        """)
                .on(
                        "GET /v1/tasks/hello/versions/7/rollout",
                        200,
                        """
                        {"places":[
                          {"place":"region/eu-west","state":"done","milliseconds":4.4},
                          {"place":"pop/ams","state":"done","milliseconds":31.7}],"done":true}\
                        """);
    }

    @Test
    void howManyCallsThereMayBeAtOnceIsSaidAndUnsaid() {
        String path = "PUT /v1/tasks/hello/concurrency";
        server.on(path, 200, "{\"concurrent\":5}").then(path, 200, "{}");
        assertEquals(0, shell.run("tasks", "limit", "hello", "--concurrent", "5"), shell.err());
        assertEquals("hello: 5 calls may be under way at once at each node\n", shell.out());
        assertEquals("{\"concurrent\":5}", server.last().body());
        assertEquals(0, shell.run("tasks", "limit", "hello", "--none"), shell.err());
        assertEquals("{}", server.last().body());
        assertTrue(shell.out().endsWith("hello: calls are not limited\n"), shell.out());
        assertEquals(2, shell.run("tasks", "limit", "hello"));
        assertEquals(2, shell.run("tasks", "limit", "hello", "--none", "--concurrent", "5"));
    }

    @Test
    void whatBecomesOfEventsIsShownSaidAndUnsaid() {
        String path = "/v1/tasks/hello/events";
        server.on("GET " + path, 200, "{\"retries\":2,\"maxAge\":\"6h\"}");
        assertEquals(0, shell.run("tasks", "events", "hello"), shell.err());
        assertEquals(
                "hello: events are retried twice, and given up after 6h at most\n", shell.out());
        String rule = "{\"retries\":0,\"maxAge\":\"90s\",\"onFailure\":\"dead\"}";
        server.on("PUT " + path, 200, rule).on("GET " + path, 200, rule);
        String[] said = {
            "tasks", "events", "hello", "--retries", "0", "--max-age", "90s", "--on-failure", "dead"
        };
        assertEquals(0, shell.run(said), shell.err());
        assertTrue(
                shell.out()
                        .endsWith(
                                "hello: events are not retried, and given up after 90s at most;"
                                        + " those given up go to dead\n"),
                shell.out());
        assertTrue(server.questions().contains("PUT " + path), server.questions()::toString);
        server.on("DELETE " + path, 204, "");
        assertEquals(0, shell.run("tasks", "events", "hello", "--reset", "--json"), shell.err());
        assertTrue(server.questions().contains("DELETE " + path), server.questions()::toString);
        assertEquals(2, shell.run("tasks", "events", "hello", "--reset", "--retries", "1"));
    }

    @Test
    void whoDoesNotWaitGetsTheIdOfTheRequest() {
        server.on(
                "POST /2015-03-31/functions/hello/invocations",
                202,
                Map.of("X-Amzn-RequestId", "01ABC"),
                "");
        assertEquals(0, shell.run("invoke", "hello", "--async", "-d", "{}"), shell.err());
        assertEquals("01ABC\n", shell.out());
        assertTrue(shell.err().startsWith("202, "), shell.err());
    }

    @Test
    void deployTellsAllThatMatters() throws IOException {
        answerDeploys();
        Files.createDirectories(folder.resolve(".runnel"));
        Files.writeString(
                folder.resolve(".runnel/topology.yaml"),
                FakeTopology.TEXT.replace("    listen: 127.0.0.1:0", "    listen: 127.0.0.1:8081"));
        assertEquals(0, deploy("--public", "--env", "A=1", "--timeout", "2s"), shell.err());
        List<String> lines = shell.out().lines().toList();
        assertEquals("code       19 bytes, wasm, http", lines.get(0));
        assertEquals("digest     " + DIGEST, lines.get(1));
        assertEquals("version    7", lines.get(2));
        assertEquals("start-up   12 ms, 37 functions, 128KiB of memory at once", lines.get(3));
        assertEquals("limits     memory 64MiB, timeout 2.0 s, anyone may call it", lines.get(4));
        assertEquals("  region/eu-west     done         4 ms", lines.get(5));
        assertEquals("  pop/ams            done        32 ms", lines.get(6));
        assertEquals("url        http://127.0.0.1:8081/fn/demo/hello", lines.get(7));
        assertEquals(
                List.of(
                        "PUT /v1/blobs/" + DIGEST,
                        "POST /v1/tasks/hello/versions",
                        "GET /v1/tasks/hello/versions/7/rollout"),
                server.questions());
        assertEquals("Bearer " + key.text(), server.last().authorization());
    }

    @Test
    void secretsComeFromVariablesAndFilesAndAreNotPrinted() throws IOException {
        answerDeploys();
        Path file = Files.writeString(folder.resolve("token"), "from file\n");
        shell.with("KEY", "from shell");
        assertEquals(
                0, deploy("--secret", "KEY", "--secret", "TOKEN=@" + file, "--json"), shell.err());
        assertEquals(
                1,
                server.bodies().stream()
                        .filter(
                                body ->
                                        body.contains(
                                                "\"secrets\":{\"KEY\":\"from"
                                                        + " shell\",\"TOKEN\":\"from file\"}"))
                        .count(),
                () -> server.bodies().toString());
        assertFalse(shell.out().contains("from "), shell.out());
        assertFalse(shell.err().contains("from "), shell.err());
    }

    @Test
    void aSecretThatCannotBeHadIsToldBeforeAnythingIsSent() throws IOException {
        assertEquals(2, deploy("--secret", "KEY"));
        assertTrue(shell.err().contains("--secret KEY: there is no such variable"), shell.err());
        assertEquals(2, deploy("--secret", "KEY=open sesame"));
        assertTrue(shell.err().contains("--secret KEY=@FILE"), shell.err());
        assertFalse(shell.err().contains("sesame"), shell.err());
        assertEquals(1, deploy("--secret", "KEY=@" + folder.resolve("none")));
        assertTrue(shell.err().contains("cannot be read"), shell.err());
        shell.with("KEY", "a");
        assertEquals(2, deploy("--secret", "KEY", "--secret", "KEY"));
        assertTrue(shell.err().contains("--secret KEY is given twice"), shell.err());
        assertEquals(List.of(), server.questions());
    }

    @Test
    void aFolderGoesWithTheModuleInOneBlob() throws Exception {
        Path files = Files.createDirectories(folder.resolve("files/css"));
        Files.writeString(files.resolve("main.css"), "body{}");
        byte[] made =
                TaskPackage.of(CODE.getBytes(StandardCharsets.UTF_8), folder.resolve("files"));
        CodeDigest digest = CodeDigest.of(made);
        answerDeploys();
        server.on("PUT /v1/blobs/" + digest, 201, "{}");
        assertEquals(0, deploy("--assets", folder.resolve("files").toString()), shell.err());
        assertEquals("PUT /v1/blobs/" + digest, server.questions().getFirst());
        assertTrue(shell.out().contains("digest     " + digest), shell.out());
    }

    @Test
    void aFolderThatCannotBeDeployedIsNamedBeforeAnythingIsSent() throws Exception {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.createSymbolicLink(files.resolve("passwd"), Path.of("/etc/passwd"));
        assertEquals(1, deploy("--assets", files.toString()));
        assertTrue(shell.err().contains("neither a file nor a folder: passwd"), shell.err());
        assertEquals(1, deploy("--assets", folder.resolve("hello.wasm").toString()));
        assertTrue(shell.err().contains("hello.wasm is not a folder"), shell.err());
        Files.delete(files.resolve("passwd"));
        Path zip = folder.resolve("site.zip");
        Files.write(zip, TaskPackage.of(new byte[] {1}, files));
        assertEquals(2, shell.run("deploy", "hello", zip.toString(), "--assets", files.toString()));
        assertTrue(shell.err().contains("is a package already"), shell.err());
        assertEquals(List.of(), server.questions());
    }

    @Test
    void whatItsOwnerChoseIsAskedFor() throws IOException {
        answerDeploys();
        assertEquals(
                0,
                deploy(
                        "--no-wait",
                        "--reuse",
                        "--coarse-clock",
                        "--latency",
                        "urgent",
                        "--device",
                        "sensor",
                        "--device",
                        "camera",
                        "--caller",
                        "account=shop,till",
                        "--caller",
                        "kind=instance",
                        "--outbound",
                        "API.example.com",
                        "--outbound",
                        "*.example.org:8443"),
                shell.err());
        var asked = Json.read(server.last().body());
        assertEquals("kept", asked.path("reuse").asText());
        assertTrue(asked.path("coarseClock").asBoolean());
        assertEquals("urgent", asked.path("latency").asText());
        assertEquals("[\"sensor\",\"camera\"]", asked.path("devices").toString());
        assertEquals(
                "{\"account\":[\"shop\",\"till\"],\"kind\":[\"instance\"]}",
                asked.path("callers").toString());
        assertEquals(
                "[\"api.example.com\",\"*.example.org:8443\"]", asked.path("outbound").toString());
        assertEquals(0, deploy("--no-wait"), shell.err());
        var plain = Json.read(server.last().body());
        for (String field :
                List.of("reuse", "coarseClock", "outbound", "latency", "devices", "callers")) {
            assertFalse(plain.has(field), plain.toString());
        }
        assertEquals(2, deploy("--outbound", "https://example.com/"));
        assertTrue(shell.err().contains("outbound host must be"), shell.err());
        assertEquals(2, deploy("--latency", "now"));
        assertTrue(shell.err().contains("latency must be urgent, normal or relaxed"), shell.err());
        assertEquals(2, deploy("--device", "/dev/mem"));
        assertTrue(shell.err().contains("device name must be"), shell.err());
        assertEquals(2, deploy("--caller", "account"));
        assertEquals(2, deploy("--caller", "account=a b"));
        assertTrue(shell.err().contains("a fact's value is"), shell.err());
    }

    @Test
    void tasksShowTellsWhatWasChosen() {
        server.on(
                "GET /v1/tasks/hello/versions",
                200,
                """
                {"versions":[{"version":1,"live":true,"reuse":"kept","coarseClock":true,
                  "outbound":["api.example.com"],"latency":"relaxed","devices":["sensor"],
                  "callers":{"account":["shop","till"]}},
                  {"version":2,"reuse":"fresh","outbound":[],"latency":"normal"}]}\
                """);
        assertEquals(0, shell.run("tasks", "show", "hello"), shell.err());
        assertTrue(
                shell.out()
                        .contains(
                                "reuse, coarse clock, latency relaxed, to api.example.com,"
                                        + " device sensor, callers with account=shop,till"),
                shell.out());
        assertEquals(1, shell.out().split("coarse clock", -1).length - 1, shell.out());
    }

    @Test
    void deployAsJsonIsOneDocument() throws IOException {
        answerDeploys();
        assertEquals(0, deploy("--json"), shell.err());
        var all = Json.read(shell.out());
        assertEquals(7, all.path("version").asInt(), shell.out());
        assertTrue(all.path("everywhere").asBoolean(), shell.out());
        assertEquals("pop/ams", all.path("places").path(1).path("place").asText(), shell.out());
    }

    @Test
    void whatTheRegionRefusesIsToldWithItsReason() throws IOException {
        answerDeploys();
        server.on(
                "POST /v1/tasks/hello/versions",
                422,
                Map.of("Content-Type", PROBLEM),
                """
                {"status":422,"code":"unknown-import","title":"T","detail":"env.system is none",
                 "requestId":"01ABC"}\
                """);
        assertEquals(1, deploy());
        assertEquals("runnel: unknown-import: env.system is none (request 01ABC)\n", shell.err());
    }

    @Test
    void anHttpTaskIsCalledByItsUrl() {
        server.on("GET /fn/demo/hello?name=Ada", 200, ran(), "Hello, Ada!\n");
        assertEquals(0, shell.run("invoke", "hello", "--path", "?name=Ada"), shell.err());
        assertEquals("Hello, Ada!\n", shell.out());
        assertTrue(
                shell.err()
                        .matches(
                                "200, ran at pop/ams \\(popular\\), warm, version 3, [0-9.]+ ms"
                                        + " \\(queue 0.1, run 1.9\\), request 01ABC\n"),
                shell.err());
    }

    @Test
    void withABodyItIsPosted() {
        server.on("POST /fn/demo/hello", 200, ran(), "ok");
        assertEquals(0, shell.run("invoke", "hello", "-d", "body"), shell.err());
        assertEquals("body", server.last().body());
        assertEquals(0, shell.run("invoke", "demo/hello", "-d", "-"), shell.err());
        assertEquals("", server.last().body());
    }

    @Test
    void anEventTaskIsCalledAsAwsDoes() {
        server.on("GET /v1/tasks/hello", 200, TASK.formatted("event", DIGEST))
                .on("POST /2015-03-31/functions/hello/invocations", 200, ran(), "{\"a\":1}");
        assertEquals(0, shell.run("invoke", "hello", "-d", "{}"), shell.err());
        assertEquals("{\"a\":1}", shell.out());
        server.on(
                "POST /2015-03-31/functions/hello/invocations",
                200,
                Map.of("X-Amz-Function-Error", "Unhandled"),
                "{\"errorMessage\":\"x\"}");
        assertEquals(1, shell.run("invoke", "hello", "-d", "{}"));
        assertTrue(shell.err().startsWith("function error (Unhandled), "), shell.err());
    }

    @Test
    void ofWhatNobodyTellsThatItTakesEventsOneSaysSo() {
        String functions = "POST /2015-03-31/functions/";
        server.on(functions + "acme:function:charge:3/invocations", 200, ran(), "{\"a\":1}")
                .on(functions + "pay/invocations", 200, ran(), "{\"a\":2}");
        assertEquals(0, shell.run("invoke", "acme/charge@3", "--event", "-d", "{}"), shell.err());
        assertEquals("{\"a\":1}", shell.out());
        assertEquals(0, shell.run("invoke", "pay", "--event", "-d", "{}"), shell.err());
        assertEquals("{\"a\":2}", shell.out());
    }

    @Test
    void aRefusalOfTheNetworkIsNoResult() {
        server.on(
                "GET /fn/demo/hello",
                504,
                Map.of("Content-Type", PROBLEM, "Runnel-Ran-At", "pop/ams"),
                "{\"code\":\"task-timeout\",\"detail\":\"10 s are over\",\"requestId\":\"01ABC\"}");
        assertEquals(1, shell.run("invoke", "hello"));
        assertEquals("", shell.out());
        assertTrue(
                shell.err().startsWith("runnel: task-timeout: 10 s are over (request 01ABC), "),
                shell.err());
    }

    @Test
    void withVTheHeadersAreShownButNeverTheKey() {
        server.on("GET /fn/demo/hello", 200, ran(), "ok");
        assertEquals(0, shell.run("invoke", "hello", "-v", "-H", "X-A=b"), shell.err());
        assertTrue(shell.err().contains("> X-A: b\n"), shell.err());
        assertTrue(shell.err().contains("> Runnel-Key: ...\n"), shell.err());
        assertFalse(shell.err().contains(key.secret()), shell.err());
    }

    @Test
    void whenNoRegionTellsTheTaskIsCalledByItsUrl() {
        try (CannedServer pop = new CannedServer()) {
            pop.on("GET /fn/demo/hello", 200, ran(), "ok");
            server.close();
            shell.with("RUNNEL_POP", pop.uri().toString());
            assertEquals(0, shell.run("invoke", "hello"), shell.err());
            assertTrue(shell.err().contains("no region tells"), shell.err());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void rollbackGoesToTheVersionBefore() {
        server.on(
                        "GET /v1/tasks/hello/versions",
                        200,
                        "{\"versions\":[{\"version\":1},{\"version\":2},{\"version\":3},{\"version\":4}]}")
                .on("PUT /v1/tasks/hello/live", 200, "{}")
                .on("GET /v1/tasks/hello/versions/2/rollout", 200, "{\"places\":[]}");
        assertEquals(0, shell.run("tasks", "rollback", "hello"), shell.err());
        assertTrue(shell.out().startsWith("hello is at version 2, after "), shell.out());
        assertTrue(server.questions().contains("PUT /v1/tasks/hello/live"));
        server.on("GET /v1/tasks/hello/versions/1/rollout", 200, "{\"places\":[]}");
        assertEquals(0, shell.run("tasks", "rollback", "hello", "1"), shell.err());
        assertTrue(shell.out().startsWith("hello is at version 1, after "), shell.out());
        assertEquals(0, shell.run("tasks", "rollback", "hello", "1", "--json"), shell.err());
        assertEquals(1, Json.read(shell.out()).path("live").asInt(), shell.out());
    }

    @Test
    void tasksAreListedPageAfterPage() {
        server.on("GET /v1/tasks", 200, "{\"tasks\":[%s],\"next\":\"hello\"}".formatted(task()))
                .on("GET /v1/tasks?after=hello", 200, "{\"tasks\":[%s]}".formatted(task()));
        assertEquals(0, shell.run("tasks"), shell.err());
        assertEquals(3, shell.out().lines().count(), shell.out());
        assertTrue(
                shell.out().contains("hello  3     4       wasm     http     anyone"), shell.out());
        assertEquals(0, shell.run("tasks", "list", "--json"), shell.err());
        assertEquals(2, Json.read(shell.out()).path("tasks").size(), shell.out());
    }

    @Test
    void logsAreLinesWithTheIdsOfTheirCalls() {
        String entry =
                "{\"id\":1,\"at\":\"2026-11-23T15:00:00Z\",\"request\":\"01ABC\",\"node\":\"ams\",\"text\":\"it"
                    + " said\"}";
        server.on(
                        "GET /v1/tasks/hello/logs?limit=5",
                        200,
                        "{\"lines\":[%s],\"dropped\":2,\"next\":1}".formatted(entry))
                .on(
                        "GET /v1/tasks/hello/logs?limit=100&follow=1",
                        200,
                        entry + "\n{\"now\":\"2026\"}\n" + entry + "\n{\"dropped\":1}\n");
        assertEquals(0, shell.run("logs", "hello", "-n", "5"), shell.err());
        assertEquals("2026-11-23T15:00:00Z ams 01ABC it said\n", shell.out());
        assertTrue(shell.err().contains("2 lines were dropped"), shell.err());
        assertEquals(1, shell.run("logs", "-f", "hello"), "the log is gone afterwards");
        assertEquals(2, shell.out().lines().count(), shell.out());
    }

    private static String task() {
        return TASK.formatted("http", DIGEST);
    }

    private static Map<String, String> ran() {
        return Map.of(
                "Runnel-Ran-At", "pop/ams",
                "Runnel-Placed", "popular",
                "Runnel-Start", "warm",
                "Runnel-Task-Version", "3",
                "Runnel-Request-Id", "01ABC",
                "Server-Timing", "queue;dur=0.1, run;dur=1.9");
    }
}
