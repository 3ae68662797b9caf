package io.runnel.exec.outbound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.runnel.exec.wasi.OutboundAnswer;
import io.runnel.exec.wasi.OutboundException;
import io.runnel.exec.wasi.OutboundException.Code;
import io.runnel.exec.wasi.OutboundRequest;
import io.runnel.exec.wasi.OutboundUrl;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Over TLS the name is what counts, though the connection is made to an address. */
class TlsIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static final String PASSWORD = "not a secret";

    @TempDir private Path folder;
    private final Vertx vertx = Vertx.vertx();
    private PfxOptions store;
    private HttpServer server;

    /** A server with a certificate of its own making for api.test. */
    @BeforeEach
    void start() throws Exception {
        Path file = folder.resolve("api.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-alias",
                                "api",
                                "-dname",
                                "CN=api.test",
                                "-ext",
                                "SAN=dns:api.test",
                                "-storetype",
                                "PKCS12",
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                PASSWORD)
                        .redirectErrorStream(true)
                        .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, keytool.waitFor(), said);
        store = new PfxOptions().setPath(file.toString()).setPassword(PASSWORD);
        server =
                vertx.createHttpServer(
                                new HttpServerOptions().setSsl(true).setKeyCertOptions(store))
                        .requestHandler(request -> request.response().end("over tls"))
                        .listen(0, "127.0.0.1")
                        .toCompletionStage()
                        .toCompletableFuture()
                        .get(20, TimeUnit.SECONDS);
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    private OutboundClient client(HttpClientOptions options) {
        return new OutboundClient(
                vertx,
                address -> true,
                host -> new InetAddress[] {Loopback.address("127.0.0.1")},
                options);
    }

    private OutboundRequest get(String host) {
        return new OutboundRequest(
                "GET",
                new OutboundUrl(true, host, server.actualPort(), "/"),
                List.of(),
                new byte[0]);
    }

    @Test
    void theCertificateMustBeOfTheName() throws Exception {
        try (OutboundClient client = client(new HttpClientOptions().setTrustOptions(store))) {
            try (OutboundAnswer answer = client.send(get("api.test"), WAIT)) {
                assertEquals(200, answer.status());
            }
            var e =
                    assertThrows(
                            OutboundException.class, () -> client.send(get("other.test"), WAIT));
            assertEquals(Code.UNREACHABLE, e.code());
            assertEquals(
                    "no connection: its certificate or its TLS is not accepted", e.getMessage());
        }
    }

    @Test
    void aCertificateThatNobodySignedIsNotAccepted() {
        try (OutboundClient client = client(new HttpClientOptions())) {
            var e = assertThrows(OutboundException.class, () -> client.send(get("api.test"), WAIT));
            assertEquals(Code.UNREACHABLE, e.code());
        }
    }
}
