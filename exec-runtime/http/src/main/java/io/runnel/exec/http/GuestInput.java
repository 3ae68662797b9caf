package io.runnel.exec.http;

import io.vertx.core.buffer.Buffer;

import java.io.InputStream;
import java.util.Objects;

/** A whole body as a guest's standard input. */
final class GuestInput extends InputStream {
    private final Buffer body;
    private int at;
    private int marked;

    GuestInput(Buffer body) {
        this.body = body;
    }

    int length() {
        return body.length();
    }

    @Override
    public int read() {
        return at < body.length() ? body.getByte(at++) & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        int part = Math.min(count, body.length() - at);
        if (part <= 0) {
            return count == 0 ? 0 : -1;
        }
        body.getBytes(at, at + part, target, offset);
        at += part;
        return part;
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    @Override
    public void mark(int most) {
        marked = at;
    }

    @Override
    public void reset() {
        at = marked;
    }

    @Override
    public int available() {
        return body.length() - at;
    }
}
