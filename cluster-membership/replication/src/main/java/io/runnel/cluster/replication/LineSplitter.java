package io.runnel.cluster.replication;

import io.runnel.cluster.replication.ReplicationException.Code;
import io.vertx.core.buffer.Buffer;

import java.util.function.Consumer;

/**
 * Cuts a stream of bytes at line feeds. Holds at most one line that is not whole yet. For one
 * thread.
 */
final class LineSplitter {
    private final int mostBytes;
    private Buffer rest = Buffer.buffer();

    /**
     * Nothing yet.
     *
     * @param mostBytes that a line may have, without its end
     */
    LineSplitter(int mostBytes) {
        this.mostBytes = mostBytes;
    }

    /**
     * Hands on every line that is whole now, without its end; empty ones are passed over.
     *
     * @throws ReplicationException {@code LINE_TOO_LONG}, or whatever the consumer throws: the
     *     stream is of no use then
     */
    void split(Buffer piece, Consumer<byte[]> lines) {
        int start = 0;
        int length = piece.length();
        for (int i = 0; i < length; i++) {
            if (piece.getByte(i) == '\n') {
                take(piece, start, i);
                hand(lines);
                start = i + 1;
            }
        }
        take(piece, start, length);
    }

    /**
     * The stream is over.
     *
     * @throws ReplicationException {@code BAD_LINE} if a line has no end
     */
    void finish() {
        if (rest.length() > 0) {
            throw new ReplicationException(
                    Code.BAD_LINE, "the last %d bytes have no line end".formatted(rest.length()));
        }
    }

    private void take(Buffer piece, int start, int end) {
        if (rest.length() + end - start > mostBytes) {
            throw new ReplicationException(
                    Code.LINE_TOO_LONG, "a line must have at most %d bytes".formatted(mostBytes));
        }
        if (end > start) {
            rest.appendBuffer(piece, start, end - start);
        }
    }

    private void hand(Consumer<byte[]> lines) {
        if (rest.length() > 0) {
            byte[] line = rest.getBytes();
            rest = Buffer.buffer();
            lines.accept(line);
        }
    }
}
