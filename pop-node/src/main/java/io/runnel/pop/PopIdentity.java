package io.runnel.pop;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateRequest;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.Peer;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.topology.Pop;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who this POP is: a key of its own, certified by its region's authority, or a failover region's
 * while that is down, and another one before the certificate ends. Until then it is nobody, and
 * serves all the same. Safe for any thread.
 */
final class PopIdentity {
    private static final Logger LOG = System.getLogger(PopIdentity.class.getName());
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOOK_EVERY_MILLIS = 2_000;

    private final PopFacts facts;
    private final InternalClient client;
    private final NodeIdentity identity;
    private final Optional<ChainVerifier> believed;
    private final Executor workers;
    private final SecureRandom random;
    private final InstantSource clock;
    private volatile Optional<Peer> certifiedBy = Optional.empty();
    private final AtomicBoolean asking = new AtomicBoolean();

    PopIdentity(
            PopFacts facts,
            InternalClient client,
            Executor workers,
            SecureRandom random,
            InstantSource clock) {
        this.facts = facts;
        this.client = client;
        this.identity = new NodeIdentity(random);
        this.believed = root(facts).map(ChainVerifier::new);
        this.workers = workers;
        this.random = random;
        this.clock = clock;
    }

    private static Optional<X509Certificate> root(PopFacts facts) {
        var folder = new AuthorityFolder(facts.folder().data());
        try {
            Optional<X509Certificate> found = folder.root();
            if (found.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "{0} is not there: this POP can prove to nobody who it is",
                        folder.rootCertificate());
            }
            return found;
        } catch (PemException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "this POP can prove to nobody who it is", e);
            return Optional.empty();
        }
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

    /** Asks to be certified whenever it is time. */
    void start(Vertx vertx) {
        vertx.setPeriodic(0, LOOK_EVERY_MILLIS, tick -> look());
    }

    private void look() {
        if (believed.isPresent() && asking.compareAndSet(false, true)) {
            if (identity.isDue(clock.instant())) {
                workers.execute(this::ask);
            } else {
                confirm();
            }
        }
    }

    /** Whether what was certified still counts. Nobody's silence takes it away. */
    private void confirm() {
        Optional<Peer> peer = certifiedBy;
        Optional<BigInteger> serial = identity.serial();
        if (peer.isEmpty() || serial.isEmpty()) {
            asking.set(false);
            return;
        }
        client.isRevoked(peer.get(), facts.pop().name(), serial.get(), PATIENCE)
                .onSuccess(this::confirmed)
                .onComplete(done -> asking.set(false));
    }

    private void confirmed(boolean revoked) {
        if (revoked) {
            LOG.log(Level.WARNING, "this POP was revoked");
            identity.lose();
        }
    }

    private void ask() {
        KeyPair pair = KeyPairs.generate(random);
        byte[] request = CertificateRequest.of(pair);
        Future<Void> asked = Future.failedFuture("no region's node is known");
        for (Peer peer : facts.regions()) {
            asked =
                    asked.recover(
                            before ->
                                    client.certify(peer, facts.pop().name(), request, PATIENCE)
                                            .compose(chain -> become(pair, chain, peer)));
        }
        asked.onFailure(cause -> LOG.log(Level.DEBUG, "no region certified this POP", cause))
                .onComplete(done -> asking.set(false));
    }

    /** Nobody's word is taken for it: the chain must lead to the root, for this very key. */
    private Future<Void> become(KeyPair pair, Buffer pem, Peer peer) {
        List<X509Certificate> chain;
        try {
            chain = Pem.certificates(pem.toString());
        } catch (PemException e) {
            return Future.failedFuture(e);
        }
        Identity self = new Identity.Pop(believed.orElseThrow().network(), facts.pop().name());
        boolean isOurs =
                believed.orElseThrow().check(chain, clock.instant())
                                instanceof Verdict.Trusted<Identity>(Identity who)
                        && who.equals(self)
                        && chain.getFirst().getPublicKey().equals(pair.getPublic());
        if (!isOurs) {
            LOG.log(Level.WARNING, "a region certified this POP in a way that is not believed");
            return Future.failedFuture("not believed");
        }
        certifiedBy = Optional.of(peer);
        identity.become(new CertifiedKey(pair.getPrivate(), chain));
        return Future.succeededFuture();
    }
}
