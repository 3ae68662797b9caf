package io.runnel.attestation.identity;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** Says who holds the key of a chain of certificates. Safe for any thread. */
@FunctionalInterface
public interface ChainCheck {
    /**
     * Checks a chain.
     *
     * @param chain the holder's certificate first, then who certified it, without the root; hostile
     * @param at when it is to be valid
     * @return who holds the key of its first certificate
     */
    Verdict<Identity> check(List<X509Certificate> chain, Instant at);
}
