package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

class LineSinkTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSink sink = new LineSink(lines::add);

    @Test
    void linesAreMadeOfWhateverPieces() {
        write("on");
        write("e\ntwo\n\nth");
        write("ree");
        assertEquals(List.of("one", "two", ""), lines);
        sink.finish();
        sink.finish();
        assertEquals(List.of("one", "two", "", "three"), lines);
    }

    @Test
    void aLineWithoutEndIsCut() {
        write("x".repeat(100_000));
        sink.finish();
        assertTrue(lines.stream().allMatch(line -> line.length() <= 16 * 1024), "too long");
        assertEquals(100_000, lines.stream().mapToInt(String::length).sum());
    }

    @Test
    void theGuestCommandsNoTerminal() {
        write("\u001b[2Jgone\u0007\r\n\tüber");
        sink.finish();
        assertEquals(List.of("?[2Jgone??", "\tüber"), lines);
    }

    private void write(String text) {
        byte[] bytes = ("__" + text + "__").getBytes(StandardCharsets.UTF_8);
        sink.write(bytes, 2, bytes.length - 4);
    }
}
