package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

import javax.security.auth.x500.X500Principal;

/**
 * What the authorities of a network have revoked, as far as it has come here: the newest list of
 * each, whoever brought it. Where an authority has fallen silent its last word counts on: who stops
 * its lists readmits nobody, and takes nothing from anybody. Safe for any thread; asking takes no
 * lock.
 */
public final class KnownRevocations {
    private final Optional<ChainVerifier> chains;
    private volatile Known known = new Known(Map.of(), "");

    private record Known(Map<X500Principal, RevocationList> newest, String text) {}

    /**
     * Nothing yet.
     *
     * @param chains who authorities are; without it nothing is learned
     */
    public KnownRevocations(Optional<ChainVerifier> chains) {
        this.chains = chains;
    }

    /**
     * Learns what these lists say that is newer than what is known.
     *
     * @param lists hostile
     * @return whether there was any such
     */
    public boolean learn(List<RevocationList> lists, Instant at) {
        boolean news = false;
        for (RevocationList list : lists) {
            news |= learn(list, at);
        }
        return news;
    }

    private synchronized boolean learn(RevocationList list, Instant at) {
        X500Principal issuer = list.list().getIssuerX500Principal();
        RevocationList before = known.newest().get(issuer);
        if (before != null && list.number().compareTo(before.number()) <= 0) {
            return false;
        }
        boolean sound =
                chains.filter(c -> c.authority(list.authority(), at) instanceof Verdict.Trusted<?>)
                        .isPresent();
        if (!sound || !list.isSigned()) {
            return false;
        }
        Map<X500Principal, RevocationList> next = new HashMap<>(known.newest());
        next.put(issuer, list);
        String text = next.values().stream().map(Pem::of).collect(Collectors.joining());
        known = new Known(Map.copyOf(next), text);
        return true;
    }

    /** Whether its authority has revoked it, so far as is known. */
    public boolean isRevoked(X509Certificate certificate) {
        RevocationList list = known.newest().get(certificate.getIssuerX500Principal());
        return list != null && list.list().isRevoked(certificate);
    }

    /**
     * Believes what another check believes, unless it is revoked, or no list of who certified it is
     * known that may still be relied on: for who is told only yes or no.
     */
    public ChainCheck over(ChainCheck chains) {
        return (chain, at) ->
                switch (chains.check(chain, at)) {
                    case Verdict.Rejected<Identity> rejected -> rejected;
                    case Verdict.Trusted<Identity>(Identity who) ->
                            standing(chain.getFirst(), who, at);
                };
    }

    private Verdict<Identity> standing(X509Certificate holder, Identity who, Instant at) {
        RevocationList list = known.newest().get(holder.getIssuerX500Principal());
        if (list != null && list.list().isRevoked(holder)) {
            return Verdict.rejected(Reason.REVOKED, holder.getSerialNumber().toString(16));
        }
        return list != null && list.isOf(at)
                ? Verdict.trusted(who)
                : Verdict.rejected(
                        Reason.REVOCATION_UNKNOWN,
                        "no list of now by " + holder.getIssuerX500Principal().getName());
    }

    /** The number of the newest list of this authority; zero before there is any. */
    public BigInteger number(X509Certificate authority) {
        RevocationList list = known.newest().get(authority.getSubjectX500Principal());
        return list == null ? BigInteger.ZERO : list.number();
    }

    /** The lists, for others to learn from, as {@link Pem#revocationLists} reads them. */
    public String text() {
        return known.text();
    }
}
