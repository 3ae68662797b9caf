package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** What the kernel's table of sockets says of a port. */
class ReusePortGroupTest {
    private static final String LISTENS =
            "   0: 0100007F:1F91 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0";

    @Test
    void aSocketThatListensIsFound() {
        assertTrue(ReusePortGroup.listensAt(LISTENS, 8081));
        String six = LISTENS.replace("0100007F", "00000000000000000000000000000000");
        assertTrue(ReusePortGroup.listensAt(six, 8081));
    }

    @Test
    void othersAreNot() {
        assertFalse(ReusePortGroup.listensAt(LISTENS, 8082));
        assertFalse(ReusePortGroup.listensAt(LISTENS.replace(" 0A ", " 01 "), 8081));
        assertFalse(ReusePortGroup.listensAt("  sl  local_address rem_address   st", 8081));
        assertFalse(ReusePortGroup.listensAt("", 8081));
    }
}
