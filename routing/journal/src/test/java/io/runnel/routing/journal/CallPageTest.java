package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import io.runnel.exec.admin.AdminPage;
import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

/** What an operator reads of one call. */
class CallPageTest {
    private final CallJournal journal = new CallJournal();
    private final CallPage page = new CallPage(journal);

    private JsonNode read(CallNote note) throws Exception {
        journal.add(note);
        AdminPage.Document document = page.document("/v1/calls/" + note.id()).orElseThrow();
        assertEquals("application/json", document.mediaType());
        return new ObjectMapper().readTree(document.bytes().getBytes());
    }

    @Test
    void aCallThatRanHereIsToldWithWhatWasDecidedBy() throws Exception {
        RequestId id = Notes.id();
        JsonNode note = read(Notes.here(id));
        assertEquals(id.value(), note.path("id").asText());
        assertEquals("demo/hello", note.path("task").asText());
        assertEquals(3, note.path("version").asInt());
        assertEquals("1970-01-01T00:16:40Z", note.path("arrived").asText());
        assertEquals("here", note.path("place").asText());
        assertEquals(200, note.path("status").asInt());
        assertTrue(note.path("whole").asBoolean());
        assertEquals(0.001, note.path("queueMs").asDouble());
        assertEquals(0.002, note.path("startMs").asDouble());
        assertEquals(0.003, note.path("runMs").asDouble());
        assertEquals(2, note.path("totalMs").asDouble());
        assertFalse(note.has("region") || note.has("problem"), note::toString);
        JsonNode decided = note.path("decided");
        assertEquals("popular", decided.path("reason").asText());
        assertEquals("fits", decided.path("fit").asText());
        assertEquals("none", decided.path("limit").asText());
        assertEquals(20.5, decided.path("recentCalls").asDouble());
        assertEquals(6, decided.path("hereMs").asDouble());
        assertEquals(7, decided.path("thereMs").asDouble());
        assertEquals("warm", decided.path("regionCopy").asText());
        assertEquals("holds", decided.path("regionBy").asText());
        assertEquals("ready", decided.path("code").asText());
        assertEquals("free", decided.path("room").asText());
        assertEquals(4, decided.path("freeSlots").asInt());
        assertEquals(5, decided.path("expectedWaitMs").asDouble());
    }

    @Test
    void whatWasForwardedOrRefusedIsToldSo() throws Exception {
        JsonNode forwarded = read(Notes.forwarded(Notes.id()));
        assertEquals("forwarded", forwarded.path("place").asText());
        assertEquals("eu-west", forwarded.path("region").asText());
        assertEquals(2, forwarded.path("regionsAsked").asInt());
        assertFalse(forwarded.has("decided"), forwarded::toString);
        JsonNode refused = read(Notes.refused(Notes.id()));
        assertEquals("nowhere", refused.path("place").asText());
        assertEquals("over-capacity", refused.path("problem").asText());
        JsonNode gone = read(Notes.gone(Notes.id()));
        assertEquals(0, gone.path("status").asInt());
        assertFalse(gone.path("whole").asBoolean());
    }

    @Test
    void onlyWhatWasNotedIsThere() {
        assertFalse(page.serves("/v1/call"));
        for (String id : List.of("", "x", Notes.id().value(), "../pool", "ID".repeat(13))) {
            assertTrue(page.serves("/v1/calls/" + id));
            assertEquals(Optional.empty(), page.document("/v1/calls/" + id), id);
        }
    }
}
