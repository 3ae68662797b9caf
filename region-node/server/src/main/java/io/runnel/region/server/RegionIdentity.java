package io.runnel.region.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.AttestationException;
import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.authority.NodeFacts;
import io.runnel.attestation.authority.NodeIdentity;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RuntimeKind;
import io.runnel.topology.RegionNode;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
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
final class RegionIdentity {
    private static final Logger LOG = System.getLogger(RegionIdentity.class.getName());

    private final RegionFacts facts;
    private final NodeIdentity identity;
    private final Optional<CertificateAuthority> authority;
    private final InstantSource clock;

    RegionIdentity(RegionFacts facts, SecureRandom random, InstantSource clock) {
        this.facts = facts;
        this.identity = new NodeIdentity(random);
        this.authority = authority(facts, random);
        this.clock = clock;
        renew();
    }

    private static Optional<CertificateAuthority> authority(
            RegionFacts facts, SecureRandom random) {
        var folder = new AuthorityFolder(facts.folder().data());
        try {
            Optional<CertificateAuthority> found = folder.authority(facts.region().name(), random);
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

    /** Certifies a new key of this node, if it is time. */
    void renew() {
        if (identity.isDue(clock.instant())) {
            authority.ifPresent(
                    a ->
                            identity.become(
                                    a.create(
                                            new Identity.RegionNode(
                                                    a.identity().network(),
                                                    facts.region().name(),
                                                    facts.node().name()),
                                            clock.instant(),
                                            CertificateAuthority.NODE_LIFE)));
        }
    }

    /** Certifies the key of one of the topology's POPs. */
    Optional<List<X509Certificate>> certify(PopId pop, PublicKey key) {
        return authority
                .filter(a -> facts.topology().pop(pop).isPresent())
                .map(
                        a ->
                                a.certify(
                                        new Identity.Pop(a.identity().network(), pop),
                                        key,
                                        clock.instant(),
                                        CertificateAuthority.NODE_LIFE));
    }
}
