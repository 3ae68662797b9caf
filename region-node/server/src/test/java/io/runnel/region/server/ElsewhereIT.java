package io.runnel.region.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;

/** What a region's node does with calls of tasks that run in other regions only. */
final class ElsewhereIT {
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

    private HttpResponse<String> call(TaskRef task) throws Exception {
        URI uri = URI.create("http://127.0.0.1:%d/fn/%s".formatted(node.listen(), task));
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).header("Runnel-Key", node.key.text());
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private void refused(TaskRef task, String why) throws Exception {
        HttpResponse<String> answer = call(task);
        assertEquals(503, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("region-unreachable"), answer.body());
        assertTrue(answer.body().contains(why), answer.body());
    }

    @Test
    void whatIsBoundToOthersIsRefused() throws Exception {
        refused(NodeOfTwo.BOUND, "The task is bound to other regions.");
    }

    @Test
    void whatUsesDevicesRunsWhereAllOfThemAre() throws Exception {
        refused(NodeOfTwo.SEEING, "The task uses devices that are not in this region.");
        HttpResponse<String> answer = call(NodeOfTwo.SENSING);
        assertEquals(200, answer.statusCode(), answer.body());
    }

    /** It would go on with what the caller says of it. */
    @Test
    void whatLacksASecretThatIsToBeSetDoesNotRun() throws Exception {
        refused(NodeOfTwo.SECRETIVE, "Your alias's secrets are not here any more.");
        refused(NodeOfTwo.SECRETIVE, "Your alias's secrets are not here any more.");
        HttpResponse<String> answer = call(NodeOfTwo.ECHO);
        assertEquals(200, answer.statusCode(), "it holds no slot: " + answer.body());
    }

    @Test
    void whatItsOwnerKeepsFromNodesLikeThisIsRefused() throws Exception {
        refused(NodeOfTwo.KEPT, "The task's owner asks of nodes what this one is not.");
    }
}
