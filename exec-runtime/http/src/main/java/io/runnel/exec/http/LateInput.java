package io.runnel.exec.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** An input that is made when it is first read: on the slot's thread, not on the event loop. */
final class LateInput extends InputStream {
    private final int bodyBytes;
    private final Supplier<byte[]> maker;
    private Optional<ByteArrayInputStream> made = Optional.empty();

    /**
     * One that is still to be made.
     *
     * @param bodyBytes of the request's body that it is made of
     */
    LateInput(int bodyBytes, Supplier<byte[]> maker) {
        this.bodyBytes = bodyBytes;
        this.maker = maker;
    }

    int bodyBytes() {
        return bodyBytes;
    }

    private ByteArrayInputStream input() {
        if (made.isEmpty()) {
            made = Optional.of(new ByteArrayInputStream(maker.get()));
        }
        return made.get();
    }

    @Override
    public int read() {
        return input().read();
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        return input().read(target, offset, count);
    }

    @Override
    public boolean markSupported() {
        return true;
    }

    /** Only where it begins. */
    @Override
    public void mark(int most) {
        if (made.isPresent()) {
            throw new IllegalStateException("it was read already");
        }
    }

    @Override
    public void reset() {
        made.ifPresent(ByteArrayInputStream::reset);
    }

    @Override
    public int available() {
        return input().available();
    }
}
