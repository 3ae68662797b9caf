package io.runnel.cluster.replication;

import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Asks again and again what the authorities have revoked. Of nodes that know the same it asks one,
 * the next if that does not answer. The lists are signed: it does not matter who brings them. Safe
 * for any thread.
 */
public final class RevocationFollower implements AutoCloseable {
    /** How often it asks. */
    public static final Duration EVERY = Duration.ofSeconds(2);

    private static final Logger LOG = System.getLogger(RevocationFollower.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int MOST_BYTES = 8 << 20;

    private final Vertx vertx;
    private final InternalClient client;
    private final List<Peer> peers;
    private final KnownRevocations known;
    private final InstantSource clock;
    private final Runnable onNews;
    private final AtomicBoolean asking = new AtomicBoolean();
    private volatile long timer;

    /** What was heard last, which is seldom anything else. */
    private volatile Buffer heard = Buffer.buffer();

    /**
     * One that follows what these nodes know.
     *
     * @param peers the one to ask first, first
     * @param onNews what to do when more is known than before; on an event loop
     */
    public RevocationFollower(
            Vertx vertx,
            InternalClient client,
            List<Peer> peers,
            KnownRevocations known,
            InstantSource clock,
            Runnable onNews) {
        this.vertx = vertx;
        this.client = client;
        this.peers = List.copyOf(peers);
        this.known = known;
        this.clock = clock;
        this.onNews = onNews;
    }

    /** Begins to ask. */
    public void start() {
        timer = vertx.setPeriodic(0, EVERY.toMillis(), tick -> ask());
    }

    private void ask() {
        if (asking.compareAndSet(false, true)) {
            Future<Void> asked = Future.failedFuture("nobody to ask");
            for (Peer peer : peers) {
                asked = asked.recover(before -> ask(peer));
            }
            asked.onComplete(done -> asking.set(false));
        }
    }

    private Future<Void> ask(Peer peer) {
        return client.get(peer, RevocationHandler.PATH, MOST_BYTES, PATIENCE)
                .compose(text -> learn(peer, text));
    }

    private Future<Void> learn(Peer peer, Buffer text) {
        if (text.equals(heard)) {
            return Future.succeededFuture();
        }
        try {
            heard = text;
            if (known.learn(Pem.revocationLists(text.toString()), clock.instant())) {
                onNews.run();
            }
            return Future.succeededFuture();
        } catch (PemException e) {
            LOG.log(Level.WARNING, () -> "what %s says of revocations is none".formatted(peer), e);
            return Future.failedFuture(e);
        }
    }

    @Override
    public void close() {
        vertx.cancelTimer(timer);
    }
}
