package io.runnel.attestation.tls;

import io.runnel.attestation.certificate.CertifiedKey;
import io.runnel.attestation.host.HostKeys;

import java.util.Optional;
import java.util.function.Supplier;

/** What is shown in a handshake. Safe for any thread. */
@FunctionalInterface
interface KeyChoice {
    /**
     * That of this moment; empty: nothing of this kind.
     *
     * @param host what the other side calls this one, if it says so
     * @param algorithm the kind of key that it takes: {@code EC}, {@code RSA}
     */
    Optional<CertifiedKey> of(Optional<String> host, String algorithm);

    /** A node's own, whatever it is called. */
    static KeyChoice own(Supplier<Optional<CertifiedKey>> key) {
        return (host, algorithm) -> algorithm.equals("EC") ? key.get() : Optional.empty();
    }

    /**
     * That of the host, if there is one of its name, else the usual one. It is never another host's
     * because of its kind: the client would take it for a stranger's.
     */
    static KeyChoice hosts(Supplier<HostKeys> hosts) {
        return (host, algorithm) -> {
            HostKeys keys = hosts.get();
            return host.filter(keys::has).isPresent()
                    ? keys.find(host.get(), algorithm)
                    : keys.usual(algorithm);
        };
    }
}
