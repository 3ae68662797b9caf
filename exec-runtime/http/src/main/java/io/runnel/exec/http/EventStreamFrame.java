package io.runnel.exec.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;

/**
 * One message of {@code application/vnd.amazon.eventstream}, as AWS describes it ("Event stream
 * encoding", Amazon Transcribe's developer guide, and Smithy's {@code amazon-eventstream}
 * specification): the lengths of all and of the headers, a CRC-32 of these, the headers, the
 * payload, a CRC-32 of all before. Numbers are big-endian; headers here are texts. Pure.
 */
final class EventStreamFrame {
    /** The media type of a stream of them. */
    static final String MEDIA_TYPE = "application/vnd.amazon.eventstream";

    private static final int PRELUDE_BYTES = 12;
    private static final int CRC_BYTES = 4;

    /** Of a header's value. */
    private static final byte TEXT = 7;

    private EventStreamFrame() {}

    /**
     * An event.
     *
     * @param type as {@code PayloadChunk}; with the content type less than 100 characters
     * @param payload of which {@code length} bytes from {@code offset} are meant, 16 MiB at most
     */
    static byte[] event(String type, String contentType, byte[] payload, int offset, int length) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream(128);
        put(headers, ":event-type", type);
        put(headers, ":content-type", contentType);
        put(headers, ":message-type", "event");
        int all = PRELUDE_BYTES + headers.size() + length + CRC_BYTES;
        byte[] bytes = new byte[all];
        ByteBuffer frame = ByteBuffer.wrap(bytes).putInt(all).putInt(headers.size());
        frame.putInt(crc(bytes, frame.position()));
        frame.put(headers.toByteArray()).put(payload, offset, length);
        frame.putInt(crc(bytes, frame.position()));
        return bytes;
    }

    private static void put(ByteArrayOutputStream headers, String name, String value) {
        byte[] text = value.getBytes(UTF_8);
        headers.write(name.length());
        headers.writeBytes(name.getBytes(UTF_8));
        headers.write(TEXT);
        headers.write(text.length >> Byte.SIZE);
        headers.write(text.length);
        headers.writeBytes(text);
    }

    /** Of what is in it so far. */
    private static int crc(byte[] frame, int length) {
        CRC32 crc = new CRC32();
        crc.update(frame, 0, length);
        return (int) crc.getValue();
    }
}
