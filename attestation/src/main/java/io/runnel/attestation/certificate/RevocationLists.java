package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * Believes what another check believes, unless one of these lists says that it is revoked, or none
 * is of who certified it (RFC 5280, section 6.3, of the holder's certificate). Safe for any thread.
 */
public final class RevocationLists implements ChainCheck {
    private final ChainCheck chains;
    private final List<X509CRL> lists;

    /** One that asks {@code chains} first. */
    public RevocationLists(ChainCheck chains, List<X509CRL> lists) {
        this.chains = chains;
        this.lists = List.copyOf(lists);
    }

    @Override
    public Verdict<Identity> check(List<X509Certificate> chain, Instant at) {
        return switch (chains.check(chain, at)) {
            case Verdict.Rejected<Identity> rejected -> rejected;
            case Verdict.Trusted<Identity>(Identity who) -> standing(chain, who, at);
        };
    }

    private Verdict<Identity> standing(List<X509Certificate> chain, Identity who, Instant at) {
        X509Certificate holder = chain.getFirst();
        List<RevocationList> its =
                chain.size() < 2
                        ? List.of()
                        : lists.stream()
                                .map(list -> new RevocationList(chain.get(1), list))
                                .filter(RevocationList::isSigned)
                                .toList();
        if (its.stream().anyMatch(list -> list.list().isRevoked(holder))) {
            return Verdict.rejected(Reason.REVOKED, holder.getSerialNumber().toString(16));
        }
        boolean known = its.stream().anyMatch(list -> list.isOf(at));
        return known
                ? Verdict.trusted(who)
                : Verdict.rejected(
                        Reason.REVOCATION_UNKNOWN,
                        "no list of now by " + holder.getIssuerX500Principal().getName());
    }
}
