package io.runnel.chaos.suite;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;

import javax.net.ssl.SSLContext;

/** Clients of HTTP/1.1: each call has a connection of its own, and breaks alone. */
final class PlainHttp {
    private PlainHttp() {}

    /** One that gives up a connection which does not come about within this time. */
    static HttpClient client(Duration toConnect) {
        return builder(toConnect).build();
    }

    /**
     * The same for those who speak TLS.
     *
     * @param root the certificate of the root by which they are believed
     */
    static HttpClient client(Duration toConnect, Path root) {
        return client(toConnect, RootTrust.context(root));
    }

    /** The same for those who show and believe this. */
    static HttpClient client(Duration toConnect, SSLContext security) {
        return builder(toConnect).sslContext(security).build();
    }

    private static HttpClient.Builder builder(Duration toConnect) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(toConnect);
    }
}
