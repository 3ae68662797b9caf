import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

/**
 * The floor of a hop: Vert.x alone, no code of Runnel. {@code BareHop serve} answers like a region;
 * {@code BareHop hop PORT} takes HTTP/1.1 and asks that one over HTTP/2, one connection for each
 * event loop. Prints its port.
 */
public final class BareHop extends AbstractVerticle {
    private static int far;
    private static int port;

    private HttpClient client;

    public static void main(String[] args) throws Exception {
        far = args.length > 1 ? Integer.parseInt(args[1]) : 0;
        Vertx vertx = Vertx.vertx();
        var loops =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(BareHop::new, loops).toCompletionStage().toCompletableFuture().get();
        System.out.println(port);
    }

    @Override
    public void start(Promise<Void> started) {
        if (far == 0) {
            listen(started);
            return;
        }
        var settings = new Http2Settings().setPushEnabled(false);
        var options =
                new HttpClientOptions()
                        .setProtocolVersion(HttpVersion.HTTP_2)
                        .setHttp2ClearTextUpgrade(false)
                        .setInitialSettings(settings);
        client = vertx.createHttpClient(options, new PoolOptions().setHttp2MaxSize(1));
        listen(started);
    }

    private void listen(Promise<Void> started) {
        var options = new HttpServerOptions().setHttp2ClearTextEnabled(true);
        HttpServer server = vertx.createHttpServer(options);
        server.requestHandler(
                request -> {
                    if (far == 0) {
                        request.response()
                                .putHeader("content-type", "text/plain")
                                .putHeader("runnel-request-id", "0123456789abcdefghjkmnpqrs")
                                .putHeader("runnel-ran-at", "region/home/home-1")
                                .putHeader("runnel-task-version", "1")
                                .putHeader("runnel-start", "warm")
                                .putHeader("server-timing", "queue;dur=0.010, start;dur=0.001")
                                .end("Hello, world!\n");
                        return;
                    }
                    client.request(HttpMethod.GET, far, "127.0.0.1", request.uri())
                            .onSuccess(
                                    onward -> {
                                        request.headers()
                                                .forEach(
                                                        h -> {
                                                            if (!h.getKey()
                                                                    .equalsIgnoreCase("host")) {
                                                                onward.putHeader(
                                                                        h.getKey(), h.getValue());
                                                            }
                                                        });
                                        onward.response()
                                                .onSuccess(
                                                        answer -> {
                                                            request.response()
                                                                    .headers()
                                                                    .addAll(answer.headers());
                                                            answer.body()
                                                                    .onSuccess(
                                                                            request.response()
                                                                                    ::end);
                                                        });
                                        onward.end();
                                    });
                });
        server.listen(port, "127.0.0.1")
                .onFailure(started::fail)
                .onSuccess(
                        open -> {
                            port = open.actualPort();
                            started.complete();
                        });
    }
}
