package io.runnel.region.server;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.authority.OwnMeasurement;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.document.DocumentVerifier;
import io.runnel.attestation.gate.CallerDocuments;
import io.runnel.attestation.gate.CallerNonces;
import io.runnel.attestation.gate.OwnDocument;
import io.runnel.attestation.gate.PeerDocuments;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.tls.NodeTrust;
import io.runnel.attestation.tls.UserContexts;
import io.runnel.cluster.hazelcast.LinkSecurity;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.cluster.replication.InternalClient;
import io.runnel.cluster.replication.PeerDirectory;
import io.runnel.cluster.replication.PeerGate;
import io.runnel.cluster.replication.PeerTransport;
import io.runnel.cluster.replication.RevocationFollower;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.microvm.MicrovmRuntime;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.region.server.authority.AuditBrokenException;
import io.runnel.region.server.authority.AuditFollower;
import io.runnel.region.server.authority.RegionAuthority;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.edge.CallerGate;
import io.runnel.topology.RegionNode;
import io.runnel.topology.Topology;
import io.vertx.core.Vertx;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Who this node is, whom it believes, and its region's authority, which certifies it and POPs.
 * Without the authority's key it is nobody: users that believe anybody may call it, no other node
 * does. Safe for any thread.
 */
final class RegionIdentity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(RegionIdentity.class.getName());
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** So long before its end it is told that nobody has certified the authority anew. */
    private static final Duration SOON = Duration.ofDays(60);

    /** That are written down at once. */
    private static final int MOST_DENIALS = 4;

    private final RegionFacts facts;
    private final NodeIdentity identity;
    private final NodeTrust trust;
    private final PeerDirectory directory;
    private final PeerTransport transport;
    private final NodeFacts said;
    private final OwnDocument document;
    private final InternalClient client;
    private final Optional<RegionAuthority> authority;
    private final SecureRandom random;
    private final InstantSource clock;
    private final AtomicBoolean looking = new AtomicBoolean();
    private final Semaphore denials = new Semaphore(MOST_DENIALS);

    /** Told once of what goes on. */
    private volatile boolean failing;

    RegionIdentity(
            Vertx vertx,
            RegionFacts facts,
            NodeTrust trust,
            RegionStore store,
            SecureRandom random,
            InstantSource clock) {
        this.facts = facts;
        this.identity = new NodeIdentity(random);
        this.trust = trust;
        this.directory = new PeerDirectory(facts.topology(), facts.region().name().value());
        this.transport = new PeerTransport(vertx, identity, trust, directory, random, clock);
        Identity self =
                new Identity.RegionNode(
                        facts.topology().network(), facts.region().name(), facts.node().name());
        var measurement = new OwnMeasurement(facts.folder().own(), self, trust.ofNow(), clock);
        this.said = new NodeFacts(own(facts), clock.instant(), measurement);
        this.document = new OwnDocument(identity, self, said, clock);
        this.client = new InternalClient(transport::client).showing(document::jwt);
        this.authority = authority(facts, trust, store, random, clock);
        this.random = random;
        this.clock = clock;
    }

    /** Becomes somebody, and stays it; blocks until it is somebody, or has failed once. */
    void start(Vertx vertx, Executor disk) {
        look();
        vertx.setPeriodic(EVERY.toMillis(), tick -> disk.execute(this::look));
        transport.start();
        for (RegionId other : facts.others()) {
            // Any of its nodes knows.
            new RevocationFollower(
                            vertx,
                            client,
                            facts.peers(other),
                            trust.revocations(),
                            clock,
                            transport::look)
                    .start();
            authority.ifPresent(own -> witness(vertx, other, own, disk));
        }
    }

    private void witness(Vertx vertx, RegionId other, RegionAuthority own, Executor disk) {
        var who = new Identity.Authority(facts.topology().network(), other);
        new AuditFollower(vertx, client, who, facts.peers(other), own, disk).start();
    }

    private static Optional<RegionAuthority> authority(
            RegionFacts facts,
            NodeTrust trust,
            RegionStore store,
            SecureRandom random,
            InstantSource clock) {
        var folder = new AuthorityFolder(facts.folder().data());
        try {
            Optional<RegionAuthority> found =
                    folder.authority(facts.region().name(), random)
                            .map(
                                    key ->
                                            new RegionAuthority(
                                                    key,
                                                    facts.region().name(),
                                                    facts.topology(),
                                                    trust.ofNow(),
                                                    store,
                                                    random,
                                                    clock));
            if (found.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "{0} is not there: this node can prove to nobody who it is",
                        folder.regionKey(facts.region().name()));
            }
            return found;
        } catch (AttestationException | PemException e) {
            LOG.log(Level.WARNING, "this node can prove to nobody who it is", e);
            return Optional.empty();
        }
    }

    /** Who it can prove to be. */
    NodeIdentity identity() {
        return identity;
    }

    /** What was revoked, so far as it knows. */
    KnownRevocations revocations() {
        return trust.revocations();
    }

    /** What checks documents: by the root, and by what was revoked and is known of now. */
    DocumentVerifier documents() {
        return new DocumentVerifier(trust.revocations().over(trust));
    }

    /** How other nodes and this one connect. */
    PeerTransport transport() {
        return transport;
    }

    /** What secures its users' connections. */
    UserContexts users() {
        var who =
                new Identity.RegionNode(
                        facts.topology().network(), facts.region().name(), facts.node().name());
        return UserContexts.of(identity, who, clock.instant(), random);
    }

    /** How it is secured in its region's cluster. */
    LinkSecurity security() {
        return new LinkSecurity(identity, trust, facts.topology(), random, clock);
    }

    /** Who may come in to it from other nodes. */
    PeerGate gate() {
        return new PeerGate(transport, directory);
    }

    /** Its way to others' nodes. */
    InternalClient client() {
        return client;
    }

    /** What is signed of this node. */
    NodeFacts facts() {
        return said;
    }

    private static ObjectNode own(RegionFacts facts) {
        RegionNode node = facts.node();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put("role", "region")
                .put("region", facts.region().name().value())
                .put("zone", node.zone())
                .put("listen", node.listen().toString())
                .put("internal", node.internal().toString())
                .put("slots", node.slots())
                .put("memoryBytes", node.memory().bytes());
        ArrayNode runtimes = own.putArray("runtimes").add(RuntimeKind.WASM.label());
        if (MicrovmRuntime.isPossible()) {
            runtimes.add(RuntimeKind.LINUX.label());
        }
        return own;
    }

    /** What it shows other nodes, and knows of itself. */
    OwnDocument document() {
        return document;
    }

    /** What others must be for what they ask of it. */
    NodeGates gates(Supplier<Catalog> catalog) {
        return new NodeGates(
                facts.region().name(),
                facts.topology(),
                catalog,
                new PeerDocuments(new DocumentVerifier(trust.ofNow()), facts.topology().network()),
                clock);
    }

    /**
     * What it makes of what tasks ask of callers.
     *
     * @param workers where signatures are checked
     */
    CallerGate callers(Executor workers) {
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

    /**
     * Writes to the audit log that somebody was not given what it asked for, unless that is being
     * written of some already: who asks again and again keeps no database busy. Blocks.
     */
    void denied(Identity who, NodeGates.Denial denial) {
        if (!denials.tryAcquire()) {
            return;
        }
        try {
            authority.ifPresent(itself -> itself.denied(who, denial.text()));
        } catch (StoreException | AuditBrokenException e) {
            LOG.log(Level.WARNING, "what was denied is not written down", e);
        } finally {
            denials.release();
        }
    }

    /** The region's authority, if its key is here. */
    Optional<RegionAuthority> authority() {
        return authority;
    }

    /** What certifies POPs here; none without an authority. */
    CertificateHandler.Certifier certifier() {
        return new CertificateHandler.Certifier() {
            @Override
            public Optional<String> nonce(PopId pop) {
                return authority.map(itself -> itself.nonce(pop));
            }

            @Override
            public CertificateHandler.Answer certify(PopId pop, JoinRequest request, String by) {
                return authority
                        .map(itself -> itself.certify(pop, request, by))
                        .orElseGet(() -> CertificateHandler.Answer.refused("no authority is here"));
            }
        };
    }

    /**
     * Learns what the authority has revoked, and certifies a new key of this node if it is time or
     * the one that it has was.
     */
    private void look() {
        if (looking.compareAndSet(false, true)) {
            try {
                authority.ifPresent(this::look);
                loseWhatIsRevoked();
                document.look();
            } finally {
                looking.set(false);
            }
        }
    }

    private void loseWhatIsRevoked() {
        if (identity.certificate().filter(trust.revocations()::isRevoked).isPresent()) {
            LOG.log(Level.WARNING, "this node was revoked");
            identity.lose();
            transport.look();
        }
    }

    private void look(RegionAuthority itself) {
        try {
            itself.look();
            itself.heardOf(trust.revocations().number(itself.certificate()));
            boolean unused =
                    trust.revocations().learn(List.of(itself.revocationList()), clock.instant());
            if (identity.isDue(clock.instant())) {
                certifySelf(itself);
            }
            failing = false;
        } catch (StoreException | AuditBrokenException e) {
            if (!failing) {
                LOG.log(Level.WARNING, "this region's authority does nothing", e);
            }
            failing = true;
        }
    }

    /** With each certificate of its own: about once a day. */
    private void certifySelf(RegionAuthority itself) {
        Instant end = itself.certificate().getNotAfter().toInstant();
        if (clock.instant().isAfter(end.minus(SOON))) {
            LOG.log(
                    Level.WARNING,
                    "the authority of {0} ends at {1}: have the root certify it anew, before that",
                    facts.region().name(),
                    end);
        }
        KeyPair pair = KeyPairs.generate(random);
        itself.certify(facts.node().name(), pair.getPublic())
                .ifPresent(chain -> identity.become(new CertifiedKey(pair.getPrivate(), chain)));
    }

    @Override
    public void close() {
        client.close();
    }
}
