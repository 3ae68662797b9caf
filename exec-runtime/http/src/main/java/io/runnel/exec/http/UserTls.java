package io.runnel.exec.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Secures a listener that users come to: TLS 1.3 and 1.2, HTTP/2 and HTTP/1.1 by ALPN. Users show
 * no certificates. Who speaks in clear text is told so, as far as HTTP/1.1 has words for it. Safe
 * for any thread.
 *
 * @param contexts a new context for each of the listener's servers; what it shows is asked for in
 *     each handshake
 */
public record UserTls(Supplier<SSLContext> contexts) implements Consumer<HttpServerOptions> {

    @Override
    public void accept(HttpServerOptions options) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setKeyCertOptions(new OwnKeys())
                .setClientAuth(ClientAuth.NONE)
                .setSslEngineOptions(new UserEngine(contexts));
    }

    /** What Vert.x wants to see of a server before it opens it; the engine's own keys are used. */
    private static final class OwnKeys implements KeyCertOptions {
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
}
