package io.runnel.region.cli.supervisor;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that is added to, and put aside when it is full: {@code node.log} becomes {@code
 * node.log.1}, that one {@code node.log.2}, and the oldest is dropped. A disk that takes nothing
 * loses lines, never the caller. Safe for any thread.
 */
final class LogFile implements AutoCloseable {
    static final long MOST_BYTES = 8L << 20;
    static final int KEPT = 2;

    private static final long NOT_OPEN = -1;

    private final Path path;
    private final long mostBytes;
    private OutputStream out = OutputStream.nullOutputStream();
    private long written = NOT_OPEN;

    LogFile(Path path) {
        this(path, MOST_BYTES);
    }

    LogFile(Path path, long mostBytes) {
        this.path = path;
        this.mostBytes = mostBytes;
    }

    synchronized void write(byte[] bytes, int length) {
        try {
            if (written == NOT_OPEN) {
                open();
            }
            if (written > 0 && written + length > mostBytes) {
                rotate();
            }
            out.write(bytes, 0, length);
            out.flush();
            written += length;
        } catch (IOException e) {
            written = NOT_OPEN;
        }
    }

    void line(String text) {
        byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(bytes, bytes.length);
    }

    private void open() throws IOException {
        out.close();
        out = Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        written = Files.size(path);
    }

    private void rotate() throws IOException {
        out.close();
        for (int i = KEPT; i > 0; i--) {
            Path from = i == 1 ? path : aside(i - 1);
            if (Files.exists(from)) {
                Files.move(from, aside(i), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        open();
    }

    private Path aside(int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            // Nothing more will be written; what was lost was lost before.
        }
        out = OutputStream.nullOutputStream();
        written = NOT_OPEN;
    }
}
