package io.runnel.exec.wasi;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Lines of the task's log, with a level. They count against the log's limit as all that is there.
 */
final class GuestLog {
    private static final int MOST_BYTES = 16 * 1024;

    /** What the lines of each level begin with, by its number. */
    private static final List<byte[]> MARKS =
            List.of(mark("debug"), mark("info"), mark("warn"), mark("error"));

    private GuestLog() {}

    private static byte[] mark(String level) {
        return ("[" + level + "] ").getBytes(StandardCharsets.UTF_8);
    }

    static long write(WasiMemory memory, GuestCall call, int level, int at, int length) {
        if (level < 0 || level >= MARKS.size() || length < 0 || length > MOST_BYTES) {
            return RunnelError.INVALID.value();
        }
        if (!memory.contains(at, length)) {
            return RunnelError.FAULT.value();
        }
        call.streams().log(lines(MARKS.get(level), memory.array(), at, length));
        return 0;
    }

    /** Each line with its mark, so that none passes for another level's. */
    private static byte[] lines(byte[] mark, byte[] text, int at, int length) {
        ByteArrayOutputStream lines = new ByteArrayOutputStream(length + mark.length + 1);
        lines.writeBytes(mark);
        int end = length > 0 && text[at + length - 1] == '\n' ? at + length - 1 : at + length;
        for (int i = at; i < end; i++) {
            lines.write(text[i]);
            if (text[i] == '\n') {
                lines.writeBytes(mark);
            }
        }
        lines.write('\n');
        return lines.toByteArray();
    }

    /** What the host has to say to the task's owner. */
    static byte[] warning(String text) {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        line.writeBytes(MARKS.get(2));
        line.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        line.write('\n');
        return line.toByteArray();
    }
}
