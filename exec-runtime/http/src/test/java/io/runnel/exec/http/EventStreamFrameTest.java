package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** What is encoded here, as AWS' own library reads it. */
class EventStreamFrameTest {
    private static final String BYTES = "application/octet-stream";

    private static byte[] frame(byte[] payload, int offset, int length) {
        return EventStreamFrame.event("PayloadChunk", BYTES, payload, offset, length);
    }

    @Test
    void whatIsWrittenIsRead() {
        for (int length : new int[] {0, 1, 1_000, 300_000}) {
            byte[] payload = new byte[length + 2];
            for (int i = 0; i < payload.length; i++) {
                payload[i] = (byte) i;
            }
            Message read = Message.decode(ByteBuffer.wrap(frame(payload, 1, length)));
            assertArrayEquals(Arrays.copyOfRange(payload, 1, length + 1), read.getPayload());
            assertEquals(3, read.getHeaders().size());
            assertEquals(text("PayloadChunk"), read.getHeaders().get(":event-type"));
            assertEquals(text("event"), read.getHeaders().get(":message-type"));
            assertEquals(text(BYTES), read.getHeaders().get(":content-type"));
        }
    }

    @Test
    void itIsWhatTheLibraryWrites() {
        Message message = Message.decode(ByteBuffer.wrap(frame(new byte[] {1, 2, 3}, 0, 3)));
        assertEquals(ByteBuffer.wrap(frame(new byte[] {1, 2, 3}, 0, 3)), message.toByteBuffer());
    }

    @Test
    void severalFollowEachOther() {
        MessageDecoder decoder = new MessageDecoder();
        decoder.feed(frame(new byte[] {1}, 0, 1));
        decoder.feed(frame(new byte[] {2}, 0, 1));
        List<Message> read = decoder.getDecodedMessages();
        assertEquals(2, read.size());
        assertEquals(2, read.get(1).getPayload()[0]);
    }

    /** The library looks at both checksums: else the tests above showed little. */
    @Test
    void aChangedByteIsFound() {
        byte[] whole = frame(new byte[] {1, 2, 3}, 0, 3);
        for (int at : new int[] {8, 12, whole.length - 5, whole.length - 1}) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            assertThrows(RuntimeException.class, () -> Message.decode(ByteBuffer.wrap(changed)));
        }
    }

    private static HeaderValue text(String value) {
        return HeaderValue.fromString(value);
    }
}
