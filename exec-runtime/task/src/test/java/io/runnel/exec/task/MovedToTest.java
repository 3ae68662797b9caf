package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Optional;

final class MovedToTest {
    private static final String ID = "00112233445566778899aabbccddeeff";

    @Test
    void isReadAsItIsWritten() {
        MovedTo to = new MovedTo(new RegionId("eu-west"), new NodeName("n2"), new MoveId(ID));
        assertEquals("eu-west/n2/" + ID, to.format());
        assertEquals(Optional.of(to), MovedTo.parse(to.format()));
    }

    @Test
    void whatIsNoneIsNone() {
        for (String text :
                List.of(
                        "",
                        "eu-west",
                        "eu-west/n2",
                        "eu-west/n2/" + ID + "/",
                        "eu-west/n2/" + ID.substring(1),
                        "eu-west/n2/" + ID.toUpperCase(java.util.Locale.ROOT),
                        "/n2/" + ID,
                        "eu-west//" + ID,
                        "EU/n2/" + ID)) {
            assertEquals(Optional.empty(), MovedTo.parse(text), text);
        }
    }

    @Test
    void anIdIsMadeOfSixteenBytes() {
        assertEquals("00".repeat(15) + "ff", MoveId.of(withLast(16)).value());
        assertThrows(IllegalArgumentException.class, () -> MoveId.of(withLast(15)));
    }

    private static byte[] withLast(int length) {
        byte[] bytes = new byte[length];
        bytes[length - 1] = (byte) 0xff;
        return bytes;
    }
}
