package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.isolate.FakeRuntime;
import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.Outcome;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Calls of {@code event} tasks over real sockets: as API Gateway and as Lambda have them. */
class EventCallIT {
    private static final String INVOKE = "/2015-03-31/functions/%s/invocations";

    @TempDir Path folder;
    private EdgeFixture edge;

    @BeforeEach
    void start() throws Exception {
        edge = new EdgeFixture(folder);
    }

    @AfterEach
    void stop() throws Exception {
        edge.close();
    }

    private void deploy(String name, FakeRuntime.Guest guest) throws Exception {
        edge.deploy(name, HandlerKind.EVENT, Limits.DEFAULT, guest);
    }

    /** Gives its payload back. */
    private static FakeRuntime.Guest mirror() {
        return (call, in, out, log) -> {
            byte[] payload = in.readAllBytes();
            out.write(payload, 0, payload.length);
            return 0;
        };
    }

    private static RawClient.Response invoke(RawClient client, String name, String... headers)
            throws Exception {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        return client.send(
                        "POST %s HTTP/1.1\r\nHost: a\r\n%sContent-Length: 2\r\n\r\n{}"
                                .formatted(INVOKE.formatted(name), more))
                .receive();
    }

    @Test
    void overFnItGetsAndGivesAnApiGatewayEvent() throws Exception {
        deploy("mirror", mirror());
        deploy("made", EdgeFixture.saying("{\"statusCode\":201,\"headers\":{\"X\":\"1\"}}"));
        try (RawClient client = edge.client()) {
            RawClient.Response event = client.post("/fn/demo/mirror/a?b=c", "text");
            assertEquals("application/json", event.header("Content-Type"));
            assertTrue(event.body().contains("\"rawPath\":\"/a\",\"rawQueryString\":\"b=c\""));
            assertTrue(event.body().endsWith("\"body\":\"text\",\"isBase64Encoded\":false}"));
            RawClient.Response made = client.get("/fn/demo/made");
            assertEquals("201 1", made.status() + " " + made.header("X"));
            assertEquals("pop/test", made.header("Runnel-Ran-At"));
        }
    }

    @Test
    void whatIsSetStandsInTheQueryAndInThePayload() throws Exception {
        deploy("mirror", mirror());
        edge.parameters = SetParameters.of(Map.of("currency", "EUR"));
        try (RawClient client = edge.client()) {
            String event = client.get("/fn/demo/mirror?currency=USD&b=c").body();
            assertTrue(event.contains("\"rawQueryString\":\"b=c&currency=EUR\""), event);
            assertTrue(event.contains("{\"b\":\"c\",\"currency\":\"EUR\"}"), event);
            assertEquals("{\"currency\":\"EUR\"}", invoke(client, "mirror").body());
            String path = INVOKE.formatted("mirror");
            assertEquals(
                    "{\"b\":1,\"currency\":\"EUR\"}",
                    client.post(path, "{\"currency\":1,\"b\":1}").body());
            RawClient.Response list = client.post(path, "[1]");
            assertEquals(400, list.status());
            assertTrue(list.body().contains("must be one JSON object"), list.body());
            String large = "x".repeat(SetParameters.MOST_PAYLOAD_BYTES);
            assertEquals(413, client.post(path, "{\"a\":\"" + large + "\"}").status());
        }
        assertEquals(2, edge.runner.freeSlots(), "what was refused holds none");
    }

    @Test
    void whatProvedTheCallerInTheQueryIsNotSeen() throws Exception {
        deploy("mirror", mirror());
        edge.deploy(
                "cgi",
                (call, in, out, log) -> {
                    String query = call.environment().get("QUERY_STRING");
                    String url = call.environment().get("X_FULL_URL");
                    EdgeFixture.say(out, "Status: 200\n\n" + query + " " + url);
                    return 0;
                });
        String query = "?a=1&X-Amz-Credential=RNLAAAAAAAAAAAAAAAAA%2F&X-Amz-Signature=secret&b=2";
        try (RawClient client = edge.client()) {
            String event = client.get("/fn/demo/mirror" + query).body();
            assertTrue(event.contains("\"rawQueryString\":\"a=1&b=2\""), event);
            assertTrue(event.contains("{\"a\":\"1\",\"b\":\"2\"}"), event);
            String seen = client.get("/fn/demo/cgi" + query).body();
            assertTrue(seen.startsWith("a=1&b=2 http") && seen.endsWith("?a=1&b=2"), seen);
            String own = query.replace("RNL", "AKI");
            assertTrue(client.get("/fn/demo/cgi" + own).body().contains("=secret"), "a guest's");
        }
    }

