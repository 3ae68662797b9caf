package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.audit.Revocations;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.identity.Identity;
import io.runnel.cluster.store.RegionStore;
import io.runnel.cluster.store.StoreException;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.region.server.authority.AuthorityLog.Decision;
import io.runnel.topology.Region;
import io.runnel.topology.Topology;

import java.math.BigInteger;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A region's authority. What it certifies, refuses or revokes stands in the region's audit log
 * before anybody hears of it; where that cannot be written nothing is certified. Blocks; safe for
 * any thread.
 */
public final class RegionAuthority {
    private static final String OWN = "this node";

    /** A list is signed anew though nothing was revoked: others rely on it for an hour. */
    private static final Duration LIST_AGE = Duration.ofMinutes(10);

    private final CertificateAuthority authority;
    private final RegionId region;
    private final Topology topology;
    private final InstantSource clock;
    private final AuthorityLog log;

    /** Guarded by the log, within whose decisions it is used. */
    private final Refusals refusals = new Refusals();

    /** The number of the newest list of this authority, whichever node signed it. */
    private final AtomicReference<BigInteger> newest = new AtomicReference<>(BigInteger.ZERO);

    /** The newest list; guarded by the log. */
    private Optional<Signed> signed = Optional.empty();

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
                known -> {
                    if (!isThere) {
                        return refusal.because("the topology has no such node");
                    }
                    if (known.revocations().isBarred(who)) {
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
                known ->
                        known.revocations().isBarred(who) == barred
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

    /**
     * Learns what the region's other nodes decided.
     *
     * @throws AuditBrokenException if the audit log is not what was written
     * @throws StoreException if it cannot be read
     */
    public void look() {
        log.look();
    }

    /**
     * What is revoked, so far as this node knows, signed: one list for all who ask, until more is
     * known or it grows old.
     */
    public RevocationList revocationList() {
        return log.known(this::list).list();
    }

    /**
     * A list of this authority is known that has this number: the next gets a higher one, whatever
     * the clock says.
     */
    public void heardOf(BigInteger number) {
        newest.accumulateAndGet(number, BigInteger::max);
    }

    /** What its lists are signed with. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    private record Signed(long entries, Instant since, RevocationList list) {}

    private Signed list(long entries, AuthorityLog.Known known) {
        Instant now = clock.instant();
        Optional<Signed> before = signed;
        if (before.isPresent()
                && before.get().entries() == entries
                && now.isBefore(before.get().since().plus(LIST_AGE))
                && !now.isBefore(before.get().since())) {
            return before.get();
        }
        Map<BigInteger, Instant> serials = new LinkedHashMap<>();
        for (Revocations.Revoked one : known.revocations().revoked(now)) {
            serials.put(one.serial(), one.since());
        }
        BigInteger number =
                newest.accumulateAndGet(
                        BigInteger.valueOf(now.toEpochMilli()),
                        (last, clocks) -> clocks.max(last.add(BigInteger.ONE)));
        Signed next =
                new Signed(
                        entries,
                        now,
                        new RevocationList(
                                certificate(), authority.revocationList(serials, number, now)));
        signed = Optional.of(next);
        return next;
    }

    /** Up to where it stands by another authority's log, so far as this node knows. */
    Optional<AuditFact.Head> witnessed(Identity.Authority other) {
        return log.known((entries, known) -> known.heads().of(other));
    }

    /** Writes down that another authority's log was sound up to here, if that is not known. */
    void witness(Identity.Authority other, AuditFact.Head head) {
        log.decide(
                known ->
                        known.heads().of(other).filter(h -> h.seq() >= head.seq()).isPresent()
                                ? Decision.unwritten(false)
                                : Decision.of(
                                        true,
                                        AuditFact.of(AuditEvent.WITNESSED, other, head, OWN, "")));
    }

    /**
     * Writes down that another authority's log is not any more what this one stands by; from then
     * on it stands by nothing of it.
     *
     * @param before what it stood by when that was found; if it does not any more, it is known
     * @return whether it was news
     */
    boolean contradict(Identity.Authority other, Optional<AuditFact.Head> before, String why) {
        return log.decide(
                known ->
                        before.isEmpty() || !known.heads().of(other).equals(before)
                                ? Decision.unwritten(false)
                                : Decision.of(
                                        true,
                                        AuditFact.of(
                                                AuditEvent.CONTRADICTED,
                                                other,
                                                before.get(),
                                                OWN,
                                                why)));
    }

    /** The entries of the audit log that follow, as they stand there. */
    public List<String> audit(long afterSeq, int limit) {
        return log.read(afterSeq, limit);
    }
}
