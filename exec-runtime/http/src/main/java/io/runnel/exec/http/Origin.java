package io.runnel.exec.http;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.SocketAddress;

/**
 * Where a call came into the network, as the guest is told.
 *
 * @param client the caller's IP address
 * @param host the name that the caller used
 * @param port the port that the caller used
 * @param scheme {@code http} or {@code https}
 */
public record Origin(String client, String host, int port, String scheme) {
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    /** Of a request that came from its caller directly. */
    public static Origin of(HttpServerRequest request) {
        String scheme = request.isSSL() ? "https" : "http";
        SocketAddress remote = request.remoteAddress();
        HostAndPort authority = request.authority();
        int defaultPort = request.isSSL() ? HTTPS : HTTP;
        return new Origin(
                remote.isInetSocket() ? remote.hostAddress() : "",
                authority == null || authority.host().isEmpty() ? "localhost" : authority.host(),
                authority == null || authority.port() < 0 ? defaultPort : authority.port(),
                scheme);
    }

    /** {@code host} or, where the port is not the scheme's own, {@code host:port}. */
    public String authority() {
        boolean usual = port == (scheme.equals("https") ? HTTPS : HTTP);
        return usual ? host : host + ":" + port;
    }
}