    @Test
    void itsWholeBodyIsInTheEvent() throws Exception {
        deploy(
                "length",
                (call, in, out, log) -> {
                    EdgeFixture.say(out, "" + in.readAllBytes().length);
                    return 0;
                });
        try (RawClient client = edge.client()) {
            int length =
                    Integer.parseInt(client.post("/fn/demo/length", "x".repeat(6 << 20)).body());
            assertTrue(length > 6 << 20, "" + length);
            assertEquals(413, client.post("/fn/demo/length", "x".repeat((6 << 20) + 1)).status());
        }
    }

    @Test
    void lambdasInvokeCarriesThePayloadAsItIs() throws Exception {
        deploy("mirror", mirror());
        try (RawClient client = edge.client()) {
            for (int size : new int[] {0, 2, 3 << 20}) {
                String payload = "p".repeat(size);
                RawClient.Response response = client.post(INVOKE.formatted("mirror"), payload);
                assertEquals(200, response.status());
                assertEquals(payload, response.body());
                assertEquals("3", response.header("X-Amz-Executed-Version"));
                assertEquals(
                        response.header("Runnel-Request-Id"), response.header("X-Amzn-RequestId"));
                assertEquals("", response.header("X-Amz-Function-Error"));
            }
            edge.awaitQuiet();
        }
        edge.awaitFreeBodies(ByteSize.ofMiB(64));
    }

    /** Only to whose log it is. */
    @Test
    void itsOwnerGetsTheLastOfTheLogWithTheAnswer() throws Exception {
        deploy(
                "talks",
                (call, in, out, log) -> {
                    EdgeFixture.say(log, "first\n");
                    EdgeFixture.say(log, "x".repeat(LogTail.MOST_BYTES) + "\n");
                    EdgeFixture.say(log, "y".repeat(3 * LogTail.MOST_BYTES) + "last\n");
                    EdgeFixture.say(log, "end\n");
                    return EdgeFixture.saying("{}").run(call, in, out, log);
                });
        String tail = "X-Amz-Log-Type: Tail";
        try (RawClient client = edge.client()) {
            assertEquals("", invoke(client, "talks", tail).header("X-Amz-Log-Result"));
            edge.caller = new Caller.Keyed(new AccountId("other"), "RNLX");
            assertEquals("", invoke(client, "talks", tail).header("X-Amz-Log-Result"));
            edge.caller = new Caller.Keyed(new AccountId("demo"), "RNLX");
            assertEquals("", invoke(client, "talks").header("X-Amz-Log-Result"));
            String last = invoke(client, "talks", tail).header("X-Amz-Log-Result");
            String rest = "last\nend\n";
            assertEquals(
                    "y".repeat(LogTail.MOST_BYTES - rest.length()) + rest,
                    new String(Base64.getDecoder().decode(last), StandardCharsets.UTF_8));
            deploy(
                    "fails",
                    (call, in, out, log) -> {
                        EdgeFixture.say(log, "why\n");
                        return 1;
                    });
            RawClient.Response failed = invoke(client, "fails", tail);
            assertEquals("Unhandled", failed.header("X-Amz-Function-Error"));
            assertEquals("d2h5Cg==", failed.header("X-Amz-Log-Result"));
        }
        assertTrue(edge.logged().contains("first\n"), "the log has all of it");
    }

