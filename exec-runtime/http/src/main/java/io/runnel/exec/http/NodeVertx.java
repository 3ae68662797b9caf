package io.runnel.exec.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.transport.Transport;

import java.net.StandardSocketOptions;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Makes a node's Vert.x, whose servers guard themselves from connections that send nothing: Vert.x
 * tells nobody of a connection before its first request. Its HTTP/2 connections send what a turn of
 * the event loop wrote at once, and what its clients were sent before a connection ended is not
 * lost.
 */
public final class NodeVertx {
    private NodeVertx() {}

    /** A new Vert.x; the caller closes it. */
    public static Vertx create(VertxOptions options, ConnectionLimits limits) {
        return create(options, limits, made -> {});
    }

    /** The same; its clients' new channels are shown to {@code watch}, on any thread. */
    static Vertx create(VertxOptions options, ConnectionLimits limits, Consumer<Channel> watch) {
        return Vertx.builder()
                .with(options)
                .withTransport(new Guarded(new ConnectionGuard(limits), watch))
                .build();
    }

    /** What stands before the servers of this Vert.x; empty if it was not made here. */
    static Optional<ConnectionGuard> guardOf(Vertx vertx) {
        return vertx instanceof VertxInternal made && made.transport() instanceof Guarded guarded
                ? Optional.of(guarded.guard)
                : Optional.empty();
    }

    /** Java's own sockets, each server with the guard before it. */
    private static final class Guarded extends NioTransport implements Transport {
        private final ConnectionGuard guard;
        private final Consumer<Channel> watch;

        Guarded(ConnectionGuard guard, Consumer<Channel> watch) {
            this.guard = guard;
            this.watch = watch;
        }

        @Override
        public void configure(
                NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {
            super.configure(options, domainSocket, bootstrap);
            if (options.isReusePort()) {
                bootstrap.option(NioChannelOption.of(StandardSocketOptions.SO_REUSEPORT), true);
            }
            bootstrap.handler(guard);
        }

        /** Of servers. */
        @Override
        public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
            return domainSocket ? super.serverChannelFactory(true) : LastingServerChannel::new;
        }

        /** Of clients. */
        @Override
        public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
            ChannelFactory<? extends Channel> plain = super.channelFactory(domainSocket);
            return () -> {
                Channel made = ClientChannel.on(plain.newChannel());
                watch.accept(made);
                return made;
            };
        }

        @Override
        public String name() {
            return "nio";
        }

        @Override
        public boolean available() {
            return true;
        }

        @Override
        public Throwable unavailabilityCause() {
            return null;
        }

        @Override
        public io.vertx.core.spi.transport.Transport implementation() {
            return this;
        }
    }
}
