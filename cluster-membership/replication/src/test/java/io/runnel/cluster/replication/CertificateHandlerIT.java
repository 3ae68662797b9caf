package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.exec.task.PopId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Who gets a certificate, and who does not get to ask. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CertificateHandlerIT {
    @TempDir Path folder;
    private final PeerNet net = new PeerNet();
    private final AtomicInteger asked = new AtomicInteger();
    private NetworkToken token;
    private HttpServer server;

    @BeforeEach
    void open() {
        token = NetworkToken.readOrCreate(folder.resolve("network.token"), net.random);
        var handler = new CertificateHandler(net.vertx, token, this::certify, Runnable::run);
        server = net.vertx.createHttpServer().requestHandler(handler);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
    }

    private Optional<List<X509Certificate>> certify(PopId pop, PublicKey key, String by) {
        asked.incrementAndGet();
        assertEquals("127.0.0.1", by);
        return pop.value().equals("ams")
                ? Optional.of(
                        net.west.certify(PeerNet.AMS, key, net.now, CertificateAuthority.NODE_LIFE))
                : Optional.empty();
    }

    @AfterEach
    void close() {
        net.close();
    }

    private String ask(String name, byte[] body, String... tokens) {
        // A connection of its own: a node hangs up on strangers.
        HttpClient client = net.vertx.createHttpClient();
        return Await.get(
                client.request(
                                HttpMethod.POST,
                                server.actualPort(),
                                "127.0.0.1",
                                CertificateHandler.PATH + name)
                        .compose(
                                request -> {
                                    List.of(tokens)
                                            .forEach(
                                                    one ->
                                                            request.headers()
                                                                    .add(
                                                                            CertificateHandler
                                                                                    .TOKEN,
                                                                            one));
                                    return request.send(Buffer.buffer(body));
                                })
                        .compose(
                                response ->
                                        response.body()
                                                .map(text -> response.statusCode() + " " + text))
                        .eventually(client::close)
                        .toCompletionStage());
    }

    @Test
    void whoShowsTheTokenGetsItsOwnKeyCertified() {
        KeyPair pair = KeyPairs.generate(net.random);
        String told = ask("ams", CertificateRequest.of(pair), token.text());
        assertTrue(told.startsWith("200 "), told);
        List<X509Certificate> chain = Pem.certificates(told.substring("200 ".length()));
        assertEquals(pair.getPublic(), chain.getFirst().getPublicKey());
    }

    @Test
    void whoDoesNotShowItOnceIsNotHeard() {
        byte[] request = CertificateRequest.of(KeyPairs.generate(net.random));
        assertTrue(ask("ams", request).startsWith("401 "));
        assertTrue(ask("ams", request, "").startsWith("401 "));
        assertTrue(ask("ams", request, token.text() + "x").startsWith("401 "));
        assertTrue(ask("ams", request, token.text(), token.text()).startsWith("401 "));
        assertTrue(ask("no.name", request, "wrong").startsWith("401 "), "whatever it asks for");
        assertEquals(0, asked.get());
    }

    @Test
    void whatIsNoRequestIsRefused() {
        byte[] request = CertificateRequest.of(KeyPairs.generate(net.random));
        assertTrue(ask("no.name", request, token.text()).startsWith("400 "));
        assertTrue(ask("ams", new byte[10], token.text()).startsWith("400 "));
        byte[] large = new byte[CertificateHandler.MOST_BYTES + 1];
        assertTrue(ask("ams", large, token.text()).startsWith("413 "));
        assertEquals(0, asked.get());
        assertTrue(ask("nowhere", request, token.text()).startsWith("404 "));
    }
}
