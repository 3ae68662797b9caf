package io.runnel.exec.http;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Ends a connection at once. Vert.x's own close waits until all is sent, so that a client that
 * reads nothing would keep it for ever; it has no other in its public interface.
 */
final class HardClose {
    private HardClose() {}

    static void of(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal) {
            // The channel's own close would go through Vert.x's handler, which waits.
            of(internal.channelHandlerContext());
        } else {
            throw new IllegalStateException("no connection of a server: " + connection.getClass());
        }
    }

    static void of(ChannelHandlerContext context) {
        // Whether it was open or not, it is closed now.
        ChannelFuture unused = context.close();
    }
}
