package io.runnel.exec.http;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.util.concurrent.Future;
import io.runnel.attestation.tls.UserContexts;
import io.vertx.core.net.SSLEngineOptions;
import io.vertx.core.spi.tls.SslContextFactory;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * Engines for a users' listener: Vert.x's options know only keys that stay, and have no place for
 * what is to stand between TLS and HTTP.
 */
final class UserEngine extends SSLEngineOptions {
    private final Supplier<SSLContext> contexts;

    UserEngine(Supplier<SSLContext> contexts) {
        this.contexts = contexts;
        // A signature takes as long as many calls, while it is not compiled yet: not on their loop.
        setUseWorkerThread(true);
    }

    @Override
    public UserEngine copy() {
        return new UserEngine(contexts);
    }

    @Override
    public SslContextFactory sslContextFactory() {
        return new Factory();
    }

    /** Puts what the connection needs behind TLS when its handshake is done. */
    private static final class Door extends SslHandler {
        private static final WriteBufferWaterMark NEVER_FULL =
                new WriteBufferWaterMark(Integer.MAX_VALUE - 1, Integer.MAX_VALUE);

        private static final long MOST_FOR_FAREWELL_MILLIS = 1_000;

        Door(SSLEngine engine, boolean startTls, Executor workers) {
            super(engine, startTls, workers);
            // Who reads nothing is closed on all the same: the farewell waits behind all the rest.
            setCloseNotifyFlushTimeoutMillis(MOST_FOR_FAREWELL_MILLIS);
        }

        @Override
        public void handlerAdded(ChannelHandlerContext context) throws Exception {
            // Before all others: what it puts there is to see the first bytes.
            handshakeFuture().addListener((Future<Channel> shown) -> ended(context, shown));
            super.handlerAdded(context);
        }

        private void ended(ChannelHandlerContext context, Future<Channel> shown) {
            if (shown.cause() instanceof NotSslRecordException) {
                ClearText.refuse(context);
            } else if (shown.isSuccess()
                    && ApplicationProtocolNames.HTTP_2.equals(applicationProtocol())) {
                context.pipeline().addAfter(context.name(), null, new FrameOrder());
                // What is encrypted reaches the socket in lumps. Where these make the channel full
                // and free again in the middle of a write, Vert.x loses count of whether a stream
                // may write, and it stands still. What waits for a slow reader is bounded by who
                // writes: they count what the socket has not taken.
                context.channel().config().setWriteBufferWaterMark(NEVER_FULL);
            }
        }
    }

    /** Makes such handlers. */
    private static final class Context extends JdkSslContext {
        Context(SSLContext context, List<String> protocols) {
            super(
                    context,
                    false,
                    UserContexts.CIPHERS,
                    SupportedCipherSuiteFilter.INSTANCE,
                    new ApplicationProtocolConfig(
                            Protocol.ALPN,
                            SelectorFailureBehavior.NO_ADVERTISE,
                            SelectedListenerFailureBehavior.ACCEPT,
                            protocols),
                    ClientAuth.NONE,
                    UserContexts.PROTOCOLS.toArray(String[]::new),
                    false);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator buffers, boolean startTls, Executor workers) {
            return new Door(newEngine(buffers), startTls, workers);
        }

        @Override
        protected SslHandler newHandler(
                ByteBufAllocator buffers,
                String host,
                int port,
                boolean startTls,
                Executor workers) {
            return new Door(newEngine(buffers, host, port), startTls, workers);
        }
    }

    /** Told by Vert.x which protocols there are. */
    private final class Factory implements SslContextFactory {
        private List<String> protocols = List.of();

        @Override
        public SslContextFactory applicationProtocols(List<String> offered) {
            protocols = List.copyOf(offered);
            return this;
        }

        @Override
        public SslContext create() {
            return new Context(contexts.get(), protocols);
        }
    }
}
