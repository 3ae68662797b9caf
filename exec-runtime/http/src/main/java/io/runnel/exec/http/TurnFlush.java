package io.runnel.exec.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
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

    /** On a client's new channel, when it becomes HTTP/2's. */
    static <C extends Channel> C on(C channel) {
        channel.pipeline().addLast(new WhenCleared());
        return channel;
    }

    /** On a server's connection that stands; on its event loop. */
    static void on(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal) {
            on(internal.channelHandlerContext().pipeline());
        }
    }

    private static void on(ChannelPipeline pipeline) {
        if (pipeline.get(Http2ConnectionHandler.class) != null) {
            pipeline.addFirst(NAME, new FlushConsolidationHandler(MOST_HELD, true));
        }
    }

    /** Vert.x takes all others' handlers from a channel before it puts HTTP/2's there. */
    private static final class WhenCleared extends ChannelHandlerAdapter {
        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            Channel channel = context.channel();
            if (channel.isActive()) {
                channel.eventLoop().execute(() -> on(channel.pipeline()));
            }
        }
    }
}
