package io.runnel.exec.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;

import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a node's servers: counts connections, and closes those that are too many or take
 * too long to send a request. Lets a server end without losing a connection that has come already.
 * Safe for any thread.
 */
@Sharable
final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final String NAME = "first-request";

    private final ConnectionLimits limits;
    private final AtomicInteger open = new AtomicInteger();
    private final Map<Channel, Server> servers = new ConcurrentHashMap<>();

    ConnectionGuard(ConnectionLimits limits) {
        this.limits = limits;
    }

    /** A port that is open. */
    static final class Server {
        private final Channel channel;
        private final AtomicInteger young = new AtomicInteger();

        Server(Channel channel) {
            this.channel = channel;
        }

        /** Connections that have not sent a request yet. */
        int young() {
            return young.get();
        }

        /**
         * Takes no more connections, having taken all that have come.
         *
         * @return done when the port is closed
         */
        io.vertx.core.Future<Void> close() {
            Promise<Void> done = Promise.promise();
            channel.close().addListener(closed -> done.tryComplete());
            return done.future();
        }
    }

    /** The server that listens there; empty if none does. May look the host's name up. */
    Optional<Server> server(String host, int port) {
        InetSocketAddress wanted = new InetSocketAddress(host, port);
        return servers.values().stream()
                .filter(server -> wanted.equals(server.channel.localAddress()))
                .findFirst();
    }

    /** The connection has sent a request; from now on others watch it. */
    static void release(HttpConnection connection) {
        if (connection instanceof HttpServerConnection internal
                && internal.channelHandlerContext().pipeline().get(NAME) != null) {
            internal.channelHandlerContext().pipeline().remove(NAME);
        }
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        servers.put(context.channel(), new Server(context.channel()));
        context.channel().closeFuture().addListener(closed -> servers.remove(context.channel()));
    }

    /** A server's "read" is a new connection. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (!(message instanceof Channel connection)) {
            context.fireChannelRead(message);
            return;
        }
        Server server = servers.getOrDefault(context.channel(), new Server(context.channel()));
        if (open.incrementAndGet() > limits.most()) {
            open.decrementAndGet();
            connection.unsafe().closeForcibly();
        } else {
            connection.closeFuture().addListener(closed -> open.decrementAndGet());
            connection.pipeline().addLast(NAME, new FirstRequest(limits, server.young));
            connection.pipeline().addLast(new FrameOrder());
            context.fireChannelRead(message);
        }
    }

    /** Closes its connection in time, unless it is removed before. */
    private static final class FirstRequest extends ChannelInboundHandlerAdapter {
        private final long patienceMillis;
        private final AtomicInteger young;
        private Future<?> end;

        FirstRequest(ConnectionLimits limits, AtomicInteger young) {
            this.patienceMillis = limits.firstRequest().toMillis();
            this.young = young;
            // From here on: it is on its way to its own event loop.
            young.incrementAndGet();
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) {
            Runnable close = () -> HardClose.of(context);
            end = context.executor().schedule(close, patienceMillis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void handlerRemoved(ChannelHandlerContext context) {
            young.decrementAndGet();
            end.cancel(false);
        }
    }
}
