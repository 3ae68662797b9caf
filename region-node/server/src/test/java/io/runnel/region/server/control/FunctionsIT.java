package io.runnel.region.server.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.BearerToken;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.SecretBundle;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.TestClient.Answer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Functions of AWS Lambda's API: what is made of what its tools send. */
final class FunctionsIT {
    private static final String ALL = "/2015-03-31/functions";
    private static final String HELLO = ALL + "/hello";
    private static final TaskRef TASK = TaskRef.of("demo", "hello");

    @TempDir Path folder;
    private TestRegion region;
    private TestClient demo;

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder, TestRegion.WEST);
        demo = region.client(region.demo);
    }

    @AfterEach
    void stop() {
        region.close();
    }

    private Answer create(String program, String moreFields) {
        return demo.post(ALL, TestArchive.creation("hello", program, moreFields));
    }

    private Task live() {
        return region.catalog.current().live(TASK).orElseThrow().task();
    }

    private static String type(Answer answer) {
        return answer.header("X-Amzn-ErrorType");
    }

    @Test
    void aFunctionIsATask() throws Exception {
        Answer made =
                create(
                        "good one",
                        ",\"Runtime\":\"provided.al2023\",\"Handler\":\"bootstrap\",\"Timeout\":7,"
                                + "\"MemorySize\":64,\"Publish\":true,"
                                + "\"Environment\":{\"Variables\":{\"A\":\"b\"}}");
        assertEquals(201, made.status(), made::toString);
        assertEquals("1", made.json().path("Version").asText());
        assertEquals(
                "arn:aws:lambda:eu-west:demo:function:hello:1",
                made.json().path("FunctionArn").asText());
        assertEquals("Pending", made.json().path("State").asText(), "a region waits for it");
        byte[] sha =
                MessageDigest.getInstance("SHA-256")
                        .digest("good one".getBytes(StandardCharsets.UTF_8));
        assertEquals(
                Base64.getEncoder().encodeToString(sha), made.json().path("CodeSha256").asText());
        Task live = live();
        assertEquals(HandlerKind.EVENT, live.handler());
        assertEquals(ByteSize.ofMiB(64), live.limits().memory());
        assertEquals(Duration.ofSeconds(7), live.limits().timeout());
        assertEquals(Map.of("A", "b"), live.environment());
        JsonNode shown = demo.get(HELLO).json();
        assertEquals("$LATEST", shown.at("/Configuration/Version").asText());
        assertEquals(7, shown.at("/Configuration/Timeout").asInt());
        assertEquals("InProgress", shown.at("/Configuration/LastUpdateStatus").asText());
        region.rollout.published.clear();
        JsonNode there = demo.get(HELLO + "/configuration").json();
        assertEquals("Active", there.path("State").asText());
        assertEquals("Successful", there.path("LastUpdateStatus").asText());
        assertTrue(shown.at("/Code/Location").isMissingNode(), "code is nobody's to download");
        Answer again = create("good two", "");
        assertEquals("409 ResourceConflictException", again.status() + " " + type(again));
        assertTrue(again.toString().contains("Function already exist: hello"), again::toString);
        assertEquals(1, live().version());
    }

    @Test
    void whatIsNotSaidIsUsual() {
        assertEquals(201, create("good one", "").status());
        assertEquals(ByteSize.ofMiB(128), live().limits().memory());
        assertEquals(Duration.ofSeconds(3), live().limits().timeout());
        demo.post(ALL, TestArchive.creation("page", "good one", ",\"Handler\":\"http\""));
        assertEquals(
                HandlerKind.HTTP,
                region.catalog
                        .current()
                        .live(TaskRef.of("demo", "page"))
                        .orElseThrow()
                        .task()
                        .handler());
    }

    @Test
    void eachChangeIsAVersionOfItsOwn() {
        demo.deploy(
                "hello",
                "good one",
                ",\"handler\":\"event\",\"coarseClock\":true,\"memory\":\"32MiB\"");
        Answer code =
                demo.put(
                        HELLO + "/code",
                        "{\"ZipFile\":\"" + TestArchive.base64("a/b.wasm", "good two") + "\"}");
        assertEquals(200, code.status(), code::toString);
        assertEquals("$LATEST", code.json().path("Version").asText());
        assertEquals(2, live().version());
        assertEquals("Active", code.json().path("State").asText(), "the version before is called");
        assertTrue(live().options().coarseClock(), "the rest is as it was");
        assertEquals(ByteSize.ofMiB(32), live().limits().memory());
        Answer settings = demo.put(HELLO + "/configuration", "{\"Timeout\":30}");
        assertEquals(200, settings.status(), settings::toString);
        assertEquals(30, settings.json().path("Timeout").asInt());
        assertEquals(3, live().version());
        String revision = settings.json().path("RevisionId").asText();
        String old = code.json().path("RevisionId").asText();
        Answer late =
                demo.put(
                        HELLO + "/configuration",
                        "{\"Timeout\":31,\"RevisionId\":\"" + old + "\"}");
        assertEquals("412 PreconditionFailedException", late.status() + " " + type(late));
        Answer known =
                demo.put(
                        HELLO + "/configuration",
                        "{\"Timeout\":31,\"RevisionId\":\"" + revision + "\"}");
        assertEquals(200, known.status(), known::toString);
        Answer published = demo.post(HELLO + "/versions", "{}");
        assertEquals("201 4", published.status() + " " + published.json().path("Version").asText());
        assertEquals(
                "412 PreconditionFailedException",
                told(demo.post(HELLO + "/versions", "{\"CodeSha256\":\"other\"}")));
        JsonNode versions = demo.get(HELLO + "/versions").json().path("Versions");
        assertEquals(
                List.of("$LATEST", "1", "2", "3", "4"),
                Stream.iterate(0, i -> i < versions.size(), i -> i + 1)
                        .map(i -> versions.path(i).path("Version").asText())
                        .toList());
        JsonNode page = demo.get(HELLO + "/versions?MaxItems=2&Marker=1").json();
        assertEquals("3", page.path("NextMarker").asText());
        assertEquals("2", page.at("/Versions/0/Version").asText());
        assertEquals(
                "good one".length(),
                demo.get(HELLO + "?Qualifier=1").json().at("/Configuration/CodeSize").asInt());
        assertEquals(3, demo.get(HELLO + "%3A3/configuration").json().path("Version").asInt());
        assertEquals(404, demo.get(HELLO + "?Qualifier=9").status());
        assertEquals(400, demo.get(HELLO + "%3A3?Qualifier=2").status());
    }

    private static String told(Answer answer) {
        return answer.status() + " " + type(answer);
    }

    @Test
    void functionsAreListedAndDeleted() {
        for (String name : List.of("c", "a", "b")) {
            demo.post(ALL, TestArchive.creation(name, "good one", ""));
        }
        JsonNode first = demo.get(ALL + "/?MaxItems=2").json();
        assertEquals("a", first.at("/Functions/0/FunctionName").asText());
        assertEquals("b", first.path("NextMarker").asText());
        JsonNode rest = demo.get(ALL + "?Marker=b").json();
        assertEquals("c", rest.at("/Functions/0/FunctionName").asText());
        assertTrue(rest.path("NextMarker").isMissingNode());
        assertEquals(400, demo.delete(ALL + "/a?Qualifier=1").status());
        assertEquals(
                204, demo.delete(ALL + "/arn%3Aaws%3Alambda%3Ax%3Ademo%3Afunction%3Aa").status());
        assertEquals("404 ResourceNotFoundException", told(demo.get(ALL + "/a")));
        assertEquals("404 ResourceNotFoundException", told(demo.delete(ALL + "/a")));
        assertEquals("404 ResourceNotFoundException", told(demo.get(ALL + "/other:function:b")));
    }

    @Test
    void whatIsNotSupportedIsSaid() {
        String[][] wrong = {
            {creation("x.wasm", "good one", ",\"Runtime\":\"nodejs20.x\""), "WebAssembly"},
            {creation("x.txt", "good one", ""), "must have one program, NAME.wasm, and has 0"},
            {creation("x.wasm", "bad", ""), "magic number"},
            {creation("x.wasm", "good one", ",\"Timeout\":901"), "Timeout"},
            {creation("x.wasm", "good one", ",\"MemorySize\":0"), "MemorySize"},
            {creation("x.wasm", "good one", ",\"Layers\":[\"a\"]"), "Layers: is no field"},
            {creation("x.wasm", "good one", ",\"PackageType\":\"Image\""), "PackageType"},
            {"{\"FunctionName\":\"hello\",\"Code\":{\"S3Bucket\":\"b\"}}", "S3Bucket"},
            {"{\"FunctionName\":\"hello\",\"Code\":{}}", "bring the program"},
            {"{\"FunctionName\":\"Hello\",\"Code\":{}}", "FunctionName"},
            {"{\"FunctionName\":\"hello\",\"Code\":{\"ZipFile\":\"AAAA\"}}", "Could not unzip"},
            {"{\"FunctionName\":\"hello\",\"Code\":{\"ZipFile\":\"%%\"}}", "JSON object"},
            {"{\"FunctionName\":\"hello\",\"Code\":{\"ZipFile\":\"", "JSON object"},
            {"{}{}", "JSON object"},
            {"[]", "JSON object"},
            {"", "JSON object"},
        };
        for (String[] one : wrong) {
            Answer answer = demo.post(ALL, one[0]);
            assertEquals("400 InvalidParameterValueException", told(answer), () -> one[0] + answer);
            assertTrue(answer.json().path("Message").asText().contains(one[1]), answer::toString);
        }
        String two = TestArchive.base64("a.wasm", "good one", "__MACOSX/a.wasm", "x", "b.wasm", "");
        Answer both =
                demo.post(
                        ALL, "{\"FunctionName\":\"hello\",\"Code\":{\"ZipFile\":\"" + two + "\"}}");
        assertTrue(both.toString().contains("and has 2"), both::toString);
        Answer bootstrap = demo.post(ALL, creation("bootstrap", "#!/bin/sh", ""));
        assertEquals("runtime-unavailable", bootstrap.json().path("Code").asText());
        assertEquals(2, region.codes.list().size(), "kept, beside the bad one");
        assertEquals(0, region.catalog.current().tasks(TestRegion.DEMO).size());
        assertEquals("404 ResourceNotFoundException", told(demo.get("/2018-10-31/layers")));
        assertEquals(405, demo.post(HELLO, "{}").status());
    }

    private static String creation(String file, String program, String moreFields) {
        return "{\"FunctionName\":\"hello\",\"Code\":{\"ZipFile\":\"%s\"}%s}"
                .formatted(TestArchive.base64(file, program), moreFields);
    }

    /** Whatever the archive says of sizes. */
    @Test
    void anArchiveThatGrowsIsCutOff() {
        String large = "good" + "x".repeat(32 << 20);
        Answer answer = demo.post(ALL, creation("x.wasm", large, ""));
        assertEquals("413 RequestTooLargeException", told(answer), answer::toString);
        assertTrue(answer.toString().contains("unzipped"), answer::toString);
    }

    @Test
    void nothingIsLeftOfARequest() throws IOException {
        create("good one", "");
        demo.post(ALL, "{\"FunctionName\":\"x\",\"Code\":{\"ZipFile\":\"AAAA\"}}");
        assertEquals(200, demo.get(HELLO).status());
        try (Stream<Path> left = Files.list(folder.resolve("uploads"))) {
            assertEquals(List.of(), left.filter(f -> f.toString().endsWith(".zip")).toList());
        }
    }

    @Test
    void secretsAreNotLost() {
        demo.deploy("hello", "good one", ",\"secrets\":{\"KEY\":\"value\"}");
        String code = "{\"ZipFile\":\"" + TestArchive.base64("a.wasm", "good two") + "\"}";
        for (Answer answer :
                List.of(
                        demo.put(HELLO + "/code", code),
                        demo.put(HELLO + "/configuration", "{\"Timeout\":5}"))) {
            assertEquals(200, answer.status(), answer::toString);
            assertFalse(answer.toString().contains("value"), answer::toString);
            assertEquals(
                    Optional.of(Map.of("KEY", "value")),
                    region.secrets
                            .values(SecretBundle.Key.of(live()).orElseThrow())
                            .toCompletableFuture()
                            .join());
        }
        assertEquals(3, live().version());
        Answer both =
                demo.put(
                        HELLO + "/configuration",
                        "{\"Environment\":{\"Variables\":{\"KEY\":\"open\"}}}");
        assertTrue(both.toString().contains("KEY is in env too"), both::toString);
    }

    /** Who knows only the name of a key cannot hold up everybody. */
    @Test
    void anAccountBringsTwoProgramsAtOnce() throws Exception {
        List<Socket> brought = new ArrayList<>();
        try {
            for (BearerToken key : List.of(region.demo, region.demo, region.admin)) {
                Socket socket = region.socket();
                brought.add(socket);
                socket.getOutputStream()
                        .write(
                                "POST %s HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\nContent-Length: 99\r\n\r\n{"
                                        .formatted(ALL, key.text())
                                        .getBytes(StandardCharsets.UTF_8));
            }
            awaitUploads(3);
            assertEquals("429 TooManyRequestsException", told(create("good one", "")));
            TestClient admin = region.client(region.admin);
            String other = TestArchive.creation("other", "good one", "");
            assertEquals(201, admin.post(ALL, other).status());
        } finally {
            for (Socket socket : brought) {
                socket.close();
            }
        }
        awaitUploads(0);
        assertEquals(201, create("good one", "").status());
    }

    private void awaitUploads(int count) throws IOException {
        long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        long found = -1;
        while (found != count) {
            assertTrue(System.nanoTime() < deadline, "uploads: " + found);
            try (Stream<Path> files = Files.list(folder.resolve("uploads"))) {
                found = files.count();
            }
        }
    }

    @Test
    void keysAreForWhatTheyAreFor() {
        Answer key =
                region.client(region.admin)
                        .post(
                                "/v1/accounts/demo/keys",
                                "{\"scopes\":[\"deploy\"],\"tasks\":[\"demo/other\"]}");
        assertEquals(201, key.status(), key::toString);
        TestClient some = new TestClient(region.port, key.json().path("token").asText());
        Answer refused = some.post(ALL, TestArchive.creation("hello", "good one", ""));
        assertEquals("403 AccessDeniedException", told(refused), refused::toString);
        assertEquals(201, some.post(ALL, TestArchive.creation("other", "good one", "")).status());
        assertEquals("403 AccessDeniedException", told(some.get(HELLO)));
        Answer invoke =
                region.client(region.admin)
                        .post("/v1/accounts/demo/keys", "{\"scopes\":[\"invoke\"]}");
        TestClient caller = new TestClient(region.port, invoke.json().path("token").asText());
        assertEquals("403 AccessDeniedException", told(caller.get(ALL)));
        assertFalse(region.anonymous().get(ALL).status() < 400);
    }

    @Test
    void textIsKeptAsItIs() {
        create("good one", ",\"Environment\":{\"Variables\":{\"A\":\"\u00e9\\n\"}}");
        assertEquals("\u00e9\n", live().environment().get("A"));
        assertEquals("\u00e9\n".getBytes(StandardCharsets.UTF_8).length, 3, "as it was sent");
    }
}
