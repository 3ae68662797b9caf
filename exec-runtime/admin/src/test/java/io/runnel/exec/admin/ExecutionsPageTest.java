package io.runnel.exec.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.exec.isolate.CallMoves;
import io.runnel.exec.isolate.NotMovedException;
import io.runnel.exec.isolate.RunningExecution;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.vertx.core.http.HttpMethod;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;

final class ExecutionsPageTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RequestId CALL = RequestId.next(1_700_000_000_000L, new Random(1));

    /** A node that moves as it is told. */
    private static final class ToldMoves implements CallMoves {
        private volatile boolean isHere = true;
        private final BlockingQueue<Optional<String>> ends = new LinkedBlockingQueue<>();

        @Override
        public List<RunningExecution> running() {
            return !isHere
                    ? List.of()
                    : List.of(
                            new RunningExecution(
                                    CALL,
                                    TaskRef.of("demo", "long"),
                                    2,
                                    Duration.ofMillis(1500),
                                    128 << 20,
                                    true));
        }

        @Override
        public Report move(RequestId call, NodeName to)
                throws NotMovedException, InterruptedException {
            Optional<String> why = ends.take();
            if (why.isPresent()) {
                throw new NotMovedException(why.get());
            }
            return new Report(4096, Duration.ofMillis(80), Duration.ofMillis(20));
        }
    }

    private final ToldMoves moves = new ToldMoves();
    private final ExecutionsPage page = new ExecutionsPage(Optional.of(moves));
    private final String path = "/v1/executions/%s/to/eu-west-2".formatted(CALL);

    private static JsonNode read(Optional<AdminPage.Document> document) throws Exception {
        return JSON.readTree(document.orElseThrow().bytes().getBytes());
    }

    private JsonNode ended() throws Exception {
        long untilNanos = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        JsonNode now = read(page.document(path));
        while (now.path("state").asText().equals("moving") && System.nanoTime() < untilNanos) {
            LockSupport.parkNanos(1_000_000);
            now = read(page.document(path));
        }
        return now;
    }

    @Test
    void tellsWhatRunsThere() throws Exception {
        JsonNode one = read(page.document("/v1/executions")).path("executions").path(0);
        assertEquals(CALL.value(), one.path("call").asText());
        assertEquals("demo", one.path("account").asText());
        assertEquals(1500, one.path("ranMillis").asLong());
        assertTrue(one.path("movable").asBoolean());
    }

    @Test
    void aMoveIsUnderWayUntilItIsOver() throws Exception {
        assertEquals(Optional.empty(), page.document(path));
        assertEquals("moving", read(page.change(HttpMethod.POST, path)).path("state").asText());
        moves.ends.add(Optional.empty());
        JsonNode end = ended();
        assertEquals("moved", end.path("state").asText());
        assertEquals(20, end.path("stoodMillis").asLong());
        moves.isHere = false;
        assertEquals("moved", read(page.change(HttpMethod.POST, path)).path("state").asText());
        moves.isHere = true;
        assertEquals("moving", read(page.change(HttpMethod.POST, path)).path("state").asText());
        moves.ends.add(Optional.of("it is full"));
        assertEquals("not-moved", ended().path("state").asText());
    }

    @Test
    void whatWasNotMovedMayBeMovedAgain() throws Exception {
        var unused = page.change(HttpMethod.POST, path);
        moves.ends.add(Optional.of("it goes on here"));
        JsonNode end = ended();
        assertEquals("not-moved", end.path("state").asText());
        assertEquals("it goes on here", end.path("why").asText());
        assertEquals("moving", read(page.change(HttpMethod.POST, path)).path("state").asText());
        moves.ends.add(Optional.empty());
        assertEquals("moved", ended().path("state").asText());
    }

    @Test
    void whatNamesNothingIsNothing() {
        for (String bad :
                List.of(
                        "/v1/executions/",
                        "/v1/executions/x/to/eu-west-2",
                        "/v1/executions/%s/to/".formatted(CALL),
                        "/v1/executions/%s/at/eu-west-2".formatted(CALL),
                        path + "/more")) {
            assertTrue(page.serves(bad), bad);
            assertEquals(Optional.empty(), page.change(HttpMethod.POST, bad), bad);
            assertEquals(Optional.empty(), page.document(bad), bad);
        }
        assertFalse(page.serves("/v1/executionsx"));
        ExecutionsPage none = new ExecutionsPage(Optional.empty());
        assertEquals(Optional.empty(), none.change(HttpMethod.POST, path));
    }
}
