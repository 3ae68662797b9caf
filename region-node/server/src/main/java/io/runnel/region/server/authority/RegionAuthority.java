package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.audit.Revocations;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.Pem;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.store.RegionStore;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.authority.AuthorityLog.Decision;
import io.runnel.topology.Region;
import io.runnel.topology.Topology;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A region's authority. What it certifies, refuses or revokes stands in the region's audit log
 * before anybody hears of it; where that cannot be written nothing is certified. Blocks; safe for
 * any thread.
 */
public final class RegionAuthority {
    private static final String OWN = "this node";

    private final CertificateAuthority authority;
    private final RegionId region;
    private final Topology topology;
    private final InstantSource clock;
    private final AuthorityLog log;

    /** Guarded by the log, within whose decisions it is used. */
    private final Refusals refusals = new Refusals();

    /**
     * The authority that has this key.
     *
     * @param topology says which nodes there are
     * @param store where the audit log is
     */
    public RegionAuthority(
            CertificateAuthority authority,
            RegionId region,
            Topology topology,
            RegionStore store,
            InstantSource clock) {
        this.authority = authority;
        this.region = region;
        this.topology = topology;
        this.clock = clock;
        this.log =
                new AuthorityLog(
                        new Identity.Authority(authority.identity().network(), region),
                        store,
                        clock);
    }

    /** Who it is. */
    public Identity identity() {
        return authority.identity();
    }

    /** Certifies a key of one of the region's nodes, which is this one. */
    public Optional<List<X509Certificate>> certify(NodeName node, PublicKey key) {
        return certify(regionNode(node), true, key, OWN);
    }

    /**
     * Certifies a POP's key.
     *
     * @param key whose other half the POP was seen to have
     * @param by from where it asked
     * @return the chain; empty if there is no such POP, or it was revoked
     */
    public Optional<List<X509Certificate>> certify(PopId pop, PublicKey key, String by) {
        return certify(pop(pop), topology.pop(pop).isPresent(), key, by);
    }

    private Optional<List<X509Certificate>> certify(
            Identity who, boolean isThere, PublicKey key, String by) {
        Refusal refusal = new Refusal(who, by);
        return log.decide(
                revocations -> {
                    if (!isThere) {
                        return refusal.because("the topology has no such node");
                    }
                    if (revocations.isBarred(who)) {
                        return refusal.because("it was revoked and not readmitted");
                    }
                    List<X509Certificate> chain =
                            authority.certify(
                                    who, key, clock.instant(), CertificateAuthority.NODE_LIFE);
                    return Decision.of(
                            Optional.of(chain), AuditFact.certified(who, chain.getFirst(), by));
                });
    }

    /** One request that is refused: counted once, however often that is decided anew. */
    private final class Refusal {
        private final Identity who;
        private final String by;
        private final Map<String, Optional<String>> told = new HashMap<>();

        Refusal(Identity who, String by) {
            this.who = who;
            this.by = by;
        }

        Decision<Optional<List<X509Certificate>>> because(String why) {
            Optional<String> words =
                    told.computeIfAbsent(
                            why,
                            once -> refusals.told(who.uri() + " " + why, why, clock.instant()));
            return new Decision<>(
                    Optional.empty(),
                    words.stream()
                            .map(text -> AuditFact.of(AuditEvent.REFUSED, who, by, text))
                            .toList());
        }
    }

    /** Whether a certificate that this authority made for a POP is worth nothing any more. */
    public boolean isRevoked(BigInteger serial) {
        return log.decide(
                revocations ->
                        Decision.unwritten(
                                revocations.revoked(clock.instant()).stream()
                                        .anyMatch(one -> one.serial().equals(serial))));
    }

    /**
     * Revokes all that was certified of a node; nothing more is, until it is readmitted.
     *
     * @param by who wants it
     * @param why in words
     * @return whether it was not revoked already; empty if this authority certifies no such node
     */
    public Optional<Boolean> revoke(NodeName node, String by, String why) {
        return subject(node).map(who -> change(who, true, AuditEvent.REVOKED, by, why));
    }

    /**
     * Lets a node be certified again; what was revoked stays so.
     *
     * @return whether it was revoked; empty as for {@link #revoke}
     */
    public Optional<Boolean> readmit(NodeName node, String by, String why) {
        return subject(node).map(who -> change(who, false, AuditEvent.READMITTED, by, why));
    }

    private boolean change(Identity who, boolean barred, AuditEvent event, String by, String why) {
        return log.decide(
                revocations ->
                        revocations.isBarred(who) == barred
                                ? Decision.unwritten(false)
                                : Decision.of(true, AuditFact.of(event, who, by, why)));
    }

    private Optional<Identity> subject(NodeName node) {
        boolean isOwn =
                topology.regionOf(node).map(Region::name).filter(region::equals).isPresent();
        if (topology.regionNode(node).isPresent()) {
            return isOwn ? Optional.of(regionNode(node)) : Optional.empty();
        }
        return topology.pop(new PopId(node.value())).map(pop -> pop(pop.name()));
    }

    private Identity regionNode(NodeName node) {
        return new Identity.RegionNode(authority.identity().network(), region, node);
    }

    private Identity pop(PopId pop) {
        return new Identity.Pop(authority.identity().network(), pop);
    }

    /** What is revoked now, signed, as PEM. */
    public String revocationList() {
        return log.decide(
                revocations -> {
                    Instant now = clock.instant();
                    Map<BigInteger, Instant> serials = new LinkedHashMap<>();
                    for (Revocations.Revoked one : revocations.revoked(now)) {
                        serials.put(one.serial(), one.since());
                    }
                    return Decision.unwritten(
                            Pem.of(authority.revocationList(serials, number(now), now)));
                });
    }

    /** Rises from list to list. */
    private static long number(Instant now) {
        return now.toEpochMilli();
    }

    /** The entries of the audit log that follow, as they stand there. */
    public List<String> audit(long afterSeq, int limit) {
        return log.read(afterSeq, limit);
    }
}
