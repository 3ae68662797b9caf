package io.runnel.exec.http;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

/**
 * Has an HTTP/2 connection that carries many calls at once send together what they wrote in a turn
 * of the event loop. Vert.x flushes for each call; under load these system calls are most of what a
 * hop between nodes costs. HTTP/1 carries one call at a time and is left alone.
 */
final class TurnFlush {
    private static final String NAME = "turn-flush";
    private static final int MOST_HELD = 64;

    private TurnFlush() {}

    /** On a server's connection that stands; on its event loop. */
    static void on(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal) {
            on(internal.channelHandlerContext().pipeline());
        }
    }

    /** On a connection that may be HTTP/2's; on its event loop. */
    static void on(ChannelPipeline pipeline) {
        if (pipeline.get(Http2ConnectionHandler.class) != null) {
            pipeline.addFirst(NAME, new FlushConsolidationHandler(MOST_HELD, true));
        }
    }
}
