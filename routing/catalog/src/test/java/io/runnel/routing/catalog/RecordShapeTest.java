package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What is refused here no feed takes, and what is not every feed does. */
final class RecordShapeTest {
    private static final RegionId WEST = new RegionId("eu-west");
    private static final String STATE = "{\"a\":1}";

    private static FeedRecord record(String kind, String key, String state) {
        return HashChain.next(WEST, Position.start("LOG"), Instant.EPOCH, kind, key, state);
    }

    private static void assertBroken(String what, FeedRecord record) {
        String rule = RecordShape.broken(record).orElse("none");
        assertTrue(rule.startsWith(what + " "), rule);
        String line = FeedJson.write(record);
        CatalogException e = assertThrows(CatalogException.class, () -> FeedJson.read(line));
        assertEquals(CatalogException.Code.MALFORMED, e.code());
    }

    private static void assertWhole(FeedRecord record) {
        assertEquals(Optional.empty(), RecordShape.broken(record));
        assertEquals(record, FeedJson.read(FeedJson.write(record)));
    }

    @Test
    void aKindIsALabel() {
        for (String bad : List.of("", "caller_alias", "Key", "key2", "a".repeat(33))) {
            assertBroken("kind", record(bad, "demo", STATE));
        }
        for (String good : List.of("a", "caller-alias", "a".repeat(32))) {
            assertWhole(record(good, "demo", STATE));
        }
    }

    @Test
    void aKeyIsALineOfText() {
        for (String bad : List.of("", "a\nb", "a\u0000", "a".repeat(257))) {
            assertBroken("key", record("task", bad, STATE));
        }
        for (String good : List.of("a", "odd ké\"y", "a".repeat(256))) {
            assertWhole(record("task", good, STATE));
        }
    }

    @Test
    void aStateIsAnObjectOrNullOnOneLine() {
        String most = "{\"a\":\"" + "x".repeat(FeedRecord.MOST_RECORD_CHARACTERS - 8) + "\"}";
        String more = most.replace("x\"}", "xx\"}");
        for (String bad : List.of("{\n}", "{\r}", "[1]", "7", "\"{}\"", more)) {
            assertBroken("record", record("task", "demo", bad));
        }
        for (String good : List.of(FeedRecord.DELETED, "{}", STATE, most)) {
            assertWhole(record("task", "demo", good));
        }
    }

    @Test
    void itsPlaceIsOneInALog() {
        FeedRecord good = record("task", "demo", STATE);
        assertBroken("log", placed(good, "no name", 1, good.prev(), good.hash()));
        assertBroken("seq", placed(good, "LOG", 0, good.prev(), good.hash()));
        assertBroken("prev", placed(good, "LOG", 1, "x", good.hash()));
        assertBroken("hash", placed(good, "LOG", 1, good.prev(), "A".repeat(64)));
    }

    private static FeedRecord placed(
            FeedRecord record, String log, long seq, String prev, String hash) {
        return new FeedRecord(
                record.origin(),
                log,
                seq,
                record.at(),
                record.kind(),
                record.key(),
                record.record(),
                prev,
                hash,
                Optional.empty());
    }
}
