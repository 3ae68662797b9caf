package io.runnel.attestation.certificate;

import io.runnel.attestation.identity.Identity;

/** Which identity may certify which: what X.509 alone has no words for. */
final class Chain {
    /** The holder's own, and that of its region's authority. */
    static final int MOST = 2;

    private Chain() {}

    static boolean mayCertify(Identity issuer, Identity who) {
        if (!issuer.network().equals(who.network())) {
            return false;
        }
        return switch (issuer) {
            case Identity.Root root -> who instanceof Identity.Authority;
            case Identity.Authority authority ->
                    switch (who) {
                        case Identity.RegionNode node -> node.region().equals(authority.region());
                        // Any region's: that of a failover region renews while its own is down.
                        case Identity.Pop pop -> true;
                        case Identity.Supervisor supervisor -> true;
                        case Identity.Root root -> false;
                        case Identity.Authority other -> false;
                    };
            case Identity.RegionNode node -> false;
            case Identity.Pop pop -> false;
            case Identity.Supervisor supervisor -> false;
        };
    }
}
