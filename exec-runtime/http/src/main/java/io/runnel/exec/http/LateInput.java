package io.runnel.exec.http;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Optional;
import java.util.function.Supplier;

/** An input that is made when it is first read: on the slot's thread, not on the event loop. */
final class LateInput extends InputStream {
    private final Supplier<byte[]> maker;
    private Optional<ByteArrayInputStream> made = Optional.empty();

    LateInput(Supplier<byte[]> maker) {
        this.maker = maker;
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
