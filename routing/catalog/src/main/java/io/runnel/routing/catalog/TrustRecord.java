package io.runnel.routing.catalog;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * That an account believes the tokens of somebody else (OpenID Connect Core 1.0): who brings one of
 * them gets a key for a while.
 *
 * @param name the account's own for it, a label
 * @param issuer who signs them: an https URL
 * @param audience whom they have to be for
 * @param claims what else they have to say: each claim a value, or how it begins, with * at its end
 * @param rights what the keys are for; without an end
 * @param lifetime of the keys
 * @param keys the issuer's, a JSON Web Key Set (RFC 7517); if empty, the issuer is asked
 */
public record TrustRecord(
        AccountId account,
        String name,
        String issuer,
        String audience,
        Map<String, String> claims,
        KeyRights rights,
        Duration lifetime,
        Optional<String> keys)
        implements CatalogRecord {
    /** The longest set of keys. */
    public static final int MOST_KEY_CHARACTERS = 16 * 1024;

    private static final int MOST_CLAIMS = 16;
    private static final int MOST_CHARACTERS = 512;
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofHours(1);
    private static final Pattern CLAIM = Pattern.compile("[A-Za-z0-9_.:/-]{1,128}");

    /** What is checked of every token anyway. */
    private static final Set<String> CHECKED = Set.of("iss", "aud", "exp", "nbf", "iat");

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if a field is not as it has to be
     */
    public TrustRecord {
        claims = Map.copyOf(claims);
        if (!TaskName.isValid(name)) {
            throw new IllegalArgumentException(
                    "trust must be a label: 1 to 63 of a-z, 0-9 and inner -");
        }
        requireIssuer(issuer);
        if (audience.isEmpty() || audience.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException("audience must be 1 to 512 characters");
        }
        requireClaims(claims);
        if (rights.expires().isPresent()) {
            throw new IllegalArgumentException("a trust does not end: its keys do");
        }
        if (lifetime.compareTo(LEAST) < 0 || lifetime.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("lifetime must be 1 minute to 1 hour");
        }
        if (keys.filter(text -> text.length() > MOST_KEY_CHARACTERS).isPresent()) {
            throw new IllegalArgumentException(
                    "keys must be at most %d characters".formatted(MOST_KEY_CHARACTERS));
        }
    }

    private static void requireIssuer(String issuer) {
        boolean isUrl = false;
        try {
            URI uri = new URI(issuer);
            isUrl =
                    "https".equals(uri.getScheme())
                            && uri.getHost() != null
                            && uri.getRawUserInfo() == null
                            && uri.getRawQuery() == null
                            && uri.getRawFragment() == null;
        } catch (URISyntaxException e) {
            // Said below.
        }
        if (!isUrl || issuer.length() > MOST_CHARACTERS) {
            throw new IllegalArgumentException(
                    "issuer must be an https URL of at most 512 characters, without a query");
        }
    }

    /** Whoever has any token of a large issuer would else be let in. */
    private static void requireClaims(Map<String, String> claims) {
        if (claims.isEmpty() || claims.size() > MOST_CLAIMS) {
            throw new IllegalArgumentException(
                    "claims must be 1 to %d: else every user of the issuer gets a key"
                            .formatted(MOST_CLAIMS));
        }
        claims.forEach(
                (claim, value) -> {
                    if (!CLAIM.matcher(claim).matches() || CHECKED.contains(claim)) {
                        throw new IllegalArgumentException("claims: not one to ask for: " + claim);
                    }
                    if (value.length() > MOST_CHARACTERS || value.isEmpty() || value.equals("*")) {
                        throw new IllegalArgumentException(
                                "claims: %s must be 1 to 512 characters, and not * alone"
                                        .formatted(claim));
                    }
                });
    }

    /** Whether a claim is what is asked for. */
    public static boolean matches(String asked, String said) {
        return asked.endsWith("*")
                ? said.startsWith(asked.substring(0, asked.length() - 1))
                : said.equals(asked);
    }

    @Override
    public RecordKind kind() {
        return RecordKind.TRUST;
    }

    /** {@code acme/github}. */
    @Override
    public String key() {
        return account + "/" + name;
    }
}
