package io.runnel.routing.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.task.RequestId;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is kept of calls, and what pushes what out. */
class CallJournalTest {
    private final CallJournal journal = new CallJournal();

    @Test
    void whatWasNotedIsFoundAsItWas() {
        List<CallNote> notes =
                List.of(
                        Notes.here(Notes.id()),
                        Notes.forwarded(Notes.id()),
                        Notes.refused(Notes.id()),
                        Notes.gone(Notes.id()));
        notes.forEach(journal::add);
        for (CallNote note : notes) {
            assertEquals(Optional.of(note), journal.find(note.id()));
        }
        assertEquals(Optional.empty(), journal.find(Notes.id()));
        assertEquals(notes.size(), journal.added());
    }

    @Test
    void theOldestGoesFirst() {
        List<RequestId> ids = new ArrayList<>();
        for (int i = 0; i < CallJournal.USUAL + 3; i++) {
            ids.add(Notes.id());
            journal.add(Notes.here(ids.getLast()));
        }
        for (int i = 0; i < ids.size(); i++) {
            assertEquals(i >= 3, journal.find(ids.get(i)).isPresent(), "note %d".formatted(i));
        }
    }

    @Test
    void aFloodOfGoodCallsPushesOutNoFailureAndNothingThatWasSlow() {
        List<CallNote> notable =
                List.of(
                        Notes.forwarded(Notes.id()),
                        Notes.refused(Notes.id()),
                        Notes.gone(Notes.id()),
                        Notes.here(Notes.id(), 1_000_000_001));
        notable.forEach(journal::add);
        RequestId good = Notes.id();
        journal.add(Notes.here(good, 1_000_000_000));
        for (int i = 0; i < CallJournal.USUAL; i++) {
            journal.add(Notes.here(Notes.id()));
        }
        for (CallNote note : notable) {
            assertEquals(Optional.of(note), journal.find(note.id()));
        }
        assertEquals(Optional.empty(), journal.find(good));
    }

    @Test
    void aCellThatIsUsedAgainKeepsNothingOfWhatItHeld() {
        CallRing ring = new CallRing(1024);
        for (int i = 0; i < 1024; i++) {
            ring.add(Notes.here(Notes.id()));
        }
        CallNote bare = Notes.gone(Notes.id());
        ring.add(bare);
        assertEquals(Optional.of(bare), ring.find(bare.id()));
    }

    @Test
    void aRingHasWholeChunks() {
        assertThrows(IllegalArgumentException.class, () -> new CallRing(1000));
        assertThrows(IllegalArgumentException.class, () -> new CallRing(0));
    }
}
