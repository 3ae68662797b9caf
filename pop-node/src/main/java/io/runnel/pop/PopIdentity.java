package io.runnel.pop;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.authority.OwnMeasurement;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerNonces;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Verdict;
import io.runnel.attestation.join.IdentityFile;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.cluster.hazelcast.LinkSecurity;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.PeerDirectory;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.RevocationFollower;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.routing.edge.CallerGate;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Who this POP is and whom it believes: a key of its own, kept on its disk and certified by its
 * region's authority, or a failover region's while that is down, and another one before the
 * certificate ends. Until then it is nobody: it serves what it has, and no region hears it. Safe
 * for any thread.
 */
final class PopIdentity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(PopIdentity.class.getName());
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
    private final IdentityFile file;
    private final NodeFacts said;
    private final OwnDocument document;
    private final PopEnrolment enrolment;
    private final Executor workers;
    private final SecureRandom random;
    private final InstantSource clock;
    private final Promise<Void> asked = Promise.promise();
    private volatile long pauseMillis = FIRST_PAUSE_MILLIS;
    private volatile boolean closed;

    /** Since when it is to be certified, at the latest. */
    private volatile long sinceNanos = System.nanoTime();

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
        Identity self = new Identity.Pop(facts.topology().network(), facts.pop().name());
        var measurement = new OwnMeasurement(facts.folder().own(), self, trust.ofNow(), clock);
        this.said = new NodeFacts(own(facts.pop()), clock.instant(), measurement);
        this.document = new OwnDocument(identity, self, said, clock);
        this.client = new InternalClient(transport::client).showing(document::jwt);
        this.revocations =
                new RevocationFollower(
                        vertx,
                        client,
                        facts.regions(),
                        trust.revocations(),
                        clock,
                        () -> workers.execute(this::loseWhatIsRevoked));
        this.file = new IdentityFile(facts.folder().own());
        this.enrolment =
                new PopEnrolment(facts, client, identity, file, said, workers, random, clock);
        this.workers = workers;
        this.random = random;
        this.clock = clock;
    }

    /** How it connects to regions. */
    PeerTransport transport() {
        return transport;
    }

    /** What it believes of others. */
    NodeTrust trust() {
        return trust;
    }

    /** How it is secured in its region's cluster. */
    LinkSecurity security() {
        return new LinkSecurity(identity, trust, facts.topology(), random, clock);
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
        return said;
    }

    /** What it shows regions, and knows of itself. */
    OwnDocument document() {
        return document;
    }

    /** What it makes of what regions show. */
    PeerDocuments documents() {
        return new PeerDocuments(new DocumentVerifier(trust.ofNow()), facts.topology().network());
    }

    /** What it makes of what tasks ask of callers. */
    CallerGate callers() {
        Topology topology = facts.topology();
        return new CallerGate(
                topology::requiredOfCallers,
                new CallerDocuments(
                        new DocumentVerifier(trust.ofNow()),
                        topology.network(),
                        new CallerNonces(random)),
                workers,
                clock);
    }

    private static ObjectNode own(Pop pop) {
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put("role", "pop")
                .put("region", pop.region().value())
                .put("listen", pop.listen().toString())
                .put("slots", pop.slots())
                .put("memoryBytes", pop.memory().bytes());
        ArrayNode runtimes = own.putArray("runtimes").add(RuntimeKind.WASM.label());
        if (MicrovmRuntime.isPossible()) {
            runtimes.add(RuntimeKind.LINUX.label());
        }
        return own;
    }

    /**
     * Is who it was before, and asks to be certified whenever it is time.
     *
     * @return done when it is somebody, or all regions' nodes were asked once and none certified
     *     it, or that takes too long
     */
    Future<Void> start() {
        vertx.setTimer(LONGEST_WAIT_MILLIS, late -> asked.tryComplete());
        transport.start();
        revocations.start();
        workers.execute(this::look);
        return asked.future();
    }

    private void lookIn(long millis) {
        if (!closed) {
            vertx.setTimer(millis, later -> workers.execute(this::look));
        }
    }

    private void look() {
        if (trust.root().isEmpty()) {
            asked.tryComplete();
            document.look();
            return;
        }
        if (identity.isDue(clock.instant())) {
            kept().ifPresent(this::become);
        }
        document.look();
        if (identity.isDue(clock.instant())) {
            enrolment
                    .ask()
                    .onSuccess(key -> workers.execute(() -> take(key)))
                    .onFailure(refused -> again());
        } else {
            sinceNanos = System.nanoTime();
            asked.tryComplete();
            lookIn(LOOK_EVERY_MILLIS);
        }
    }

    /** What this POP was certified with last, by whichever of its processes, if it is good. */
    private Optional<CertifiedKey> kept() {
        try {
            return file.read().filter(this::isOwn);
        } catch (PemException | AttestationException e) {
            LOG.log(Level.WARNING, "what this POP was before cannot be read", e);
            return Optional.empty();
        }
    }

    private boolean isOwn(CertifiedKey key) {
        String network = trust.root().orElseThrow().network();
        Identity self = new Identity.Pop(network, facts.pop().name());
        return trust.ofNow().check(key.chain(), clock.instant())
                        instanceof Verdict.Trusted<Identity>(Identity who)
                && who.equals(self);
    }

    private void become(CertifiedKey key) {
        Instant end = end(key.certificate());
        if (identity.certificate().filter(own -> !end(own).isBefore(end)).isEmpty()) {
            identity.become(key);
        }
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    /** Nobody's word is taken for it: the chain must lead to the root. */
    private void take(CertifiedKey key) {
        if (!isOwn(key)) {
            LOG.log(Level.WARNING, "a region certified this POP in a way that is not believed");
            again();
            return;
        }
        identity.become(key);
        LOG.log(
                Level.INFO,
                "certified until {0}, {1} ms after this POP began to ask",
                end(key.certificate()),
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - sinceNanos));
        document.look();
        enrolment.keep(key);
        pauseMillis = FIRST_PAUSE_MILLIS;
        asked.tryComplete();
        lookIn(LOOK_EVERY_MILLIS);
    }

    private void again() {
        asked.tryComplete();
        lookIn(pauseMillis);
        pauseMillis = Math.min(2 * pauseMillis, LONGEST_PAUSE_MILLIS);
    }

    private void loseWhatIsRevoked() {
        identity.key()
                .filter(key -> trust.revocations().isRevoked(key.certificate()))
                .ifPresent(this::lose);
        transport.look();
    }

    private void lose(CertifiedKey key) {
        LOG.log(Level.WARNING, "this POP was revoked");
        identity.lose();
        try {
            file.forget(key);
        } catch (PemException | AttestationException e) {
            LOG.log(Level.WARNING, "what this POP was before cannot be forgotten", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        revocations.close();
        client.close();
    }
}
