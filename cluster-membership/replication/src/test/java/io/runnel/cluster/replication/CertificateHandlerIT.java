package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.join.JoinProof;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.exec.task.PopId;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Who gets a certificate, and who is not looked at. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class CertificateHandlerIT {
    private final PeerNet net = new PeerNet();
    private final AtomicInteger asked = new AtomicInteger();
    private final KeyPair pair = KeyPairs.generate(net.random);
    private final byte[] request = request(pair);
    private final BlockingQueue<Runnable> work = new LinkedBlockingQueue<>();
    private final AtomicReference<Optional<String>> nonce =
            new AtomicReference<>(Optional.of("n-1"));
    private volatile boolean working = true;
    private HttpServer server;
    private HttpClient client;

    @BeforeEach
    void open() {
        var handler = new CertificateHandler(net.vertx, new Certifier(), this::execute);
        server = net.vertx.createHttpServer().requestHandler(handler);
        Await.get(server.listen(0, "127.0.0.1").toCompletionStage());
        client =
                net.vertx.createHttpClient(
                        new io.vertx.core.http.PoolOptions().setHttp1MaxSize(500));
    }

    private void execute(Runnable task) {
        if (working) {
            task.run();
        } else {
            work.add(task);
        }
    }

    private final class Certifier implements CertificateHandler.Certifier {
        @Override
        public Optional<String> nonce(PopId pop) {
            return nonce.get().map(text -> text + pop);
        }

        @Override
        public CertificateHandler.Answer certify(PopId pop, JoinRequest request, String by) {
            asked.incrementAndGet();
            assertEquals("127.0.0.1", by);
            assertEquals(new JoinProof.Token("t.t.t"), request.proof());
            return pop.value().equals("ams")
                    ? new CertificateHandler.Answer(
                            Optional.of(
                                    net.west.certify(
                                            PeerNet.AMS,
                                            request.request().key(),
                                            net.now,
                                            CertificateAuthority.NODE_LIFE)),
                            "")
                    : CertificateHandler.Answer.refused("the \"token\" has ended");
        }
    }

    @AfterEach
    void close() {
        net.close();
    }

    private static byte[] request(KeyPair pair) {
        return JoinRequest.of(
                pair, "n-1", JsonNodeFactory.instance.objectNode(), new JoinProof.Token("t.t.t"));
    }

    private String ask(String name, byte[] body) {
        return Await.get(begin(HttpMethod.POST, name, body));
    }

    private CompletionStage<String> begin(HttpMethod method, String name, byte[] body) {
        return client.request(
                        method, server.actualPort(), "127.0.0.1", CertificateHandler.PATH + name)
                .compose(
                        request ->
                                request.send(Buffer.buffer(body))
                                        .compose(
                                                head ->
                                                        head.body()
                                                                .map(
                                                                        text ->
                                                                                head.statusCode()
                                                                                        + " "
                                                                                        + text)))
                .toCompletionStage();
    }

    @Test
    void whatWasAskedForIsCertified() {
        String told = ask("ams", request);
        assertTrue(told.startsWith("200 "), told);
        List<X509Certificate> chain = Pem.certificates(told.substring("200 ".length()));
        assertEquals(pair.getPublic(), chain.getFirst().getPublicKey());
    }

    @Test
    void whoIsRefusedHearsWhy() {
        String told = ask("nowhere", request);
        assertTrue(told.startsWith("403 "), told);
        assertTrue(told.contains("\"detail\":\"the \\\"token\\\" has ended\""), told);
    }

    @Test
    void everybodyGetsANonce() {
        assertEquals("200 n-1ams", Await.get(begin(HttpMethod.GET, "ams", new byte[0])));
        nonce.set(Optional.empty());
        String none = Await.get(begin(HttpMethod.GET, "ams", new byte[0]));
        assertTrue(none.startsWith("403 "), none);
    }

    @Test
    void whatIsNoRequestIsRefused() {
        assertTrue(ask("no.name", request).startsWith("400 "));
        assertTrue(ask("ams", new byte[10]).startsWith("400 "));
        assertTrue(ask("ams", new byte[0]).startsWith("400 "));
        assertTrue(ask("ams", new byte[JoinRequest.MOST_BYTES + 1]).startsWith("413 "));
        assertEquals(0, asked.get());
    }

    @Test
    void onlySoManyAreLookedAtAndSoManyWait() throws InterruptedException {
        working = false;
        List<CompletionStage<String>> all = new ArrayList<>();
        AtomicInteger refused = new AtomicInteger();
        CompletableFuture<Void> someAreRefused = new CompletableFuture<>();
        for (int i = 0; i < 200; i++) {
            CompletionStage<String> one = begin(HttpMethod.POST, "ams", request);
            all.add(
                    one.whenComplete(
                            (told, failure) -> {
                                if (told != null
                                        && told.startsWith("503 ")
                                        && refused.incrementAndGet() == 64) {
                                    someAreRefused.complete(null);
                                }
                            }));
        }
        Await.get(someAreRefused);
        assertEquals(8, work.size());
        working = true;
        for (int i = 0; i < 8; i++) {
            work.take().run();
        }
        for (CompletionStage<String> one : all) {
            String told = Await.get(one);
            assertTrue(told.startsWith("200 ") || told.startsWith("503 "), told);
        }
        assertEquals(136, asked.get());
        assertEquals(64, refused.get());
    }
}