    @Test
    void theGuestSeesWhatIsSaidOfTheClient() throws Exception {
        deploy(
                "context",
                (call, in, out, log) -> {
                    String json = call.environment().getOrDefault("RUNNEL_CLIENT_CONTEXT", "none");
                    EdgeFixture.say(out, json);
                    return 0;
                });
        try (RawClient client = edge.client()) {
            assertEquals("none", invoke(client, "context").body());
            String said = "{\"client\":{\"n\":1}}";
            assertEquals(said, invoke(client, "context", context(said)).body());
            for (String bad : List.of("[1]", "{", "{} {}", "", "{\"a\":\"\u0001\"}")) {
                RawClient.Response refused = invoke(client, "context", context(bad));
                assertEquals(400, refused.status(), bad);
                assertTrue(refused.body().contains("a JSON object in Base64"), refused.body());
            }
            assertEquals(400, invoke(client, "context", "X-Amz-Client-Context: ###").status());
            String large = "{\"a\":\"" + "x".repeat(3000) + "\"}";
            assertEquals(400, invoke(client, "context", context(large)).status());
        }
        assertEquals(2, edge.runner.freeSlots(), "what was refused holds none");
    }

    private static String context(String json) {
        return "X-Amz-Client-Context: "
                + Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aFailedFunctionIsA200WithAnError() throws Exception {
        deploy("fails", (call, in, out, log) -> 9);
        deploy(
                "floods",
                (call, in, out, log) -> {
                    while (true) {
                        EdgeFixture.say(out, "x".repeat(10_000));
                    }
                });
        try (RawClient client = edge.client()) {
            RawClient.Response failed = invoke(client, "demo%3Afunction%3Afails");
            assertEquals(
                    "200 Unhandled", failed.status() + " " + failed.header("X-Amz-Function-Error"));
            assertTrue(failed.body().contains("exit status 9"), failed.body());
            assertEquals(502, client.get("/fn/demo/fails").status());
            RawClient.Response flooded = client.get("/fn/demo/floods");
            assertTrue(flooded.body().contains("output-too-large"), flooded.body());
            assertTrue(invoke(client, "floods").body().contains("ResponseSizeTooLarge"));
        }
    }

    @Test
    void lambdasErrorsHaveItsShape() throws Exception {
        deploy("mirror", mirror());
        try (RawClient client = edge.client()) {
            RawClient.Response unknown = invoke(client, "unknown");
            assertEquals(404, unknown.status());
            assertEquals("ResourceNotFoundException", unknown.header("X-Amzn-ErrorType"));
            assertTrue(
                    unknown.body().startsWith("{\"Type\":\"User\",\"Message\":"), unknown.body());
            RawClient.Response large =
                    client.post(INVOKE.formatted("mirror"), "x".repeat((6 << 20) + 1));
            assertEquals("RequestTooLargeException", large.header("X-Amzn-ErrorType"));
        }
        assertEquals(2, edge.runner.freeSlots());
    }

    @Test
    void aClientThatGoesEndsItsGuest() throws Exception {
        CountDownLatch running = new CountDownLatch(1);
        deploy(
                "wait",
                (call, in, out, log) -> {
                    running.countDown();
                    new CountDownLatch(1).await();
                    return 0;
                });
        RawClient client = edge.client();
        client.send("GET /fn/demo/wait HTTP/1.1\r\nHost: a\r\n\r\n");
        assertTrue(running.await(20, TimeUnit.SECONDS));
        client.close();
        assertInstanceOf(Outcome.Cancelled.class, edge.nextEnd());
    }

    @Test
    void largeAnswersShareTheirMemoryAndSlowReadersLoseIt() throws Exception {
        edge.close();
        edge =
                new EdgeFixture(
                        folder.resolve("small"),
                        ListenerSettings.at("127.0.0.1", 0)
                                .withLoops(1)
                                .withBodies(ByteSize.ofMiB(6)));
        byte[] large = ("\"" + "x".repeat(5 << 20) + "\"").getBytes(StandardCharsets.UTF_8);
        deploy(
                "large",
                (call, in, out, log) -> {
                    out.write(large, 0, large.length);
                    return 0;
                });
        try (RawClient slow = new RawClient(edge.port(), 32 * 1024);
                RawClient other = edge.client()) {
            slow.send("GET /fn/demo/large HTTP/1.1\r\nHost: a\r\n\r\n");
            assertEquals("HTTP/1.1 200 OK", slow.line());
            assertEquals(503, other.get("/fn/demo/large").status());
            edge.aheadNanos.set(Duration.ofHours(1).toNanos());
            edge.awaitFreeBodies(ByteSize.ofMiB(6));
            assertEquals(200, other.get("/fn/demo/large").status());
        }
    }
}
