package io.runnel.region.server.control;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.federation.IssuerKeySet;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The keys of who issues tokens, as their discovery documents say (OpenID Connect Discovery 1.0).
 * They are kept for ten minutes; for a key that is not among them the issuer is asked again, but
 * not more often than each half minute. Blocks; one thread at a time.
 */
final class IssuerKeys {
    static final Duration KEPT = Duration.ofMinutes(10);
    static final Duration LEAST_BETWEEN = Duration.ofSeconds(30);
    private static final int MOST_ISSUERS = 256;
    private static final String DISCOVERY = "/.well-known/openid-configuration";

    private final WebDocuments web;
    private final LongSupplier nanoClock;
    private final Map<String, Known> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                private static final long serialVersionUID = 1;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
                    return size() > MOST_ISSUERS;
                }
            };

    IssuerKeys(WebDocuments web, LongSupplier nanoClock) {
        this.web = web;
        this.nanoClock = nanoClock;
    }

    /**
     * What an issuer was asked for.
     *
     * @param keys if it answered well
     * @param why it did not
     */
    private record Known(Optional<IssuerKeySet> keys, String why, long atNanos) {
        boolean holds(Optional<String> keyId) {
            return keys.filter(set -> keyId.isEmpty() || set.has(keyId.get())).isPresent();
        }
    }

    /**
     * The keys of an issuer.
     *
     * @param keyId which one is looked for
     * @throws IOException if the issuer does not tell them
     */
    synchronized IssuerKeySet of(String issuer, Optional<String> keyId) throws IOException {
        Known found = known.get(issuer);
        long age = found == null ? 0 : nanoClock.getAsLong() - found.atNanos();
        boolean isGood =
                found != null
                        && (age < LEAST_BETWEEN.toNanos()
                                || (age < KEPT.toNanos() && found.holds(keyId)));
        if (!isGood) {
            found = asked(issuer);
            known.put(issuer, found);
        }
        String why = found.why();
        return found.keys().orElseThrow(() -> new IOException(why));
    }

    private Known asked(String issuer) {
        Optional<IssuerKeySet> keys = Optional.empty();
        String why = "";
        try {
            keys = Optional.of(read(issuer));
        } catch (IOException | IllegalArgumentException e) {
            why = "%s does not tell its keys: %s".formatted(issuer, e.getMessage());
        }
        return new Known(keys, why, nanoClock.getAsLong());
    }

    private IssuerKeySet read(String issuer) throws IOException {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        JsonNode document = JsonBody.MAPPER.readTree(web.get(URI.create(base + DISCOVERY)));
        if (!document.path("issuer").asText().equals(issuer)) {
            throw new IOException("its document is of another issuer");
        }
        URI keys = URI.create(document.path("jwks_uri").asText());
        if (!"https".equals(keys.getScheme())) {
            throw new IOException("its keys stand at no https URL");
        }
        return IssuerKeySet.parse(web.get(keys));
    }
}
