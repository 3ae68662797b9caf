package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.cluster.replication.FeedSieve.Sifted;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.Position;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;

final class FeedSieveTest {
    private final OriginLog west = new OriginLog(OriginLog.WEST, "A");
    private final OriginLog east = new OriginLog(OriginLog.EAST, "B");

    private static FeedPositions at(FeedRecord... records) {
        Map<io.runnel.exec.task.RegionId, Position> of = new java.util.HashMap<>();
        for (FeedRecord record : records) {
            of.put(record.origin(), Position.of(record));
        }
        return new FeedPositions(of);
    }

    private static CatalogException.Code fault(Sifted sifted) {
        return sifted.fault().orElseThrow().cause().code();
    }

    @Test
    void takesTheFirstRecordsOfUnknownOrigins() {
        List<FeedRecord> batch = List.of(west.writeTask("a", 1), east.writeTask("b", 1));
        Sifted sifted = FeedSieve.sift(FeedPositions.NONE, batch, Set.of());
        assertEquals(batch, sifted.fresh());
        assertTrue(sifted.fault().isEmpty());
    }

    @Test
    void passesOverWhatIsKnown() {
        List<FeedRecord> all = west.writeTasks(5);
        Sifted sifted = FeedSieve.sift(at(all.get(2)), all, Set.of());
        assertEquals(all.subList(3, 5), sifted.fresh());
    }

    @Test
    void passesOverWhatComesTwiceInOneBatch() {
        List<FeedRecord> all = west.writeTasks(2);
        List<FeedRecord> twice = List.of(all.get(0), all.get(0), all.get(1), all.get(0));
        assertEquals(all, FeedSieve.sift(FeedPositions.NONE, twice, Set.of()).fresh());
    }

    @Test
    void stopsAtAGapAndKeepsWhatCameBefore() {
        List<FeedRecord> all = west.writeTasks(4);
        List<FeedRecord> gap = List.of(all.get(0), all.get(1), all.get(3));
        Sifted sifted = FeedSieve.sift(FeedPositions.NONE, gap, Set.of());
        assertEquals(all.subList(0, 2), sifted.fresh());
        assertEquals(CatalogException.Code.GAP, fault(sifted));
        assertEquals(OriginLog.WEST, sifted.fault().orElseThrow().origin());
    }

    @Test
    void refusesAnotherHistoryOfTheSameLog() {
        west.writeTasks(2);
        OriginLog fork = west.fork();
        FeedRecord mine = west.writeTask("mine", 1);
        fork.writeTask("other", 1);
        FeedRecord next = fork.writeTask("next", 1);
        Sifted sifted = FeedSieve.sift(at(mine), List.of(next), Set.of());
        assertEquals(CatalogException.Code.BROKEN_CHAIN, fault(sifted));
    }

    @Test
    void refusesAForgedRecordEvenOfAnOriginThatIsSetAside() {
        FeedRecord good = west.writeTask("a", 1);
        FeedRecord forged =
                new FeedRecord(
                        good.origin(),
                        good.log(),
                        good.seq(),
                        good.at(),
                        good.kind(),
                        good.key(),
                        good.record().replace("true", "false"),
                        good.prev(),
                        good.hash(),
                        good.seal());
        Sifted sifted = FeedSieve.sift(FeedPositions.NONE, List.of(forged), Set.of(OriginLog.WEST));
        assertEquals(CatalogException.Code.TAMPERED, fault(sifted));
    }

    @Test
    void passesOverAnOldLogOfAnOriginThatIsSetAside() {
        OriginLog old = new OriginLog(OriginLog.WEST, "OLD");
        List<FeedRecord> batch = List.of(old.writeTask("x", 1), east.writeTask("b", 1));
        FeedPositions known = at(west.writeTask("a", 1));
        assertEquals(
                CatalogException.Code.UNKNOWN_LOG, fault(FeedSieve.sift(known, batch, Set.of())));
        Sifted sifted = FeedSieve.sift(known, batch, Set.of(OriginLog.WEST));
        assertEquals(List.of(batch.get(1)), sifted.fresh());
        assertTrue(sifted.fault().isEmpty());
    }
}
