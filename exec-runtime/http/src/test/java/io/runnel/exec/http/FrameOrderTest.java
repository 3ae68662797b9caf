package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is remembered of a connection that has had more streams than have a place. */
class FrameOrderTest {
    private static final int HEADERS = 1;
    private static final int END_STREAM = 1;
    private static final int PROTOCOL_ERROR = 1;
    private static final int STREAM_CLOSED = 5;

    /** More than twice as many streams as are remembered, each with another number by two. */
    private static final int LAST = 4 * 1024 + 2 * 300 + 1;

    private final EmbeddedChannel channel = new EmbeddedChannel(new FrameOrder());

    @BeforeEach
    void begin() {
        channel.writeInbound(Unpooled.copiedBuffer("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", US_ASCII));
        for (int stream = 1; stream <= LAST; stream += 2) {
            headers(stream, true);
        }
        assertTrue(channel.isOpen());
    }

    @AfterEach
    void release() {
        channel.finishAndReleaseAll();
    }

    @Test
    void aNewStreamHasNotEnded() {
        headers(LAST + 2, false);
        headers(LAST + 2, true);
        assertNull(channel.readOutbound());
        headers(LAST + 2, true);
        assertEquals(STREAM_CLOSED, endedBy());
    }

    @Test
    void whatIsLeftOutWasNotOpened() {
        headers(LAST + 8, true);
        headers(LAST + 4, true);
        assertEquals(PROTOCOL_ERROR, endedBy());
    }

    @Test
    void neitherWasWhatIsLeftOutByFar() {
        headers(LAST + 10_000, false);
        headers(LAST + 10_000, true);
        assertNull(channel.readOutbound());
        headers(LAST + 9_998, true);
        assertEquals(PROTOCOL_ERROR, endedBy());
    }

    @Test
    void anEndedOneIsRememberedAsLongAsItHasAPlace() {
        headers(LAST - 2 * 1023, true);
        assertEquals(STREAM_CLOSED, endedBy());
    }

    private void headers(int stream, boolean ends) {
        ByteBuf frame = Unpooled.buffer(9);
        frame.writeMedium(0).writeByte(HEADERS).writeByte(ends ? END_STREAM : 0).writeInt(stream);
        channel.writeInbound(frame);
    }

    /** The code of the GOAWAY that was sent. */
    private int endedBy() {
        ByteBuf goAway = channel.readOutbound();
        int code = goAway.getInt(13);
        goAway.release();
        return code;
    }
}
