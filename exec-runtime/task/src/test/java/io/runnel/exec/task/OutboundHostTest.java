package io.runnel.exec.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.Collections;
import java.util.List;

class OutboundHostTest {
    @Test
    void isReadAndWritten() {
        for (String text :
                List.of("example.com", "example.com:8443", "*.example.com", "*.a-b.c:1", "a_b.c")) {
            assertEquals(text, OutboundHost.parse(text).toString());
        }
        assertEquals("example.com", OutboundHost.parse("EXAMPLE.com").toString());
        assertEquals("192.0.2.7:80", OutboundHost.parse("192.0.2.7:80").toString());
    }

    @Test
    void whatIsNoHostIsRefused() {
        for (String bad :
                List.of(
                        "",
                        ".",
                        "a.",
                        ".a",
                        "a..b",
                        "*",
                        "*.",
                        "*.com",
                        "**.a.b",
                        "a.*",
                        "a.*.b",
                        "-a",
                        "a-",
                        "a b",
                        "a/b",
                        "http://a",
                        "a@b",
                        "a:",
                        "a:0",
                        "a:65536",
                        "a:x",
                        "a:1:2",
                        "[::1]",
                        "::1",
                        "a\nb",
                        "\u00fc.de",
                        "1.2.3",
                        "256.1.1.1",
                        "01.2.3.4",
                        "0x7f.1",
                        "127.1",
                        "2130706433",
                        "*.1.2.3.4",
                        "a.0x7f",
                        "x".repeat(64),
                        "a.".repeat(127) + "a")) {
            var e =
                    assertThrows(
                            IllegalArgumentException.class, () -> OutboundHost.parse(bad), bad);
            assertFalse(e.getMessage().contains("\n"), bad);
        }
    }

    @Test
    void aNameCoversItself() {
        OutboundHost host = OutboundHost.parse("example.com");
        assertTrue(host.covers("example.com", 443, true));
        assertTrue(host.covers("example.com", 80, false));
        assertFalse(host.covers("example.com", 80, true));
        assertFalse(host.covers("example.com", 443, false));
        assertFalse(host.covers("example.com", 8443, true));
        assertFalse(host.covers("www.example.com", 443, true));
        assertFalse(host.covers("badexample.com", 443, true));
        assertFalse(host.covers("example.com.evil.org", 443, true));
    }

    @Test
    void aStarCoversWhatIsBelow() {
        OutboundHost host = OutboundHost.parse("*.example.com:8443");
        assertTrue(host.covers("www.example.com", 8443, true));
        assertTrue(host.covers("a.b.example.com", 8443, false));
        assertFalse(host.covers("example.com", 8443, true));
        assertFalse(host.covers("badexample.com", 8443, true));
        assertFalse(host.covers("www.example.com", 443, true));
    }

    @Test
    void aTaskNamesSoManyOnly() {
        OutboundHost host = OutboundHost.parse("a.b");
        TaskOptions most =
                TaskOptions.DEFAULT.withOutbound(Collections.nCopies(OutboundHost.MOST, host));
        assertEquals(OutboundHost.MOST, most.outbound().size());
        assertThrows(
                IllegalArgumentException.class,
                () ->
                        TaskOptions.DEFAULT.withOutbound(
                                Collections.nCopies(OutboundHost.MOST + 1, host)));
    }
}
