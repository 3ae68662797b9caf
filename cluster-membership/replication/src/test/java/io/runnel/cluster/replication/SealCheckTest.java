package io.runnel.cluster.replication;

import static io.runnel.cluster.replication.OriginLog.EAST;
import static io.runnel.cluster.replication.OriginLog.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedRecord;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

/** Which records are believed. */
final class SealCheckTest {
    private final OriginLog west = new OriginLog(WEST, "A");
    private final SealCheck check = TestSigners.check();

    private void learn() {
        assertEquals(
                2, check.authorities().learn(TestSigners.certificates(WEST, EAST).all()).size());
    }

    private CatalogException refused(List<FeedRecord> records) {
        return assertThrows(CatalogException.class, () -> check.require(records));
    }

    @Test
    void allThatAnOriginWroteIsBelieved() {
        learn();
        check.require(west.writeTasks(40));
        check.requireSnapshot(west.snapshot().records());
        check.require(List.of());
    }

    @Test
    void noPartOfARecordCanBeAnotherOne() {
        learn();
        west.writeTasks(2);
        FeedRecord good = west.records.getLast();
        check.require(List.of(good));
        for (FeedRecord changed : FeedSealing.changed(good)) {
            assertEquals(
                    CatalogException.Code.FORGED,
                    refused(List.of(changed)).code(),
                    changed::toString);
        }
        west.forge(good);
        assertEquals(
                CatalogException.Code.TAMPERED, refused(List.of(west.records.getLast())).code());
    }

    /** Wherever it is among many, which are checked at the same time. */
    @Test
    void oneAmongManyIsFoundAndNamed() {
        learn();
        west.writeTasks(40);
        for (int at : List.of(0, 17, 39)) {
            List<FeedRecord> all = new ArrayList<>(west.records);
            all.set(at, FeedSealing.unsigned(all.get(at)));
            CatalogException e = refused(all);
            assertEquals(CatalogException.Code.FORGED, e.code());
            String told = "record %d of eu-west/A: nobody signed it".formatted(at + 1);
            assertTrue(e.getMessage().contains(told), e.getMessage());
        }
    }

    @Test
    void anotherRegionsAuthorityDoesNotSpeakForIt() {
        learn();
        west.signedBy = TestSigners.authority(EAST);
        CatalogException e = refused(List.of(west.writeTask("a", 1)));
        assertTrue(e.getMessage().contains("signer-is-not-subject"), e.getMessage());
    }

    @Test
    void whoseKeyIsNotKnownIsNotBelieved() {
        CatalogException e = refused(List.of(west.writeTask("a", 1)));
        assertTrue(e.getMessage().contains("issuer-unknown"), e.getMessage());
    }
}
