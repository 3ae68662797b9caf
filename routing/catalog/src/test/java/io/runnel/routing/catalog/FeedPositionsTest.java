package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class FeedPositionsTest {
    @Test
    void readsAndWritesItsText() {
        FeedPositions positions = FeedPositions.parse("us-east/L-2:7,eu-west/LOG:41");
        assertEquals("eu-west/LOG:41,us-east/L-2:7", positions.format());
        assertEquals(positions, FeedPositions.parse(positions.format()));
        assertEquals(FeedPositions.NONE, FeedPositions.parse(""));
    }

    @Test
    void coversWhatIsAtOrBeforeItInTheSameLog() {
        FeedPositions positions = FeedPositions.parse("eu-west/LOG:41");
        assertTrue(positions.covers(WEST, "LOG", 41));
        assertTrue(positions.covers(WEST, "LOG", 1));
        assertFalse(positions.covers(WEST, "LOG", 42));
        assertFalse(positions.covers(WEST, "OTHER", 1));
        assertFalse(positions.covers(EAST, "LOG", 1));
    }

    @Test
    void carriesTheBeginningOfTheHash() {
        String hash = "0123456789abcdef".repeat(4);
        FeedPositions known = new FeedPositions(Map.of(WEST, new Position("LOG", 41, hash)));
        assertEquals("eu-west/LOG:41:0123456789abcdef", known.format());
        Position read = FeedPositions.parse(known.format()).position(WEST).orElseThrow();
        assertTrue(read.agreesWith(hash));
        assertFalse(read.agreesWith("f".repeat(64)));
        assertEquals(known.format(), FeedPositions.parse(known.format()).format());
    }

    @Test
    void anotherHistoryOfTheSameLogIsNotCovered() {
        Position known = new Position("LOG", 41, "a".repeat(64));
        assertTrue(known.covers(new Position("LOG", 41, "a".repeat(16))));
        assertTrue(known.covers(new Position("LOG", 41, Position.NO_HASH)));
        assertTrue(known.covers(new Position("LOG", 40, "b".repeat(64))));
        assertFalse(known.covers(new Position("LOG", 41, "b".repeat(16))));
    }

    @Test
    void refusesHostileText() {
        for (String text :
                List.of(
                        ",",
                        "eu-west",
                        "eu-west/LOG",
                        "eu-west/LOG:",
                        "eu-west/LOG:-1",
                        "eu-west/LOG:99999999999999999999",
                        "/LOG:1",
                        "EU/LOG:1",
                        "eu-west/:1",
                        "eu-west/L/G:1",
                        "eu-west/LOG:1:",
                        "eu-west/LOG:1:abc",
                        "eu-west/LOG:1:0123456789ABCDEF",
                        "eu-west/LOG:1:0123456789abcdef:2",
                        "eu-west/LOG:1,eu-west/LOG:2",
                        "x".repeat(100_000))) {
            CatalogException e =
                    assertThrows(CatalogException.class, () -> FeedPositions.parse(text), text);
            assertEquals(CatalogException.Code.MALFORMED, e.code());
        }
    }
}
