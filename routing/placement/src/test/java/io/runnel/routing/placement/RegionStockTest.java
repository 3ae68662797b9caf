package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Written;
import io.runnel.routing.placement.RegionView.Copy;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.stream.IntStream;

/** What is made of what a region says that it has. */
class RegionStockTest {
    private static final RegionId HOME = new RegionId("eu-west");
    private static final FeedPositions AT_41 = FeedPositions.parse("eu-west/Log:41");
    private static final CodeDigest OLD = code(1);
    private static final CodeDigest NEW = code(2);

    private static CodeDigest code(int i) {
        return CodeDigest.of(Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    private static Copy copy(RegionStock stock, long seq, CodeDigest code) {
        RegionStock told = RegionStock.parse(stock.format());
        Copy copy = told.copy(new Written(HOME, "Log", seq), RegionStock.name(code));
        assertEquals(copy, stock.copy(new Written(HOME, "Log", seq), RegionStock.name(code)));
        return copy;
    }

    @Test
    void itHoldsWhatWasWrittenAsFarAsItHasRead() {
        RegionStock stock = new RegionStock(AT_41, List.of(), List.of(OLD), true);
        assertEquals(Copy.OLD, copy(stock, 42, NEW));
        assertEquals(Copy.COLD, copy(stock, 41, NEW));
        assertEquals(Copy.WARM, copy(stock, 41, OLD));
        assertEquals(
                Copy.OLD,
                stock.copy(new Written(HOME, "Other", 1), RegionStock.name(OLD)),
                "another history");
    }

    @Test
    void whatItLacksItDoesNotHold() {
        RegionStock stock = new RegionStock(AT_41, List.of(NEW), List.of(), true);
        assertEquals(Copy.OLD, copy(stock, 41, NEW));
        assertEquals(Copy.COLD, copy(stock, 41, OLD));
    }

    @Test
    void whatItHasNoRoomToSayIsNotKnown() {
        List<CodeDigest> most =
                IntStream.range(10, 10 + RegionStock.MOST_WARM)
                        .mapToObj(RegionStockTest::code)
                        .toList();
        RegionStock stock = new RegionStock(AT_41, List.of(), most, false);
        assertEquals(Copy.UNKNOWN, copy(stock, 41, NEW));
        assertEquals(Copy.WARM, copy(stock, 41, most.getLast()));
        assertTrue(stock.format().length() < RegionStock.MOST_CHARACTERS);
        assertThrows(
                IllegalArgumentException.class,
                () -> new RegionStock(AT_41, most, List.of(), true));
    }

    @Test
    void whatIsNoSuchTextSaysNothing() {
        String good = new RegionStock(AT_41, List.of(NEW), List.of(OLD), true).format();
        for (String bad :
                List.of(
                        "",
                        "\n\n\n",
                        good + "\n",
                        "no/such" + good,
                        good.replace(",", ";") + "x,\n",
                        "\nzz\n\nall",
                        " ".repeat(RegionStock.MOST_CHARACTERS) + good)) {
            assertEquals(
                    Copy.UNKNOWN,
                    RegionStock.parse(bad).copy(new Written(HOME, "Log", 1), 7),
                    bad.strip());
        }
    }
}
