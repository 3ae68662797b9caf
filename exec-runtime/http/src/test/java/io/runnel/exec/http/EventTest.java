package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Caller;
import io.runnel.exec.task.Outcome;
import io.runnel.exec.task.Outcome.Refusal;
import io.runnel.exec.task.Usage;
import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class EventTest {
    private static final Outcome DONE = new Outcome.Completed(Usage.NONE);

    private static WholeOutput output(String text) {
        WholeOutput output = new WholeOutput(1 << 20);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.write(bytes, 0, bytes.length);
        return output;
    }

    private static Answer answer(String text) {
        EventReply.Told told = EventAnswer.make(DONE, output(text));
        return assertInstanceOf(EventReply.Answered.class, told, text).answer();
    }

    private static String event(Buffer body, String query, String... headers) {
        CallFacts facts =
                CallFixture.facts(
                        new Caller.Keyed(new AccountId("other"), "RNLX"), "/a%2Fb", Map.of());
        return event(facts, body, query, headers);
    }

    private static String event(CallFacts facts, Buffer body, String query, String... headers) {
        EventRequest request =
                new EventRequest(
                        CallFixture.request(query, headers),
                        facts,
                        body,
                        Instant.parse("2026-03-04T05:06:07Z"));
        return new String(request.toJson(), StandardCharsets.UTF_8);
    }

    @Test
    void aRequestIsAnEventOfFormat20() {
        String json =
                event(
                        Buffer.buffer("{\"a\":\"\u00e9\"}"),
                        "x=1&x=2&y=%20+&=z&%zz",
                        "Content-Type",
                        "application/json; charset=utf-8",
                        "Cookie",
                        "a=1; b=2",
                        "X",
                        "1",
                        "X",
                        "2",
                        "User-Agent",
                        "me",
                        "Runnel-Key",
                        "no");
        String expected =
                """
                {"version":"2.0","routeKey":"$default","rawPath":"/a%2Fb",
                "rawQueryString":"x=1&x=2&y=%20+&=z&%zz","cookies":["a=1","b=2"],
                "headers":{"host":"edge.example:8081",
                "content-type":"application/json; charset=utf-8","x":"1, 2",
                "user-agent":"me"},
                "queryStringParameters":{"x":"1,2","y":"  ","%zz":""},
                "requestContext":{"accountId":"demo","apiId":"hello",
                "authorizer":{"iam":{"accountId":"other","accessKey":"RNLX"}},
                "domainName":"edge.example","domainPrefix":"hello",
                "http":{"method":"POST","path":"/a%2Fb","protocol":"HTTP/1.1",
                "sourceIp":"192.0.2.1","userAgent":"me"},
                "requestId":"ID","routeKey":"$default","stage":"$default",
                "time":"04/Mar/2026:05:06:07 +0000","timeEpoch":1772600767000},
                "body":"{\\"a\\":\\"\u00e9\\"}","isBase64Encoded":false}
                """;
        assertEquals(expected.replace("\n", "").replace("ID", CallFixture.ID.value()), json);
    }

    @Test
    void aRouteOfAnApiIsTold() {
        RouteFacts route =
                new RouteFacts("shop", "dev", "GET /orders/{id}", Map.of("id", "7", "a", "é"));
        CallFacts facts =
                CallFixture.facts(
                        new Caller.Keyed(new AccountId("other"), ""),
                        "/orders/7",
                        Optional.of(route),
                        Map.of());
        String json = event(facts, Buffer.buffer(), "");
        for (String part :
                new String[] {
                    "\"routeKey\":\"GET /orders/{id}\",\"rawPath\":\"/orders/7\"",
                    "\"pathParameters\":{\"a\":\"é\",\"id\":\"7\"}",
                    "\"accountId\":\"demo\",\"apiId\":\"shop\"",
                    "\"iam\":{\"accountId\":\"other\"}",
                    "\"routeKey\":\"GET /orders/{id}\",\"stage\":\"dev\""
                }) {
            assertTrue(json.contains(part), json);
        }
    }

    @Test
    void aBodyThatIsNoTextIsBase64() {
        for (String type : List.of("image/png", "application/octet-stream", "")) {
            String json = event(Buffer.buffer("abc"), "", "Content-Type", type);
            assertTrue(json.endsWith("\"body\":\"YWJj\",\"isBase64Encoded\":true}"), json);
        }
        Buffer notUtf8 = Buffer.buffer(new byte[] {(byte) 0xff});
        String json = event(notUtf8, "", "Content-Type", "text/plain");
        assertTrue(json.endsWith("\"body\":\"/w==\",\"isBase64Encoded\":true}"), json);
        assertTrue(event(Buffer.buffer(0), "").endsWith(",\"isBase64Encoded\":false}"));
        String packed = event(Buffer.buffer("abc"), "", "Content-Encoding", "gzip");
        assertTrue(packed.endsWith("\"isBase64Encoded\":true}"), packed);
    }

    @Test
    void anEnvelopeIsAnAnswer() {
        Answer answer =
                answer(
                        """
                        {"statusCode":201,"headers":{"X":"1","Y":2,"Runnel-Ran-At":"no",
                        "Content-Length":"99","Connection":"close","Content-Type":"text/plain"},
                        "cookies":["a=1","b=2"],"body":"h\u00e9","multiValueHeaders":{"Z":["1"]}}
                        """);
        assertEquals(201, answer.status());
        assertEquals(
                List.of(
                        new Answer.Header("X", "1"),
                        new Answer.Header("Y", "2"),
                        new Answer.Header("Content-Type", "text/plain"),
                        new Answer.Header("Set-Cookie", "a=1"),
                        new Answer.Header("Set-Cookie", "b=2")),
                answer.headers());
        assertEquals("h\u00e9", answer.body().toString());
        Answer base64 =
                answer("{\"isBase64Encoded\":true,\"body\":\"YWJj\",\"statusCode\":\"200\"}");
        assertEquals("abc", base64.body().toString());
        assertEquals(0, answer("{\"statusCode\":204,\"body\":null}").body().length());
    }

    @Test
    void anyOtherJsonIsTheBody() {
        for (String json :
                List.of("{\"a\":{\"statusCode\":1}}", "[1,2]", "\"text\"", "3", "null", " {} ")) {
            Answer answer = answer(json);
            assertEquals(200, answer.status(), json);
            assertEquals(json, answer.body().toString());
            assertEquals(
                    List.of(new Answer.Header("Content-Type", "application/json")),
                    answer.headers());
        }
        assertEquals(0, answer("").body().length());
    }

    @Test
    void whatIsNoAnswerIsRefused() {
        for (String bad :
                List.of(
                        "hello",
                        "{",
                        "{} {}",
                        "{\"statusCode\":99}",
                        "{\"statusCode\":101}",
                        "{\"statusCode\":1000}",
                        "{\"statusCode\":null}",
                        "{\"statusCode\":[200]}",
                        "{\"statusCode\":200,\"body\":{}}",
                        "{\"statusCode\":200,\"headers\":{\"X\":[1]}}",
                        "{\"statusCode\":200,\"headers\":{\"X\":\"a\\r\\nb: c\"}}",
                        "{\"statusCode\":200,\"headers\":{\"X\\r\\n\":\"a\"}}",
                        "{\"statusCode\":200,\"cookies\":[[]]}",
                        "{\"statusCode\":200,\"cookies\":[\"a\\nb\"]}",
                        "{\"statusCode\":200,\"body\":\"a\",\"isBase64Encoded\":true}",
                        "[".repeat(5000))) {
            EventReply.Told told = EventAnswer.make(DONE, output(bad));
            EventReply.Failed failed = assertInstanceOf(EventReply.Failed.class, told, bad);
            assertEquals(ErrorCode.INVALID_OUTPUT, failed.code(), bad);
        }
    }

    @Test
    void lambdaIsToldWhatItsSdksKnow() {
        EventReply reply = new LambdaReply(CallFixture.ID, 7, Optional.empty());
        Map<Outcome, String> expected =
                Map.of(
                        new Outcome.FunctionError(Usage.NONE, 2), "Runtime.ExitError",
                        new Outcome.Trapped(Usage.NONE, "secret"), "Runtime.Trap",
                        new Outcome.TimedOut(Usage.NONE, Duration.ofMillis(1234)),
                                "after 1.23 seconds",
                        new Outcome.MemoryExceeded(Usage.NONE, ByteSize.ofMiB(1)),
                                "Runtime.OutOfMemory",
                        new Outcome.StackExceeded(Usage.NONE, ByteSize.ofMiB(1)), "StackOverflow",
                        new Outcome.OutputExceeded(Usage.NONE, ByteSize.ofMiB(1)),
                                "ResponseSizeTooLarge");
        expected.forEach(
                (outcome, text) -> {
                    EventReply.Told told = reply.make(outcome, output("partial"));
                    Answer answer = assertInstanceOf(EventReply.Answered.class, told).answer();
                    String body = answer.body().toString();
                    assertEquals(200, answer.status());
                    assertTrue(body.contains(text) && !body.contains("secret"), body);
                    assertTrue(
                            answer.headers()
                                    .contains(
                                            new Answer.Header(
                                                    "X-Amz-Function-Error", "Unhandled")));
                });
        Outcome refused = new Outcome.Refused(Refusal.OVER_CAPACITY, "x");
        assertEquals(
                new EventReply.Failed(ErrorCode.OVER_CAPACITY, ""),
                reply.make(refused, output("")));
    }

    @Test
    void aGuestsOwnErrorIsPassedOn() {
        EventReply reply = new LambdaReply(CallFixture.ID, 7, Optional.empty());
        String own = " {\"errorMessage\":\"no\",\"errorType\":\"Mine\"}\n";
        EventReply.Told told = reply.make(new Outcome.FunctionError(Usage.NONE, 1), output(own));
        Answer answer = assertInstanceOf(EventReply.Answered.class, told).answer();
        assertEquals(own, answer.body().toString());
        assertTrue(answer.headers().toString().contains("X-Amz-Function-Error"));
        EventReply.Told fine = reply.make(DONE, output("any bytes"));
        Answer payload = assertInstanceOf(EventReply.Answered.class, fine).answer();
        assertEquals("any bytes", payload.body().toString());
        assertTrue(payload.headers().contains(new Answer.Header("X-Amz-Executed-Version", "7")));
    }
}
