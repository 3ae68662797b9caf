package io.runnel.exec.wasi;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** An answer that the host wrote itself: all of it is there. One thread. */
final class WrittenAnswer implements OutboundAnswer {
    private final int status;
    private final List<OutboundHeader> headers;
    private final byte[] body;
    private int at;

    WrittenAnswer(int status, List<OutboundHeader> headers, String body) {
        this.status = status;
        this.headers = List.copyOf(headers);
        this.body = body.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public List<OutboundHeader> headers() {
        return headers;
    }

    @Override
    public int read(byte[] into, int offset, int length, Duration most) {
        int count = Math.min(length, body.length - at);
        System.arraycopy(body, at, into, offset, count);
        at += count;
        return count;
    }

    @Override
    public void close() {
        at = body.length;
    }
}
