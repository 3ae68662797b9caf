package io.runnel.attestation.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.runnel.attestation.KeyId;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A query that a signature may stand in, as presigned URLs have it (AWS, "Authenticating Requests:
 * Using Query Parameters"): {@code X-Amz-Algorithm}, {@code -Credential}, {@code -Date}, {@code
 * -Expires}, {@code -SignedHeaders} and {@code -Signature}, each once and written just so. Names
 * are compared after they were decoded. Pure.
 *
 * @param query as it came, without the question mark; hostile
 */
public record PresignedQuery(String query) {
    /** The longest time that one may count for: that of AWS. */
    public static final Duration MOST = Duration.ofDays(7);

    private static final String CREDENTIAL = "X-Amz-Credential";
    private static final String ALGORITHM = "X-Amz-Algorithm";
    private static final String DATE = "X-Amz-Date";
    private static final String EXPIRES = "X-Amz-Expires";
    private static final String SIGNED_HEADERS = "X-Amz-SignedHeaders";
    private static final String SIGNATURE = "X-Amz-Signature";
    private static final String TOKEN = "X-Amz-Security-Token";

    private static final List<String> PARTS =
            List.of(ALGORITHM, CREDENTIAL, DATE, EXPIRES, SIGNED_HEADERS, SIGNATURE);
    private static final String OF_AWS = "x-amz-";

    /** A name with each of its characters encoded. */
    private static final int LONGEST_NAME = 3 * TOKEN.length();

    private static final Pattern SECONDS = Pattern.compile("[1-9][0-9]{0,5}");

    /** A parameter. */
    private record Pair(String text) {
        private int end() {
            int is = text.indexOf('=');
            return is < 0 ? text.length() : is;
        }

        /** Empty text if it is longer than any of ours. */
        String name() {
            int end = end();
            return end > LONGEST_NAME
                    ? ""
                    : new String(SignedRequest.decoded(text.substring(0, end)), ISO_8859_1);
        }

        String value() {
            String raw = text.substring(Math.min(text.length(), end() + 1));
            return new String(SignedRequest.decoded(raw), ISO_8859_1);
        }

        boolean is(String name) {
            return name().equalsIgnoreCase(name);
        }

        boolean isProof() {
            String name = name();
            return name.toLowerCase(Locale.ROOT).startsWith(OF_AWS)
                    && (name.equalsIgnoreCase(TOKEN)
                            || PARTS.stream().anyMatch(name::equalsIgnoreCase));
        }
    }

    private Stream<Pair> pairs() {
        return query.isEmpty() ? Stream.empty() : Stream.of(query.split("&", -1)).map(Pair::new);
    }

    /** Whether it is meant as a proof by a key of ours; else it is the guest's own. */
    public boolean isOne() {
        return !query.isEmpty()
                && pairs().anyMatch(pair -> pair.is(CREDENTIAL) && namesKey(pair.value()));
    }

    private static boolean namesKey(String credential) {
        return credential.length() >= KeyId.LENGTH
                && KeyId.isValid(credential.substring(0, KeyId.LENGTH));
    }

    /** The signature. Empty if there is none, or it is not whole, or part of it is there twice. */
    public Optional<SignatureV4> parse() {
        Map<String, String> said = new HashMap<>();
        for (Pair pair : pairs().toList()) {
            String name = pair.name();
            boolean isPart = PARTS.stream().anyMatch(name::equalsIgnoreCase);
            if (isPart && (!PARTS.contains(name) || said.put(name, pair.value()) != null)) {
                return Optional.empty();
            }
        }
        return said.size() == PARTS.size() && SignatureV4.ALGORITHM.equals(said.get(ALGORITHM))
                ? lasting(said.get(EXPIRES))
                        .flatMap(
                                lasts ->
                                        SignatureV4.read(
                                                said.get(CREDENTIAL),
                                                said.get(SIGNED_HEADERS),
                                                said.get(SIGNATURE),
                                                Optional.of(
                                                        new SignatureV4.Presigned(
                                                                said.get(DATE), lasts))))
                : Optional.empty();
    }

    private static Optional<Duration> lasting(String seconds) {
        return SECONDS.matcher(seconds).matches()
                ? Optional.of(Duration.ofSeconds(Integer.parseInt(seconds)))
                        .filter(lasts -> lasts.compareTo(MOST) <= 0)
                : Optional.empty();
    }

    /** What a guest may see of it: if it proves the caller, all but that. */
    public String withoutProof() {
        return isOne() ? without(Pair::isProof) : query;
    }

    /** What was signed of it. */
    String withoutSignature() {
        return without(pair -> pair.is(SIGNATURE));
    }

    private String without(Predicate<Pair> dropped) {
        return pairs().filter(dropped.negate()).map(Pair::text).collect(Collectors.joining("&"));
    }

    /** What a parameter says that stands in it; empty text for several. */
    Optional<String> said(String name) {
        List<Pair> found = pairs().filter(pair -> pair.is(name)).toList();
        return found.isEmpty()
                ? Optional.empty()
                : Optional.of(found.size() == 1 ? found.getFirst().value() : "");
    }
}
