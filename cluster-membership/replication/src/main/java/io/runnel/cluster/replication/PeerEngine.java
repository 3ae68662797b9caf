package io.runnel.cluster.replication;

import io.netty.channel.Channel;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.DelegatingSslContext;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.Future;
import io.runnel.attestation.tls.PeerContexts;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;

import java.util.List;
import java.util.function.Function;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLEngine;

/**
 * Engines of a node's own for Vert.x, whose options know only keys and trust that stay, and
 * sessions that are resumed.
 */
final class PeerEngine extends SSLEngineOptions {
    private static final WriteBufferWaterMark BEYOND_ALL_WINDOWS =
            new WriteBufferWaterMark(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);

    private final PeerContexts contexts;
    private final PeerConnections connections;

    PeerEngine(PeerContexts contexts, PeerConnections connections) {
        this.contexts = contexts;
        this.connections = connections;
        // A signature takes as long as many calls, while it is not compiled yet: not on their loop.
        setUseWorkerThread(true);
    }

    @Override
    public PeerEngine copy() {
        return new PeerEngine(contexts, connections);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new Factory();
    }

    /** What Vert.x wants to see of a server before it opens it; the engine's own keys are used. */
    static final class OwnKeys implements KeyCertOptions {
        @Override
        public KeyCertOptions copy() {
            return this;
        }

        @Override
        public KeyManagerFactory getKeyManagerFactory(Vertx vertx) {
            return null;
        }

        @Override
        public Function<String, KeyManagerFactory> keyManagerFactoryMapper(Vertx vertx) {
            return serverName -> null;
        }
    }

    /** Tells of each connection whose ends have shown who they are. */
    private final class Watched extends DelegatingSslContext {
        Watched(SslContext context) {
            super(context);
        }

        @Override
        protected void initEngine(SSLEngine engine) {}

        @Override
        protected void initHandler(SslHandler handler) {
            handler.handshakeFuture()
                    .addListener(
                            (Future<Channel> shown) -> {
                                if (shown.isSuccess()) {
                                    widen(shown.getNow(), handler);
                                    connections.opened(
                                            shown.getNow(), handler.engine().getSession());
                                }
                            });
        }

        /**
         * What is encrypted reaches the socket in lumps. Where these make the channel full and free
         * again in the middle of a write, Vert.x loses count of whether a stream of HTTP/2 may
         * write, and it stands still. What waits is bounded by the windows of the streams.
         */
        private static void widen(Channel channel, SslHandler handler) {
            if (ApplicationProtocolNames.HTTP_2.equals(handler.applicationProtocol())) {
                channel.config().setWriteBufferWaterMark(BEYOND_ALL_WINDOWS);
            }
        }
    }

    /** Told by Vert.x what the connection is for. */
    private final class Factory implements SslContextFactory {
        private boolean client;
        private boolean alpn;
        private ClientAuth clientAuth = ClientAuth.OPTIONAL;
        private List<String> protocols = List.of();

        @Override
        public SslContextFactory forClient(boolean yes) {
            client = yes;
            return this;
        }

        @Override
        public SslContextFactory useAlpn(boolean yes) {
            alpn = yes;
            return this;
        }

        @Override
        public SslContextFactory clientAuth(ClientAuth auth) {
            clientAuth = auth;
            return this;
        }

        @Override
        public SslContextFactory applicationProtocols(List<String> offered) {
            protocols = List.copyOf(offered);
            return this;
        }

        @Override
        public SslContext create() {
            return new Watched(
                    new JdkSslContext(
                            contexts.create(),
                            client,
                            null,
                            SupportedCipherSuiteFilter.INSTANCE,
                            negotiation(),
                            clientAuth,
                            new String[] {PeerContexts.PROTOCOL},
                            false));
        }

        private ApplicationProtocolConfig negotiation() {
            return alpn && !protocols.isEmpty()
                    ? new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            protocols)
                    : ApplicationProtocolConfig.DISABLED;
        }
    }
}
