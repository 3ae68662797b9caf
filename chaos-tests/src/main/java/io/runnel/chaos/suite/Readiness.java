package io.runnel.chaos.suite;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;

/** Asks a node whether it is ready, as load balancers do. Safe for any thread. */
final class Readiness {
    private static final Duration MOST = Duration.ofSeconds(1);

    private final HttpClient client;

    /**
     * For nodes of one network.
     *
     * @param root the certificate of its root
     */
    Readiness(Path root) {
        this.client = PlainHttp.client(MOST, root);
    }

    /** Whether the node that listens there says so, within a second. */
    boolean isReady(URI node) {
        HttpRequest request =
                HttpRequest.newBuilder(node.resolve("/_runnel/ready")).timeout(MOST).build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted", e);
        }
    }
}
