package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.NOW;
import static io.runnel.routing.catalog.FeedFixture.WEST;
import static io.runnel.routing.catalog.FeedFixture.account;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a snapshot is measured against. */
class LiveSumTest {
    private static final String A = "0a".repeat(32);
    private static final String B = "0b".repeat(32);
    private static final String C = "0c".repeat(32);

    private final SealedLog log = new SealedLog(WEST, "LOG", TestSeals.ALL::seal);

    private static LiveSum of(String... hashes) {
        LiveSum sum = new LiveSum();
        for (String hash : hashes) {
            sum.add(hash);
        }
        return sum;
    }

    @Test
    void theOrderDoesNotMatterAndTheRecordsDo() {
        assertEquals(of(A, B, C).digest(), of(C, A, B).digest());
        assertNotEquals(of(A, B).digest(), of(A, B, C).digest());
        assertNotEquals(of(A, B).digest(), of(A, C).digest());
        assertNotEquals(of(A).digest(), of(A, A).digest());
        assertNotEquals(of().digest(), of(A).digest());
    }

    @Test
    void whatIsTakenOutWasNeverThere() {
        LiveSum sum = of(A, B);
        sum.remove(A);
        assertEquals(of(B).digest(), sum.digest());
        sum.remove(B);
        assertEquals(of().digest(), sum.digest());
    }

    @Test
    void isTheSameAsText() {
        LiveSum read = LiveSum.parse(of(A, B).format());
        assertEquals(of(A, B).digest(), read.digest());
        read.add(C);
        assertEquals(of(A, B, C).digest(), read.digest());
        assertThrows(IllegalArgumentException.class, () -> LiveSum.parse("00"));
        assertThrows(IllegalArgumentException.class, () -> LiveSum.parse("xy".repeat(2048)));
    }

    private void write(String... names) {
        for (String name : names) {
            FeedRecord unused = log.write(account(name, WEST), NOW);
        }
    }

    private static void refused(List<FeedRecord> snapshot) {
        CatalogException e =
                assertThrows(CatalogException.class, () -> TestSeals.ALL.requireSnapshot(snapshot));
        assertEquals(CatalogException.Code.FORGED, e.code());
    }

    @Test
    void aWholeSnapshotIsTaken() {
        write("a", "b", "a", "c");
        FeedRecord deleted = log.write("account", "b", FeedRecord.DELETED, NOW);
        assertEquals(deleted, log.snapshot().getLast());
        assertDoesNotThrow(() -> TestSeals.ALL.requireSnapshot(log.snapshot()));
        assertDoesNotThrow(() -> TestSeals.ALL.requireSnapshot(List.of()));
    }

    /** Each record of it is true; what is missing is what somebody would like to be. */
    @Test
    void aSnapshotThatLeavesOneOutIsRefused() {
        write("a", "b", "c");
        FeedRecord unused = log.write("account", "b", FeedRecord.DELETED, NOW);
        write("d");
        for (int i = 0; i < log.snapshot().size(); i++) {
            List<FeedRecord> less = new ArrayList<>(log.snapshot());
            FeedRecord left = less.remove(i);
            assertNotEquals(log.snapshot(), less, left::key);
            // Without its last one it is what was whole a moment before.
            if (i < less.size()) {
                refused(less);
            }
        }
    }

    @Test
    void aSnapshotWithWhatWasOverwrittenIsRefused() {
        write("a", "b", "a", "c");
        List<FeedRecord> all = log.records();
        refused(all);
        refused(List.of(all.get(0), all.get(1), all.get(3)));
    }

    /** Numbers of 16 bits are back where they were then: only that each key is there once helps. */
    @Test
    void aSnapshotWithARecordSoOftenThatTheSumIsTheSameIsRefused() {
        write("a", "b", "a");
        List<FeedRecord> padded =
                new ArrayList<>(Collections.nCopies(1 << 16, log.records().getFirst()));
        padded.addAll(log.snapshot());
        assertEquals(LiveSum.of(log.snapshot()).digest(), LiveSum.of(padded).digest());
        refused(padded);
    }

    @Test
    void anothersRecordsMakeNoSnapshot() {
        write("a");
        SealedLog east = new SealedLog(EAST, "LOG", TestSeals.ALL::seal);
        FeedRecord foreign = east.write(account("a", EAST), NOW);
        refused(List.of(foreign, log.records().getFirst()));
    }
}
