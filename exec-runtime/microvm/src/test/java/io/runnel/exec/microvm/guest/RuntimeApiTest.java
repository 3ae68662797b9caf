package io.runnel.exec.microvm.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Future;

/** The agent's own runtime API, without a machine: the test is the function. */
final class RuntimeApiTest {
    @TempDir static Path built;

    @TempDir Path work;
    private NativeAgent agent;
    private RawHttp http;

    @BeforeAll
    static void build() throws Exception {
        NativeAgent.build(built);
    }

    @BeforeEach
    void start() throws Exception {
        agent = NativeAgent.start(built, work);
        http = agent.http();
    }

    @AfterEach
    void stop() throws Exception {
        http.close();
        agent.close();
    }

    private void becomeReady() throws Exception {
        http.get("invocation/next");
        assertEquals(new GuestStart.AtNext(), agent.channel().awaitReady(NativeAgent.later()));
    }

    private void refused(int status, String type, RawHttp.Answer answer) {
        assertEquals(status, answer.status(), answer.body());
        assertTrue(answer.body().contains("\"errorType\":\"" + type + "\""), answer.body());
    }

    private Future<NativeAgent.Result> ask(String id, String body) throws Exception {
        Future<NativeAgent.Result> call = agent.call(id, body.getBytes(ISO_8859_1));
        RawHttp.Answer event = http.answer();
        assertEquals(200, event.status());
        assertEquals(body, event.body());
        assertEquals(id, event.headers().get("lambda-runtime-aws-request-id"));
        return call;
    }

