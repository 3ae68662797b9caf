package io.runnel.exec.http;

import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;

/** Bytes that many answers are made of. */
public final class SharedBytes {
    private SharedBytes() {}

    /**
     * A buffer of these bytes themselves, to be written as often as wanted, on any event loop.
     *
     * @param bytes never changed
     */
    public static Buffer of(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }
}
