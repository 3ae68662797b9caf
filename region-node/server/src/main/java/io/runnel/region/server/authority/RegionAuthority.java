package io.runnel.region.server.authority;

import io.runnel.attestation.audit.AuditEvent;
import io.runnel.attestation.audit.AuditFact;
import io.runnel.attestation.certificate.CertificateAuthority;
import io.runnel.attestation.certificate.HostNames;
import io.runnel.attestation.certificate.RevocationList;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.join.JoinRequest;
import io.runnel.attestation.join.JoinToken;
import io.runnel.cluster.replication.CertificateHandler.Answer;
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
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
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
    private static final String BARRED = "it was revoked and not readmitted";
    private static final String CLONED =
            "its key is in two places: what was certified of it was shown for two other keys";

    private final CertificateAuthority authority;
    private final Identity.Authority self;
    private final RegistrationAuthority registration;
    private final RegionId region;
    private final Topology topology;
    private final SecureRandom random;
    private final InstantSource clock;
    private final AuthorityLog log;

    /** Guarded by the log, within whose decisions it is used. */
    private final Refusals refusals = new Refusals();

    /** Guarded by the log, as it is asked within its answers. */
    private final RevocationIssuer lists;

    /**
     * The authority that has this key.
     *
     * @param topology says which nodes there are
     * @param chains whose documents it believes: none of what was revoked
     * @param store where the audit log is
     */
    public RegionAuthority(
            CertificateAuthority authority,
            RegionId region,
            Topology topology,
            ChainCheck chains,
            RegionStore store,
            SecureRandom random,
            InstantSource clock) {
        this.authority = authority;
        this.self = new Identity.Authority(authority.identity().network(), region);
        this.registration = new RegistrationAuthority(authority, region, topology, chains, clock);
        this.region = region;
        this.topology = topology;
        this.random = random;
        this.clock = clock;
        this.lists = new RevocationIssuer(authority, clock);
        this.log = new AuthorityLog(self, store, clock);
    }

    /** Who it is. */
    public Identity identity() {
        return self;
    }

    /** What a POP is to sign so that it is certified. */
    public String nonce(PopId pop) {
        return registration.nonce(pop);
    }

    /**
     * Certifies a key of one of the region's nodes, which is this one; also by the host's name that
     * users call it by.
     */
    public Optional<List<X509Certificate>> certify(NodeName node, PublicKey key) {
        Identity who = regionNode(node);
        Refusal refusal = new Refusal(who, OWN);
        return log.decide(
                        known ->
                                known.revocations().isBarred(who)
                                        ? refusal.because(BARRED)
                                        : certified(who, hosts(node), key, Optional.empty(), OWN))
                .chain();
    }

    /**
     * Certifies a POP's key, if what it shows is good for that. A certificate of before that was
     * shown for another key already is in two places: then the POP is revoked.
     *
     * @param by from where it asked
     */
    public Answer certify(PopId pop, JoinRequest asked, String by) {
        Claim claim = registration.check(pop, asked);
        Refusal refusal = new Refusal(claim.who(), by);
        return switch (claim) {
            case Claim.Unsound(Identity.Pop who, String why, boolean isKnown) ->
                    log.decide(known -> isKnown ? refusal.because(why) : refusal.ofNobody(why));
            case Claim.Sound sound ->
                    log.decide(known -> decide(sound, asked.request().key(), refusal, known));
        };
    }

    private Decision<Answer> decide(
            Claim.Sound claim, PublicKey key, Refusal refusal, AuthorityLog.Known known) {
        if (known.revocations().isBarred(claim.who())) {
            return refusal.because(BARRED);
        }
        Optional<Instant> revoked = known.revocations().last(claim.who());
        if (claim.admittedAt().isPresent()
                && revoked.filter(at -> !claim.admittedAt().get().isAfter(at)).isPresent()) {
            return refusal.because("the join token: it is from before this POP was revoked");
        }
        if (known.proofs().isGood(claim.proof())) {
            return certified(
                    claim.who(), HostNames.NONE, key, Optional.of(claim.proof()), refusal.by);
        }
        return claim.admittedAt().isPresent()
                ? refusal.because("the join token: it was used for another key")
                : new Decision<>(
                        Answer.refused(CLONED),
                        List.of(AuditFact.of(AuditEvent.REVOKED, claim.who(), refusal.by, CLONED)));
    }

    private Decision<Answer> certified(
            Identity who,
            HostNames hosts,
            PublicKey key,
            Optional<AuditFact.Proof> proof,
            String by) {
        List<X509Certificate> chain =
                authority.certify(who, hosts, key, clock.instant(), CertificateAuthority.NODE_LIFE);
        return Decision.of(
                new Answer(Optional.of(chain), ""),
                AuditFact.certified(who, chain.getFirst(), proof, by));
    }

    /** Writes that a node was not given what it asked for; of many such times, one in an hour. */
    public void denied(Identity who, String why) {
        Refusal refusal = new Refusal(who, OWN);
        Answer unused = log.decide(known -> refusal.because(why));
    }

    /**
     * Makes a token by which a POP may have a key certified here.
     *
     * @param life positive, at most {@link JoinToken#MOST_LIFE}
     * @param by who wants it
     * @return empty if this authority certifies no such POP
     */
    public Optional<Admitted> admit(NodeName node, Duration life, String by) {
        PopId pop = new PopId(node.value());
        if (!registration.isIts(pop)) {
            return Optional.empty();
        }
        Identity.Pop who = registration.identity(pop);
        JoinToken token = JoinToken.create(self, who, clock.instant(), life, random);
        return Optional.of(
                log.decide(
                        known ->
                                Decision.of(
                                        new Admitted(
                                                token.signed(authority.key()), token.notAfter()),
                                        AuditFact.admitted(
                                                who,
                                                AuditFact.Proof.ofToken(token.serial()),
                                                by,
                                                "until " + token.notAfter()))));
    }

    /**
     * A token that was made.
     *
     * @param token as {@link JoinToken#read} reads it
     * @param notAfter until when it is good
     */
    public record Admitted(String token, Instant notAfter) {
        /** Says nothing of the token. */
        @Override
        public String toString() {
            return "Admitted(until %s)".formatted(notAfter);
        }
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

        Decision<Answer> because(String why) {
            return because(who.uri() + " " + why, why);
        }

        /** All whom the topology does not know are of one kind: there is no end to their names. */
        Decision<Answer> ofNobody(String why) {
            return because(why, why);
        }

        private Decision<Answer> because(String kind, String why) {
            Optional<String> words =
                    told.computeIfAbsent(why, once -> refusals.told(kind, why, clock.instant()));
            return new Decision<>(
                    Answer.refused(why),
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
        return topology.pop(new PopId(node.value())).map(pop -> registration.identity(pop.name()));
    }

    private HostNames hosts(NodeName node) {
        return topology.regionNode(node)
                .map(known -> HostNames.of(known.listen().host()))
                .orElse(HostNames.NONE);
    }

    private Identity regionNode(NodeName node) {
        return new Identity.RegionNode(self.network(), region, node);
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
        return log.known((entries, known) -> lists.signed(entries, known.revocations()));
    }

    /**
     * A list of this authority is known that has this number: the next gets a higher one, whatever
     * the clock says.
     */
    public void heardOf(BigInteger number) {
        lists.heardOf(number);
    }

    /** What its lists are signed with. */
    public X509Certificate certificate() {
        return authority.certificate();
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
