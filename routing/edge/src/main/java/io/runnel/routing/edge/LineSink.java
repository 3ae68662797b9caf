package io.runnel.routing.edge;

import io.runnel.exec.isolate.OutputSink;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Makes lines of what a guest writes to standard error. A line is UTF-8, cut at 16 KiB, control
 * characters made harmless. Used by the call's slot thread; {@link #finish} after the call's end.
 */
public final class LineSink implements OutputSink {
    private static final int LONGEST_LINE_BYTES = 16 * 1024;

    private final Consumer<String> lines;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream(128);

    public LineSink(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        int start = offset;
        for (int i = offset; i < offset + length; i++) {
            boolean ends = bytes[i] == '\n';
            if (ends || line.size() + (i - start) >= LONGEST_LINE_BYTES) {
                line.write(bytes, start, i - start);
                emit();
                start = ends ? i + 1 : i;
            }
        }
        line.write(bytes, start, offset + length - start);
    }

    /** Takes what was written without a line's end for a line. */
    public synchronized void finish() {
        if (line.size() > 0) {
            emit();
        }
    }

    private void emit() {
        String text = line.toString(StandardCharsets.UTF_8);
        line.reset();
        lines.accept(harmless(text));
    }

    /** A terminal that shows the log must not be the guest's to command. */
    private static String harmless(String text) {
        StringBuilder out = new StringBuilder(text.length());
        text.chars().forEach(c -> out.append((c < ' ' && c != '\t') || c == 0x7f ? '?' : (char) c));
        return out.toString();
    }
}
