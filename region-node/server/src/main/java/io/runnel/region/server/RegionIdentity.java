package io.runnel.region.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.certificate.KeyPairs;
import io.runnel.attestation.certificate.PemException;
import io.runnel.cluster.replication.CertificateHandler;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.region.server.authority.AuditBrokenException;
import io.runnel.region.server.authority.RegionAuthority;
import io.runnel.topology.RegionNode;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Who this node is, and its region's authority, which certifies it and POPs. Without the
 * authority's key it is nobody, and serves all the same. Safe for any thread.
 */
final class RegionIdentity implements CertificateHandler.Certifier {
    private static final Logger LOG = System.getLogger(RegionIdentity.class.getName());

    private final RegionFacts facts;
    private final NodeIdentity identity;
    private final Optional<RegionAuthority> authority;
    private final SecureRandom random;
    private final InstantSource clock;

    RegionIdentity(RegionFacts facts, RegionStore store, SecureRandom random, InstantSource clock) {
        this.facts = facts;
        this.identity = new NodeIdentity(random);
        this.authority = authority(facts, store, random, clock);
        this.random = random;
        this.clock = clock;
    }

    private static Optional<RegionAuthority> authority(
            RegionFacts facts, RegionStore store, SecureRandom random, InstantSource clock) {
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
                                                    store,
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

    /** What is signed of this node. */
    NodeFacts facts() {
        RegionNode node = facts.node();
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        own.put("role", "region")
                .put("region", facts.region().name().value())
                .put("zone", node.zone())
                .put("listen", node.listen().toString())
                .put("internal", node.internal().toString())
                .put("slots", node.slots())
                .put("memoryBytes", node.memory().bytes())
                .putArray("runtimes")
                .add(RuntimeKind.WASM.label());
        return new NodeFacts(own, clock.instant());
    }

    /** The region's authority, if its key is here. */
    Optional<RegionAuthority> authority() {
        return authority;
    }

    @Override
    public Optional<List<X509Certificate>> certify(PopId pop, PublicKey key, String by) {
        return authority.flatMap(itself -> itself.certify(pop, key, by));
    }

    @Override
    public boolean isRevoked(BigInteger serial) {
        return authority.filter(itself -> itself.isRevoked(serial)).isPresent();
    }

    /** Certifies a new key of this node, if it is time or the one that it has was revoked. */
    void look() {
        authority.ifPresent(this::look);
    }

    private void look(RegionAuthority itself) {
        try {
            if (identity.serial().filter(itself::isRevoked).isPresent()) {
                identity.lose();
            }
            if (identity.isDue(clock.instant())) {
                KeyPair pair = KeyPairs.generate(random);
                itself.certify(facts.node().name(), pair.getPublic())
                        .ifPresent(
                                chain ->
                                        identity.become(
                                                new CertifiedKey(pair.getPrivate(), chain)));
            }
        } catch (StoreException | AuditBrokenException e) {
            LOG.log(Level.WARNING, "this node is not certified", e);
        }
    }
}
