package io.runnel.attestation.signature;

import io.runnel.attestation.KeyId;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What an {@code Authorization} header, or a {@linkplain PresignedQuery query}, says that is such a
 * signature.
 *
 * @param key whose secret signed, as it says
 * @param scope in which
 * @param signedHeaders names in small letters, in order, each once
 * @param signature 64 hexadecimal digits
 * @param presigned what it says besides, if it stands in a query
 */
public record SignatureV4(
        KeyId key,
        SigningScope scope,
        List<String> signedHeaders,
        String signature,
        Optional<Presigned> presigned) {
    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    private static final int MOST_HEADERS = 64;
    private static final Pattern NAME = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final int PARAMETERS = 3;

    /**
     * For how long a query counts.
     *
     * @param date from when, as it came; hostile
     * @param lasts from a second to seven days
     */
    public record Presigned(String date, Duration lasts) {}

    /** Copies what could change. */
    public SignatureV4 {
        signedHeaders = List.copyOf(signedHeaders);
    }

    /** Whether a header is meant to be one. */
    public static boolean isOne(String authorization) {
        return authorization.startsWith(ALGORITHM + " ");
    }

    /** Reads a header; hostile. Empty if it is none of this kind, or by no key of ours. */
    public static Optional<SignatureV4> parse(String authorization) {
        if (!isOne(authorization)) {
            return Optional.empty();
        }
        return parameters(authorization.substring(ALGORITHM.length()))
                .flatMap(SignatureV4::ofHeader);
    }

    private static Optional<Map<String, String>> parameters(String text) {
        Map<String, String> found = new HashMap<>();
        for (String each : text.split(",", -1)) {
            int is = each.indexOf('=');
            if (is < 0
                    || found.put(each.substring(0, is).strip(), each.substring(is + 1)) != null) {
                return Optional.empty();
            }
        }
        return found.size() == PARAMETERS ? Optional.of(found) : Optional.empty();
    }

    private static Optional<SignatureV4> ofHeader(Map<String, String> parameters) {
        return read(
                parameters.getOrDefault("Credential", "").strip(),
                parameters.getOrDefault("SignedHeaders", "").strip(),
                parameters.getOrDefault("Signature", "").strip(),
                Optional.empty());
    }

    /** What its parts say; hostile. */
    static Optional<SignatureV4> read(
            String credential,
            String signedHeaders,
            String signature,
            Optional<Presigned> presigned) {
        int slash = credential.indexOf('/');
        List<String> headers = List.of(signedHeaders.split(";", -1));
        boolean isWhole =
                slash >= 0
                        && KeyId.isValid(credential.substring(0, slash))
                        && areNames(headers)
                        && HEX.matcher(signature).matches();
        return isWhole
                ? SigningScope.parse(credential.substring(slash + 1))
                        .map(
                                scope ->
                                        new SignatureV4(
                                                new KeyId(credential.substring(0, slash)),
                                                scope,
                                                headers,
                                                signature,
                                                presigned))
                : Optional.empty();
    }

    private static boolean areNames(List<String> headers) {
        if (headers.size() > MOST_HEADERS) {
            return false;
        }
        String before = "";
        for (String name : headers) {
            if (!NAME.matcher(name).matches() || name.compareTo(before) <= 0) {
                return false;
            }
            before = name;
        }
        return true;
    }
}
