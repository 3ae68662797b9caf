package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.vertx.core.buffer.Buffer;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

final class LineSplitterTest {
    private final LineSplitter splitter = new LineSplitter(8);
    private final List<String> lines = new ArrayList<>();

    private void split(String piece) {
        splitter.split(
                Buffer.buffer(piece), line -> lines.add(new String(line, StandardCharsets.UTF_8)));
    }

    @Test
    void joinsWhatWasCutAnywhere() {
        for (char c : "one\ntwö\n\nthree\n".toCharArray()) {
            split(String.valueOf(c));
        }
        splitter.finish();
        assertEquals(List.of("one", "twö", "three"), lines);
    }

    @Test
    void takesTheLongestLineAndNotOneByteMore() {
        split("12345678\n");
        assertEquals(List.of("12345678"), lines);
        split("1234");
        ReplicationException refused =
                assertThrows(ReplicationException.class, () -> split("56789"));
        assertEquals(Code.LINE_TOO_LONG, refused.code());
    }

    @Test
    void refusesALongLineBeforeItsEndComes() {
        split("\n12345678");
        assertThrows(ReplicationException.class, () -> split("9"));
    }

    @Test
    void knowsALineWithoutEnd() {
        split("one\ntw");
        ReplicationException refused = assertThrows(ReplicationException.class, splitter::finish);
        assertEquals(Code.BAD_LINE, refused.code());
    }
}
