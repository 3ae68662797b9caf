package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.KeptEvents;
import io.runnel.exec.task.Caller;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What a region's edge does with calls that nobody waits for. */
final class EventIntakeIT {
    private static final String ID = "01m8pb7q42rad36x42gnpt1cck";

    @TempDir private Path data;
    private final HttpClient client = HttpClient.newHttpClient();
    private NodeOfTwo node;

    @BeforeEach
    void start() throws Exception {
        node = new NodeOfTwo(data);
    }

    @AfterEach
    void stop() {
        client.shutdownNow();
        node.close();
    }

    private HttpResponse<String> send(int port, String function, String... headers)
            throws Exception {
        String path = "http://127.0.0.1:%d/2015-03-31/functions/%s/invocations";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(path.formatted(port, function)))
                        .header("Runnel-Key", node.key.text())
                        .header("X-Amz-Invocation-Type", "Event")
                        .headers(headers)
                        .POST(BodyPublishers.ofString("payload"))
                        .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private HttpResponse<String> forwarded() throws Exception {
        return send(node.internal(), "demo:function:sum:1", "Runnel-Request-Id", ID);
    }

    @Test
    void theSameIdIsTheSameEventAndIsAnsweredTheSame() throws Exception {
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = forwarded();
            assertEquals(202, answer.statusCode(), answer::body);
            assertEquals(ID, answer.headers().firstValue("X-Amzn-RequestId").orElseThrow());
        }
        assertEquals(1, node.events.waiting().size());
        KeptEvent kept = node.events.waiting().getFirst();
        assertEquals(ID, kept.id().value());
        assertEquals("demo/sum@1", kept.asked().task() + "" + kept.asked().named());
        assertEquals("payload", new String(kept.payload(), StandardCharsets.UTF_8));
        assertEquals(new Caller.Keyed(kept.payer(), node.key.id().value()), kept.caller());
        assertEquals("127.0.0.1", kept.asked().source());
        assertTrue(node.woken.get() > 0);
    }

    @Test
    void whoseAccountHasTooManyIsToldToComeLater() throws Exception {
        int unused = KeptEvents.fill(node.events, "demo");
        HttpResponse<String> answer = send(node.listen(), "sum", "Accept", "*/*");
        assertEquals(429, answer.statusCode(), answer::body);
        assertEquals(
                "TooManyRequestsException",
                answer.headers().firstValue("X-Amzn-ErrorType").orElseThrow());
        assertEquals("10", answer.headers().firstValue("Retry-After").orElseThrow());
    }

    @Test
    void whatCannotBeKeptIsNotAccepted() throws Exception {
        node.events.fail(true);
        HttpResponse<String> answer = send(node.listen(), "sum", "Accept", "*/*");
        assertEquals(503, answer.statusCode(), answer::body);
        assertTrue(!answer.body().contains("the store fails"), answer::body);
        assertEquals(List.of(), node.events.waiting());
    }

    @Test
    void whatIsMalformedIsToldAtOnce() throws Exception {
        HttpResponse<String> context =
                send(node.listen(), "sum", "X-Amz-Client-Context", "no JSON");
        assertEquals(400, context.statusCode(), context::body);
        assertEquals(400, send(node.listen(), "echo", "Accept", "*/*").statusCode());
        assertEquals(List.of(), node.events.waiting());
    }
}
