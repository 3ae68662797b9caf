package io.runnel.routing.catalog;

import static io.runnel.routing.catalog.FeedFixture.EAST;
import static io.runnel.routing.catalog.FeedFixture.WEST;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.List;

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
                        "eu-west/LOG:1,eu-west/LOG:2",
                        "x".repeat(100_000))) {
            CatalogException e =
                    assertThrows(CatalogException.class, () -> FeedPositions.parse(text), text);
            assertEquals(CatalogException.Code.MALFORMED, e.code());
        }
    }
}
