package io.runnel.exec.microvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

final class ConsoleTailTest {
    private static final long LONG_MILLIS = 20_000;

    private static String tailOf(String said) {
        ConsoleTail tail =
                ConsoleTail.of(
                        "test", new ByteArrayInputStream(said.getBytes(StandardCharsets.UTF_8)));
        tail.await(LONG_MILLIS);
        return tail.text();
    }

    @Test
    void theLastBytesAreKeptAndNoMore() {
        String end = "b".repeat(ConsoleTail.KEPT_BYTES - 1) + "c";
        assertEquals(end, tailOf("a".repeat(40_000) + end));
        assertEquals("short", tailOf("short"));
        assertEquals("", tailOf(""));
    }

    @Test
    void aTerminalIsNotCommanded() {
        assertEquals("one\n?[2Jtwo?", tailOf("one\r\n\u001b[2Jtwo\u0007"));
    }
}
