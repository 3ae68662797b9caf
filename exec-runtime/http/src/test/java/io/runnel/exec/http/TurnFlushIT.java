package io.runnel.exec.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.impl.HttpServerConnection;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Where Vert.x leaves the handler that gathers flushes. */
class TurnFlushIT {
    private final BlockingQueue<Channel> clientChannels = new LinkedBlockingQueue<>();
    private final BlockingQueue<Channel> serverChannels = new LinkedBlockingQueue<>();
    private final Vertx vertx =
            NodeVertx.create(new VertxOptions(), ConnectionLimits.DEFAULT, clientChannels::add);

    /** Held: Vert.x itself closes the connections of a client that nobody holds. */
    private final List<HttpClient> clients = new ArrayList<>();

    private int port;

    @BeforeEach
    void start() throws Exception {
        var server = vertx.createHttpServer();
        server.connectionHandler(
                connection -> {
                    TurnFlush.on(connection);
                    HttpServerConnection internal = (HttpServerConnection) connection;
                    serverChannels.add(internal.channelHandlerContext().channel());
                });
        server.requestHandler(request -> request.response().end("here"));
        port = EdgeFixture.await(server.listen(0, "127.0.0.1")).actualPort();
    }

    @AfterEach
    void stop() throws Exception {
        EdgeFixture.await(vertx.close());
    }

    private void call(HttpVersion version) throws Exception {
        HttpClient client =
                vertx.createHttpClient(
                        new HttpClientOptions()
                                .setProtocolVersion(version)
                                .setHttp2ClearTextUpgrade(false));
        clients.add(client);
        String body =
                EdgeFixture.await(
                        client.request(HttpMethod.GET, port, "127.0.0.1", "/")
                                .compose(
                                        request ->
                                                request.send().compose(response -> response.body()))
                                .map(Object::toString));
        assertEquals("here", body);
    }

    private static Channel next(BlockingQueue<Channel> channels) throws InterruptedException {
        Channel channel = channels.poll(20, TimeUnit.SECONDS);
        assertTrue(channel != null, "no connection");
        return channel;
    }

    @Test
    void bothEndsOfHttp2FlushByTurns() throws Exception {
        call(HttpVersion.HTTP_2);
        assertInstanceOf(FlushConsolidationHandler.class, next(clientChannels).pipeline().first());
        assertInstanceOf(FlushConsolidationHandler.class, next(serverChannels).pipeline().first());
    }

    @Test
    void http1IsLeftAlone() throws Exception {
        call(HttpVersion.HTTP_1_1);
        for (Channel channel : new Channel[] {next(clientChannels), next(serverChannels)}) {
            var names = channel.pipeline().names();
            assertTrue(
                    channel.pipeline().get(FlushConsolidationHandler.class) == null,
                    names::toString);
        }
    }
}
