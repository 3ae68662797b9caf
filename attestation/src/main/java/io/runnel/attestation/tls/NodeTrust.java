package io.runnel.attestation.tls;

import io.runnel.attestation.authority.AuthorityFolder;
import io.runnel.attestation.certificate.ChainVerifier;
import io.runnel.attestation.certificate.KnownRevocations;
import io.runnel.attestation.certificate.PemException;
import io.runnel.attestation.identity.ChainCheck;
import io.runnel.attestation.identity.Identity;
import io.runnel.attestation.identity.Reason;
import io.runnel.attestation.identity.Verdict;

import java.io.UncheckedIOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a node believes of others: what the root in its data folder leads to, unless it is revoked.
 * Without that root it believes nobody. Safe for any thread.
 *
 * @param root what leads to the root
 * @param revocations what was revoked, so far as is known here
 */
public record NodeTrust(Optional<ChainVerifier> root, KnownRevocations revocations)
        implements ChainCheck {
    private static final Logger LOG = System.getLogger(NodeTrust.class.getName());

    /** That of a node with this folder; says so in the log if the root is not there. */
    public static NodeTrust of(AuthorityFolder folder) {
        Optional<ChainVerifier> root = root(folder).map(ChainVerifier::new);
        return new NodeTrust(root, new KnownRevocations(root));
    }

    private static Optional<X509Certificate> root(AuthorityFolder folder) {
        try {
            Optional<X509Certificate> found = folder.root();
            if (found.isEmpty()) {
                LOG.log(
                        Level.WARNING,
                        "{0} is not there: this node believes no other",
                        folder.rootCertificate());
            }
            return found;
        } catch (PemException | UncheckedIOException e) {
            LOG.log(Level.WARNING, "this node believes no other", e);
            return Optional.empty();
        }
    }

    /** The same, but for what was revoked by now. */
    public ChainCheck ofNow() {
        return (chain, at) ->
                !chain.isEmpty() && revocations.isRevoked(chain.getFirst())
                        ? Verdict.rejected(Reason.REVOKED, "by its authority")
                        : check(chain, at);
    }

    @Override
    public Verdict<Identity> check(List<X509Certificate> chain, Instant at) {
        return root.map(chains -> chains.check(chain, at))
                .orElseGet(() -> Verdict.rejected(Reason.ISSUER_UNKNOWN, "no root is known here"));
    }
}
