package io.runnel.region.cli.supervisor;

import io.runnel.topology.Address;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Asks nodes whether they are ready. Safe for any thread. */
final class ReadinessProbe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int OK = 200;

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .build();

    /** Whether the node at this address says that it is ready; never fails. */
    CompletableFuture<Boolean> isReady(Address listen) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + listen + "/_runnel/ready"))
                        .timeout(PATIENCE)
                        .build();
        return http.sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .handle((status, failure) -> failure == null && status == OK);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
