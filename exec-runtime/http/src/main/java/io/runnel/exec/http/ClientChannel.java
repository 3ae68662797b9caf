package io.runnel.exec.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerAdapter;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;

/** What is put on the channels of Vert.x' clients beside what Vert.x puts there. */
final class ClientChannel {
    private ClientChannel() {}

    /** On a new channel, when it is connected and its protocol known. */
    static <C extends Channel> C on(C channel) {
        channel.pipeline().addLast(new WhenCleared());
        return channel;
    }

    /** Vert.x takes all others' handlers from a channel before it puts its own there. */
    private static final class WhenCleared extends ChannelHandlerAdapter {
        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            Channel channel = context.channel();
            if (channel.isActive()) {
                channel.eventLoop().execute(() -> put(channel.pipeline()));
            }
        }

        private static void put(ChannelPipeline pipeline) {
            TurnFlush.on(pipeline);
            InOrderClose.on(pipeline);
        }
    }
}
