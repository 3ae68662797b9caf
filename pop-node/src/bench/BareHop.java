import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The floor of an answer and of a hop: Vert.x alone, no code of Runnel. {@code BareHop serve FILE}
 * gives every request the answer in a file, as {@code curl -si} writes it; {@code BareHop hop PORT}
 * takes HTTP/1.1 and asks that one over HTTP/2, one connection for each event loop; with {@code
 * secured} after the port over TLS, and believes whoever is there. Prints its port.
 */
public final class BareHop extends AbstractVerticle {
    private static final List<Map.Entry<String, String>> HEAD = new ArrayList<>();
    private static Buffer body;
    private static int far;
    private static boolean secured;
    private static int port;

    private HttpClient client;

    public static void main(String[] args) throws Exception {
        if (args[0].equals("hop")) {
            far = Integer.parseInt(args[1]);
            secured = args.length > 2;
        } else {
            read(Files.readString(Path.of(args[1])));
        }
        Vertx vertx = Vertx.vertx();
        var loops =
                new DeploymentOptions().setInstances(Runtime.getRuntime().availableProcessors());
        vertx.deployVerticle(BareHop::new, loops).toCompletionStage().toCompletableFuture().get();
        System.out.println(port);
    }

    /** All headers but the length, which Vert.x gives. */
    private static void read(String answer) {
        int end = answer.indexOf("\r\n\r\n");
        body = Buffer.buffer(answer.substring(end + 4));
        for (String line : answer.substring(0, end).split("\r\n")) {
            int colon = line.indexOf(": ");
            if (colon > 0 && !line.regionMatches(true, 0, "content-length", 0, colon)) {
                HEAD.add(Map.entry(line.substring(0, colon), line.substring(colon + 2)));
            }
        }
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
                        .setSsl(secured)
                        .setUseAlpn(secured)
                        .setTrustAll(true)
                        .setVerifyHost(false)
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
                        HEAD.forEach(h -> request.response().putHeader(h.getKey(), h.getValue()));
                        request.response().end(body);
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