    @Test
    void aCallIsAskedForAndAnswered() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = agent.call("id-1", "hello".getBytes(UTF_8));
        RawHttp.Answer event = http.answer();
        assertEquals("hello", event.body());
        assertEquals(
                Map.of(
                        "lambda-runtime-aws-request-id", "id-1",
                        "lambda-runtime-deadline-ms", "1700000003000",
                        "lambda-runtime-invoked-function-arn", "arn:f",
                        "lambda-runtime-trace-id", "Root=1",
                        "lambda-runtime-client-context", "ctx",
                        "content-type", "application/json",
                        "content-length", "5"),
                event.headers());
        http.post("invocation/id-1/response", "Content-Type: text/plain\r\n", "world");
        RawHttp.Answer accepted = http.answer();
        assertEquals(202, accepted.status());
        assertEquals("{\"status\":\"OK\"}\n", accepted.body());
        assertEquals(
                new NativeAgent.Result(
                        new GuestAnswer.Answered(
                                new ResponseHead("text/plain", false), Optional.empty()),
                        "world",
                        Optional.of(new ResponseHead("text/plain", false))),
                call.get());
    }

    @Test
    void aGuestThatIsHeldSaysNothingAndGoesOnWhereItWas() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        MovePoint point = agent.channel().hold(NativeAgent.later()).orElseThrow();
        assertTrue(point.called());
        assertEquals(Optional.empty(), agent.channel().hold(NativeAgent.later()));
        http.post("invocation/id-1/response", "Content-Type: text/plain\r\n", "world");
        try (RawHttp other = agent.http()) {
            other.get("nothing");
            // A sign of life of a guest that is held would end its channel.
            agent.channel().release(Optional.of(NativeAgent.WAKE));
            assertEquals(404, other.answer().status());
        }
        assertEquals(202, http.answer().status());
        assertEquals("world", call.get().body());
        http.get("invocation/next");
        Future<NativeAgent.Result> second = ask("id-2", "b");
        assertTrue(agent.channel().hold(NativeAgent.later()).isPresent());
        agent.channel().release(Optional.empty());
        http.post("invocation/id-2/response", "", "again");
        assertEquals("again", second.get().body());
    }

    @Test
    void aGuestThatAnswersIsNotHeld() throws Exception {
        becomeReady();
        assertTrue(
                agent.channel().hold(NativeAgent.later()).filter(at -> !at.called()).isPresent());
        agent.channel().release(Optional.empty());
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.send(
                String.join(
                        "\r\n",
                        "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1",
                        "Host: x",
                        "Lambda-Runtime-Function-Response-Mode: streaming",
                        "Transfer-Encoding: chunked",
                        "",
                        "1",
                        "x",
                        ""));
        while (agent.channel().hold(NativeAgent.later()).isPresent()) {
            agent.channel().release(Optional.empty());
        }
        http.send("0\r\n\r\n");
        assertEquals(202, http.answer().status());
        assertEquals("x", call.get().body());
    }

    @Test
    void theNextCallMayComeBeforeTheFunctionAsksForIt() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> first = ask("id-1", "a");
        http.post("invocation/id-1/response", "", "1").answer();
        assertEquals("1", first.get().body());
        Future<NativeAgent.Result> second = agent.call("id-2", new byte[0]);
        assertTrue(agent.isAlive());
        http.get("invocation/next");
        assertEquals("id-2", http.answer().headers().get("lambda-runtime-aws-request-id"));
        http.post("invocation/id-2/response", "", "").answer();
        assertEquals("", second.get().body());
    }

    @Test
    void aLargeBodyFlowsBothWays() throws Exception {
        becomeReady();
        byte[] large = new byte[900_000];
        new Random(1).nextBytes(large);
        String text = new String(large, ISO_8859_1);
        Future<NativeAgent.Result> call = ask("id-1", text);
        http.post("invocation/id-1/response", "", text);
        assertEquals(202, http.answer().status());
        assertEquals(text, call.get().body());
    }

    @Test
    void anEventIsGivenAgainUntilItIsAnswered() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "again");
        http.get("invocation/next");
        assertEquals("again", http.answer().body());
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void whoLostTheConnectionAsksAgain() throws Exception {
        becomeReady();
        http.close();
        http = agent.http();
        http.get("invocation/next");
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void aCallWaitsForWhoAsksAgain() throws Exception {
        becomeReady();
        http.close();
        for (int i = 0; i < 3; i++) {
            assertTrue(agent.channel().ping(NativeAgent.later()));
        }
        Future<NativeAgent.Result> call = agent.call("id-1", "a".getBytes(UTF_8));
        http = agent.http();
        http.get("nothing");
        assertEquals(404, http.answer().status());
        http.get("invocation/next");
        assertEquals("a", http.answer().body());
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void anIdThatIsNotTheCallsIsRefused() throws Exception {
        refused(400, "InvalidRequestID", http.post("invocation/x/response", "", "a").answer());
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        refused(400, "InvalidRequestID", http.post("invocation/id-2/response", "", "a").answer());
        refused(400, "InvalidRequestID", http.post("invocation/id-11/error", "", "a").answer());
        refused(400, "InvalidRequestID", http.post("invocation//error", "", "a").answer());
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void aCallIsAnsweredOnce() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.post("invocation/id-1/response", "", "x").answer();
        call.get();
        RawHttp.Answer again = http.post("invocation/id-1/response", "", "y").answer();
        refused(403, "InvalidStateTransition", again);
        assertTrue(
                again.body()
                        .contains(
                                "State transition from ResponseSent to InvocationResponse failed"
                                        + " for runtime. Error: State transition is not allowed"),
                again.body());
        refused(
                403,
                "InvalidStateTransition",
                http.post("invocation/id-1/error", "", "{}").answer());
    }

    @Test
    void anErrorEndsTheCall() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.post(
                "invocation/id-1/error",
                "Lambda-Runtime-Function-Error-Type: My.Error\r\n",
                "{\"errorMessage\":\"\\u00fc\u0001\"}");
        assertEquals(202, http.answer().status());
        assertEquals(
                new GuestAnswer.Failed(
                        new GuestError("My.Error", "{\"errorMessage\":\"\\u00fc\u0001\"}")),
                call.get().answer());
    }

    @Test
    void anErrorOfAnySizeAndBytesFitsItsFrame() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.post("invocation/id-1/error", "", "\u0001".repeat(300_000)).answer();
        GuestAnswer.Failed failed = (GuestAnswer.Failed) call.get().answer();
        assertEquals("Unhandled", failed.error().type());
        assertTrue(failed.error().body().length() > 9_000);
        http.get("invocation/next");
        call = ask("id-2", "a");
        http.post("invocation/id-2/error", "", "\u00ff\u00fe".repeat(40_000)).answer();
        failed = (GuestAnswer.Failed) call.get().answer();
        assertTrue(failed.error().body().startsWith("\ufffd\ufffd"));
    }

    @Test
    void theStartFails() throws Exception {
        http.post("init/error", "Lambda-Runtime-Function-Error-Type: Runtime.NoFile\r\n", "why");
        assertEquals(202, http.answer().status());
        assertEquals(
                new GuestStart.Failed(new GuestError("Runtime.NoFile", "why")),
                agent.channel().awaitReady(NativeAgent.later()));
        refused(403, "InvalidStateTransition", http.get("invocation/next").answer());
        refused(403, "InvalidStateTransition", http.post("init/error", "", "").answer());
    }

    @Test
    void theStartDoesNotFailAfterIt() throws Exception {
        becomeReady();
        try (RawHttp other = agent.http()) {
            refused(403, "InvalidStateTransition", other.post("init/error", "", "").answer());
            refused(403, "InvalidStateTransition", other.get("restore/next").answer());
            refused(403, "InvalidStateTransition", other.post("restore/error", "", "").answer());
        }
    }

    @Test
    void aRestoredFunctionHearsItsNewEnvironment() throws Exception {
        refused(403, "InvalidStateTransition", http.post("restore/error", "", "").answer());
        http.get("restore/next");
        assertEquals(new GuestStart.AtRestore(), agent.channel().awaitReady(NativeAgent.later()));
        agent.channel().restored(NativeAgent.WAKE, Map.of("A", "\"b\""));
        RawHttp.Answer restored = http.answer();
        assertEquals(200, restored.status());
        assertEquals("{\"environment\":{\"A\":\"\\\"b\\\"\"}}", restored.body().strip());
        becomeReady();
    }

    @Test
    void aRestoreFails() throws Exception {
        http.get("restore/next");
        agent.channel().awaitReady(NativeAgent.later());
        agent.channel().restored(NativeAgent.WAKE, Map.of());
        http.answer();
        http.post("restore/error", "Lambda-Runtime-Function-Error-Type: Bad\r\n", "{}").answer();
        assertEquals(
                new GuestStart.Failed(new GuestError("Bad", "{}")),
                agent.channel().awaitReady(NativeAgent.later()));
    }

    @Test
    void aStreamEndsWithItsTrailers() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.send(
                "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\nHost: x\r\n"
                        + "Lambda-Runtime-Function-Response-Mode: streaming\r\n"
                        + "Trailer: Lambda-Runtime-Function-Error-Type\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n3;x=y\r\nabc\r\n2\r\nde\r\n0\r\n"
                        + "Lambda-Runtime-Function-Error-Type: My.Error\r\n"
                        + "Lambda-Runtime-Function-Error-Body: "
                        + Base64.getEncoder().encodeToString("{\"a\":1}".getBytes(UTF_8))
                        + "\r\n\r\n");
        assertEquals(202, http.answer().status());
        assertEquals("abcde", call.get().body());
        assertEquals(
                new GuestAnswer.Answered(
                        new ResponseHead("", true),
                        Optional.of(new GuestError("My.Error", "{\"a\":1}"))),
                call.get().answer());
    }

    @Test
    void anAnswerBeyondTheLimitIsRefusedUnlessItStreams() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        refused(
                413,
                "RequestEntityTooLarge",
                http.post("invocation/id-1/response", "", "x".repeat(1_000_001)).answer());
        assertEquals(
                "Function.ResponseSizeTooLarge",
                ((GuestAnswer.Failed) call.get().answer()).error().type());
        http.get("invocation/next");
        call = ask("id-2", "a");
        http.post(
                "invocation/id-2/response",
                "Lambda-Runtime-Function-Response-Mode: streaming\r\n",
                "x".repeat(1_000_001));
        assertEquals(202, http.answer().status());
        assertEquals(1_000_001, call.get().body().length());
    }

    @Test
    void anUnknownModeIsRefused() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        refused(
                400,
                "InvalidFunctionResponseMode",
                http.post(
                                "invocation/id-1/response",
                                "Lambda-Runtime-Function-Response-Mode: flood\r\n",
                                "x")
                        .answer());
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void anAnswerThatBreaksOffIsToldAsBroken() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.send(
                "POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n"
                        + "Content-Length: 100\r\n\r\nabc");
        http.close();
        GuestAnswer.Answered answered = (GuestAnswer.Answered) call.get().answer();
        assertEquals("Runtime.TruncatedResponse", answered.error().orElseThrow().type());
        assertEquals("abc", call.get().body());
    }

    @Test
    void whoExpectsToContinueMay() throws Exception {
        becomeReady();
        Future<NativeAgent.Result> call = ask("id-1", "a");
        http.send("POST /2018-06-01/runtime/invocation/id-1/response HTTP/1.1\r\n")
                .send("Expect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        assertEquals(100, http.answer().status());
        http.send("abc");
        assertEquals(202, http.answer().status());
        assertEquals("abc", call.get().body());
    }

    @Test
    void aPathOrMethodThatThereIsNotIsRefused() throws Exception {
        assertEquals(404, http.get("nothing").answer().status());
        assertEquals(404, http.send("GET / HTTP/1.1\r\n\r\n").answer().status());
        assertEquals(405, http.post("invocation/next", "", "x").answer().status());
        assertEquals(405, http.get("init/error").answer().status());
        assertEquals(405, http.get("invocation/x/response").answer().status());
        assertEquals(404, http.post("invocation/x", "", "").answer().status());
    }

    @Test
    void oldAndProxiedClientsAreUnderstood() throws Exception {
        http.send("GET http://127.0.0.1:9001/2018-06-01/runtime/invocation/next?x HTTP/1.0\n\n");
        agent.channel().awaitReady(NativeAgent.later());
        Future<NativeAgent.Result> call = ask("id-1", "a");
        assertTrue(http.isOver());
        http = agent.http();
        http.post("invocation/id-1/response", "", "x").answer();
        assertEquals("x", call.get().body());
    }

    @Test
    void requestsThatCameAtOnceAreAnsweredInOrder() throws Exception {
        http.get("nothing").post("init/error", "", "x").get("invocation/next");
        assertEquals(404, http.answer().status());
        assertEquals(202, http.answer().status());
        assertEquals(403, http.answer().status());
    }
}
