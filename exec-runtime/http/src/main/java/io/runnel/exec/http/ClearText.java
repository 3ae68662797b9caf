package io.runnel.exec.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;

import java.nio.charset.StandardCharsets;

/** What somebody hears who speaks in clear text where TLS is spoken. */
final class ClearText {
    private static final String SAID = "This port speaks HTTPS: the address begins with https://\n";

    private static final byte[] ANSWER =
            """
            HTTP/1.1 400 Bad Request\r
            Content-Type: text/plain; charset=utf-8\r
            Content-Length: %d\r
            Connection: close\r
            \r
            %s\
            """
                    .formatted(SAID.length(), SAID)
                    .getBytes(StandardCharsets.US_ASCII);

    private ClearText() {}

    /**
     * Says so past the handler of TLS, which then closes the connection. On its event loop.
     *
     * @param below that handler's place: what is written there is not encrypted
     */
    static void refuse(ChannelHandlerContext below) {
        ChannelFuture unused = below.writeAndFlush(Unpooled.wrappedBuffer(ANSWER));
    }
}
