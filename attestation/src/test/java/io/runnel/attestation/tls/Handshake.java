package io.runnel.attestation.tls;

import java.nio.ByteBuffer;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** A handshake of two ends in one thread, with nothing between them. */
final class Handshake {
    private static final int MOST_STEPS = 100;

    private final SSLEngine client;
    private final SSLEngine server;
    private final ByteBuffer toServer;
    private final ByteBuffer toClient;

    private Handshake(SSLEngine client, SSLEngine server) {
        this.client = client;
        this.server = server;
        this.toServer = ByteBuffer.allocate(64 * 1024);
        this.toClient = ByteBuffer.allocate(64 * 1024);
    }

    /**
     * One that was done, and after which each end has read what the other still had to say.
     *
     * @param suites the only ones that the client takes, if any are given
     * @throws SSLException if one end does not like the other
     */
    static Handshake of(
            SSLContext client, SSLContext server, String host, int port, String... suites)
            throws SSLException {
        SSLEngine calling = client.createSSLEngine(host, port);
        calling.setUseClientMode(true);
        if (suites.length > 0) {
            calling.setEnabledCipherSuites(suites);
        }
        SSLEngine called = server.createSSLEngine();
        called.setUseClientMode(false);
        called.setWantClientAuth(true);
        calling.beginHandshake();
        called.beginHandshake();
        Handshake handshake = new Handshake(calling, called);
        for (int i = 0; i < MOST_STEPS; i++) {
            handshake.step(calling, handshake.toClient, handshake.toServer);
            handshake.step(called, handshake.toServer, handshake.toClient);
            if (handshake.isDone()) {
                return handshake;
            }
        }
        throw new AssertionError("no end in sight");
    }

    private boolean isDone() {
        return client.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && server.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
                && toServer.position() == 0
                && toClient.position() == 0;
    }

    private void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        run(engine);
        if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
            SSLEngineResult unused = engine.wrap(ByteBuffer.allocate(0), out);
        } else if (in.position() > 0) {
            in.flip();
            SSLEngineResult unused = engine.unwrap(in, ByteBuffer.allocate(64 * 1024));
            in.compact();
        }
        run(engine);
    }

    private static void run(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask();
                task != null;
                task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    /** Whom the server saw; nobody is an empty chain. */
    List<X509Certificate> seenByServer() {
        return chain(server);
    }

    /** Whom the client saw. */
    List<X509Certificate> seenByClient() {
        return chain(client);
    }

    SSLSession serverSession() {
        return server.getSession();
    }

    SSLSession clientSession() {
        return client.getSession();
    }

    String protocol() {
        return server.getSession().getProtocol();
    }

    private static List<X509Certificate> chain(SSLEngine engine) {
        try {
            Certificate[] shown = engine.getSession().getPeerCertificates();
            return Stream.of(shown).map(X509Certificate.class::cast).toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }
}
