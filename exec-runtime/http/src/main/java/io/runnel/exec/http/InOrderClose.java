package io.runnel.exec.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.net.impl.VertxHandler;

/**
 * Has a connection's reader told of its end after what came before it. While a reader is slow
 * Vert.x keeps what came on its connection, and forgets it when the other side closes: the rest of
 * an answer that came whole would be lost. So before that it is given to the answer's own queue,
 * where it waits for its reader like all of it before.
 */
final class InOrderClose extends ChannelInboundHandlerAdapter {
    /** More than Vert.x keeps on a connection: eight messages and what one more turn reads. */
    private static final int MOST_KEPT = 4_096;

    private InOrderClose() {}

    /** On a connection of HTTP/1, or of none; on its event loop. */
    static void on(ChannelPipeline pipeline) {
        if (pipeline.get(VertxHandler.class) != null) {
            pipeline.addFirst(new InOrderClose());
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        ChannelPipeline pipeline = context.pipeline();
        VertxHandler<?> reader = pipeline.get(VertxHandler.class);
        // Behind the codec, which may find the end of an answer in the end of the connection.
        pipeline.addBefore(pipeline.context(reader).name(), null, new Hand(reader));
        context.fireChannelInactive();
    }

    /** Hands over what is kept, and only then the end. */
    private static final class Hand extends ChannelInboundHandlerAdapter {
        private final VertxHandler<?> reader;

        Hand(VertxHandler<?> reader) {
            this.reader = reader;
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            for (int i = 0; i < MOST_KEPT; i++) {
                // Pauses again after each message; does nothing when none is left.
                reader.getConnection().doResume();
            }
            context.fireChannelInactive();
        }
    }
}
