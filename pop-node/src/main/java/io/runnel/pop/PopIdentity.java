package io.runnel.pop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.NodeTrust;
import io.runnel.cluster.replication.Peer;
import io.runnel.cluster.replication.PeerDirectory;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.RevocationFollower;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.topology.Pop;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

/**
 * Who this POP is and whom it believes: a key of its own, certified by its region's authority, or a
 * failover region's while that is down, and another one before the certificate ends. Until then it
 * is nobody: it serves what it has, and no region hears it. Safe for any thread.
 */
final class PopIdentity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PopIdentity.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MILLIS = 2_000;

    /** What needs regions begins after that even so: it has its own patience with them. */
    private static final long LONGEST_WAIT_MILLIS = 2_000;

    /** Between questions in vain, at first; twice as long each time. */
    private static final long FIRST_PAUSE_MILLIS = 100;

    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    private final Vertx vertx;
    private final PopFacts facts;
    private final NodeIdentity identity;
    private final NodeTrust trust;
    private final PeerTransport transport;
    private final InternalClient client;
    private final RevocationFollower revocations;
    private final Executor workers;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Promise<Void> asked = Promise.promise();
    private volatile long pauseMillis = FIRST_PAUSE_MILLIS;
    private volatile boolean closed;

    PopIdentity(
            Vertx vertx,
            PopFacts facts,
            Executor workers,
            SecureRandom random,
            InstantSource clock) {
        this.vertx = vertx;
        this.facts = facts;
        this.identity = new NodeIdentity(random);
        this.trust = NodeTrust.of(new AuthorityFolder(facts.folder().data()));
        this.transport =
                new PeerTransport(
                        vertx,
                        identity,
                        trust,
                        new PeerDirectory(facts.topology(), facts.pop().name().value()),
                        random,
                        clock);
        this.client = new InternalClient(transport::client);
        this.revocations =
                new RevocationFollower(
                        vertx,
                        client,
                        facts.regions(),
                        trust.revocations(),
                        clock,
                        this::loseWhatIsRevoked);
        this.workers = workers;
        this.random = random;
        this.clock = clock;
    }

    /** How it connects to regions. */
    PeerTransport transport() {
        return transport;
    }

    /** Its way to regions' nodes. */
    InternalClient client() {
        return client;
    }

    /** Who it can prove to be. */
    NodeIdentity identity() {
        return identity;
    }

    /** What is signed of this POP. */
    NodeFacts facts() {
        Pop pop = facts.pop();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put("role", "pop")
                .put("region", pop.region().value())
                .put("listen", pop.listen().toString())
                .put("slots", pop.slots())
                .put("memoryBytes", pop.memory().bytes())
                .putArray("runtimes")
                .add(RuntimeKind.WASM.label());
        return new NodeFacts(own, clock.instant());
    }

    /**
     * Asks to be certified whenever it is time.
     *
     * @return done when it is, or all regions' nodes were asked once and none did, or that takes
     *     too long
     */
    Future<Void> start() {
        vertx.setTimer(LONGEST_WAIT_MILLIS, late -> asked.tryComplete());
        transport.start();
        revocations.start();
        look();
        return asked.future();
    }

    private void look() {
        if (trust.root().isEmpty()) {
            asked.tryComplete();
        } else if (identity.isDue(clock.instant())) {
            workers.execute(this::ask);
        } else {
            lookIn(LOOK_EVERY_MILLIS);
        }
    }

    private void lookIn(long millis) {
        if (!closed) {
            vertx.setTimer(millis, later -> look());
        }
    }

    private void loseWhatIsRevoked() {
        if (identity.certificate().filter(trust.revocations()::isRevoked).isPresent()) {
            LOG.log(Level.WARNING, "this POP was revoked");
            identity.lose();
        }
        transport.look();
    }

    private void ask() {
        KeyPair pair = KeyPairs.generate(random);
        byte[] request = CertificateRequest.of(pair);
        Future<Void> certified = Future.failedFuture("no region's node is known");
        for (Peer peer : facts.regions()) {
            certified = certified.recover(before -> ask(peer, pair, request));
        }
        certified
                .onFailure(cause -> LOG.log(Level.DEBUG, "no region certified this POP", cause))
                .onComplete(this::askedAll);
    }

    private void askedAll(AsyncResult<Void> certified) {
        asked.tryComplete();
        if (certified.succeeded()) {
            pauseMillis = FIRST_PAUSE_MILLIS;
            lookIn(LOOK_EVERY_MILLIS);
        } else {
            lookIn(pauseMillis);
            pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
        }
    }

    private Future<Void> ask(Peer peer, KeyPair pair, byte[] request) {
        return client.certify(peer, facts.pop().name(), request, facts.token(), PATIENCE)
                .compose(chain -> become(pair, chain));
    }

    /** Nobody's word is taken for it: the chain must lead to the root, for this very key. */
    private Future<Void> become(KeyPair pair, Buffer pem) {
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(pem.toString());
        } catch (PemException e) {
            return Future.failedFuture(e);
        }
        String network = trust.root().orElseThrow().network();
        Identity self = new Identity.Pop(network, facts.pop().name());
        boolean isOurs =
                trust.check(chain, clock.instant())
                                instanceof Verdict.Trusted<Identity>(Identity who)
                        && who.equals(self)
                        && chain.getFirst().getPublicKey().equals(pair.getPublic());
        if (!isOurs) {
            LOG.log(Level.WARNING, "a region certified this POP in a way that is not believed");
            return Future.failedFuture("not believed");
        }
        identity.become(new CertifiedKey(pair.getPrivate(), chain));
        return Future.succeededFuture();
    }

    @Override
    public void close() {
        closed = true;
        revocations.close();
        client.close();
    }
}
