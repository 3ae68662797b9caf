package io.runnel.exec.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a node's servers: counts connections, and closes those that are too many or take
 * too long to send a request. Safe for any thread.
 */
@Sharable
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final String NAME = "first-request";

    private final ConnectionLimits limits;
    private final AtomicInteger open = new AtomicInteger();

    ConnectionGuard(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** The connection has sent a request; from now on others watch it. */
    static void release(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal
                && internal.channelHandlerContext().pipeline().get(NAME) != null) {
            internal.channelHandlerContext().pipeline().remove(NAME);
        }
    }

    /** A server's "read" is a new connection. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel connection)) {
            context.fireChannelRead(message);
        } else if (open.incrementAndGet() > limits.most()) {
            open.decrementAndGet();
            connection.unsafe().closeForcibly();
        } else {
            connection.closeFuture().addListener(closed -> open.decrementAndGet());
            connection.pipeline().addLast(NAME, new FirstRequest(limits));
            context.fireChannelRead(message);
        }
    }

    /** Closes its connection in time, unless it is removed before. */
    private static final class FirstRequest extends ChannelInboundHandlerAdapter {
        private final long patienceMillis;
        private Future<?> end;

        FirstRequest(ConnectionLimits limits) {
            this.patienceMillis = limits.firstRequest().toMillis();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Runnable close = () -> HardClose.of(context);
            end = context.executor().schedule(close, patienceMillis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            end.cancel(false);
        }
    }
}
