package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.RequestId;
import io.runnel.exec.task.TaskRef;
import io.runnel.routing.edge.AccessNote;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is written down of who was denied what. */
class AccessAuditTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir private Path folder;
    private Instant now = Instant.parse("2027-01-31T12:00:00.7Z");

    private static AccessNote denied(RequestId request, String task) {
        return new AccessNote(
                request,
                new AccessNote.Kind(
                        false,
                        "key-scope",
                        Optional.of(new AccountId("beta")),
                        Optional.of("RNLA"),
                        TaskRef.of("acme", task),
                        "GET",
                        "192.0.2.0/24"));
    }

    private List<JsonNode> written() throws IOException {
        return Files.readAllLines(folder.resolve("50%/access.0.ndjson")).stream()
                .map(AccessAuditTest::read)
                .toList();
    }

    private static JsonNode read(String line) {
        try {
            return JSON.readTree(line);
        } catch (IOException e) {
            throw new AssertionError(line, e);
        }
    }

    private AccessAudit audit() throws IOException {
        return new AccessAudit(folder.resolve("50%"), () -> now);
    }

    @Test
    void whatIsAlikeIsOneLineAndNothingIsLostByAnEnd() throws IOException {
        RequestId first = Notes.id();
        try (AccessAudit audit = audit()) {
            audit.accept(denied(first, "charge"));
            audit.accept(denied(Notes.id(), "charge"));
            audit.accept(denied(Notes.id(), "refund"));
            audit.write();
            audit.write();
            assertEquals(2, written().size(), "said once");
            audit.accept(denied(Notes.id(), "charge"));
        }
        assertEquals(3, written().size());
        JsonNode line = written().getFirst();
        assertEquals(
                "{\"at\":\"2027-01-31T12:00:00Z\",\"decision\":\"denied\",\"reason\":\"key-scope\","
                        + "\"task\":\"acme/charge\",\"account\":\"beta\",\"key\":\"RNLA\","
                        + "\"method\":\"GET\",\"source\":\"192.0.2.0/24\",\"request\":\"%s\","
                                .formatted(first)
                        + "\"calls\":2}",
                line.toString());
        try (AccessAudit audit = audit()) {
            audit.accept(denied(Notes.id(), "late"));
        }
        assertEquals("acme/late", written().getLast().path("task").asText());
        assertEquals(4, written().size(), "it goes on after what is there");
    }

    @Test
    void aFloodOfNamesFillsNeitherMemoryNorDisk() throws IOException {
        try (AccessAudit audit = audit()) {
            for (int i = 0; i < 3_000; i++) {
                audit.accept(denied(Notes.id(), "t" + i));
            }
            audit.accept(denied(Notes.id(), "t0"));
        }
        assertEquals(AccessTally.MOST_KINDS + 1, written().size());
        assertEquals(2, written().getFirst().path("calls").asInt());
        assertEquals(3_000 - AccessTally.MOST_KINDS, written().getLast().path("others").asInt());
    }

    @Test
    void aPageShowsTheLastOfThemNewestFirst() throws IOException {
        try (AccessAudit audit = audit()) {
            AccessPage page = new AccessPage(audit);
            assertTrue(page.serves("/v1/access"));
            assertFalse(page.serves("/v1/access/x"));
            for (int i = 0; i < 6; i++) {
                for (int j = 0; j < 200; j++) {
                    audit.accept(denied(Notes.id(), "t" + (200 * i + j)));
                }
                audit.write();
            }
            audit.accept(denied(Notes.id(), "last"));
            String text = page.document("/v1/access").orElseThrow().bytes().toString();
            JsonNode shown = read(text).path("access");
            assertEquals(AccessAudit.MOST_SHOWN, shown.size());
            assertEquals("acme/last", shown.at("/0/task").asText());
            assertEquals("acme/t1199", shown.at("/1/task").asText());
        }
    }
}
