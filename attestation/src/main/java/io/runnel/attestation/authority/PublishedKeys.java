package io.runnel.attestation.authority;

import io.runnel.attestation.document.JsonWebKey;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The public keys that a node's JWTs are signed with, for whoever has no use for certificates: a
 * key set of RFC 7517, the newest first. One stays until its certificate ends, for what it signed
 * before it was renewed. Safe for any thread.
 */
final class PublishedKeys {
    /** A key is renewed after two thirds of its time: two are usual. */
    static final int MOST = 4;

    private volatile List<Published> keys = List.of();

    /** One of them, written once: it is asked for on event loops. */
    private record Published(Instant notAfter, String json) {}

    /** From now on is signed with this one; past {@link #MOST} the oldest goes. */
    synchronized void add(List<X509Certificate> chain) {
        Published added =
                new Published(
                        chain.getFirst().getNotAfter().toInstant(),
                        JsonWebKey.of(chain).json().toString());
        keys = Stream.concat(Stream.of(added), keys.stream()).limit(MOST).toList();
    }

    /** All are worth nothing any more. */
    synchronized void clear() {
        keys = List.of();
    }

    /** Those whose certificates are valid now. */
    String text(Instant now) {
        return keys.stream()
                .filter(key -> !now.isAfter(key.notAfter()))
                .map(Published::json)
                .collect(Collectors.joining(",", "{\"keys\":[", "]}"));
    }
}
