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

    /** What a node says that is up and wants no calls, for an operator drained it. */
    private static final String DRAINING = "draining";

    private final HttpClient http =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(PATIENCE)
                    .sslContext(Anybody.context())
                    .build();

    /**
     * Whether the node at this users' address says that it is up; never fails.
     *
     * @param secured whether TLS is spoken there
     */
    CompletableFuture<Boolean> isReady(Address listen, boolean secured) {
        String scheme = secured ? "https" : "http";
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(scheme + "://" + listen + "/_runnel/ready"))
                        .timeout(PATIENCE)
                        .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .handle((answer, failure) -> failure == null && isUp(answer));
    }

    /**
     * Whether this process speaks for the node whose operators come to this address; never fails.
     *
     * @param token what operators show
     */
    CompletableFuture<Boolean> isProcess(Address admin, long pid, String token) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + admin + "/v1/drain"))
                        .timeout(PATIENCE)
                        .header("Authorization", "Bearer " + token)
                        .build();
        return http.sendAsync(request, BodyHandlers.ofString())
                .handle(
                        (answer, failure) ->
                                failure == null
                                        && answer.statusCode() == OK
                                        && SupervisorMessages.parse(answer.body())
                                                        .path("pid")
                                                        .asLong()
                                                == pid);
    }

    private static boolean isUp(HttpResponse<String> answer) {
        return answer.statusCode() == OK || answer.body().strip().equals(DRAINING);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
