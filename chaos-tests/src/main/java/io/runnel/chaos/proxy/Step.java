package io.runnel.chaos.proxy;

import java.nio.ByteBuffer;

/** What a pipe is to do next. */
sealed interface Step {
    /** Nothing until this much time has passed or something has changed. */
    record Wait(long nanos) implements Step {
        static final Wait UNTIL_CHANGE = new Wait(Long.MAX_VALUE);
    }

    /** Write these bytes; the buffer has an array. */
    record Send(ByteBuffer bytes) implements Step {}

    /** Pass the end of the stream on: this direction is done. */
    record Finish() implements Step {}

    /** Close the connection. */
    record Cut() implements Step {}

    /** Reset the connection. */
    record Reset() implements Step {}
}
