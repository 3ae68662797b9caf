package io.runnel.exec.http;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.KeyId;
import io.runnel.attestation.signature.PresignedQuery;
import io.runnel.attestation.signature.SignatureV4;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;

import java.util.Optional;

/** Which headers are proofs meant for us, or which part of a query, and what they say. */
final class CredentialHeaders {
    private static final Credentials NONE = new Credentials.None();
    private static final Credentials MALFORMED = new Credentials.Malformed();
    private static final String BEARER = "Bearer ";
    private static final String SIGNATURE = "AWS4-";
    private static final String CREDENTIAL = "Credential=";

    private CredentialHeaders() {}

    static Credentials read(MultiMap headers) {
        boolean hasKey = headers.contains(RunnelHeaders.KEY);
        boolean hasAuthorization = headers.contains(HttpHeaders.AUTHORIZATION);
        if (!hasKey && !hasAuthorization) {
            return NONE;
        }
        boolean several =
                (hasKey && headers.getAll(RunnelHeaders.KEY).size() > 1)
                        || (hasAuthorization
                                && headers.getAll(HttpHeaders.AUTHORIZATION).size() > 1);
        if (several) {
            return MALFORMED;
        }
        String authorization = hasAuthorization ? headers.get(HttpHeaders.AUTHORIZATION) : "";
        boolean ours = isOurs(authorization);
        if (hasKey) {
            // Two proofs, even of the same account, are not what an honest caller sends.
            return ours ? MALFORMED : bearer(headers.get(RunnelHeaders.KEY).strip());
        }
        return ours ? own(authorization) : NONE;
    }

    /** A query's signature counts alone: two proofs are not what an honest caller sends. */
    static Credentials read(MultiMap headers, String query) {
        PresignedQuery presigned = new PresignedQuery(query);
        if (!presigned.isOne()) {
            return read(headers);
        }
        boolean alone =
                read(headers) instanceof Credentials.None
                        && headers.getAll(HttpHeaders.AUTHORIZATION).stream()
                                .noneMatch(each -> each.startsWith(SIGNATURE));
        return alone
                ? presigned.parse().<Credentials>map(Credentials.Signed::new).orElse(MALFORMED)
                : MALFORMED;
    }

    private static Credentials own(String authorization) {
        return bearerText(authorization)
                .map(CredentialHeaders::bearer)
                .orElseGet(
                        () ->
                                SignatureV4.parse(authorization)
                                        .<Credentials>map(Credentials.Signed::new)
                                        .orElse(MALFORMED));
    }

    /** Whether this {@code Authorization} is meant for us: it never reaches a guest. */
    static boolean isOurs(String authorization) {
        return bearerText(authorization)
                .map(BearerToken::looksLikeOne)
                .orElseGet(() -> isSignatureByOurKey(authorization));
    }

    private static Credentials bearer(String text) {
        Optional<BearerToken> token = BearerToken.parse(text);
        return token.isPresent() ? new Credentials.Bearer(token.get()) : MALFORMED;
    }

    private static Optional<String> bearerText(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    private static boolean isSignatureByOurKey(String authorization) {
        int at = authorization.indexOf(CREDENTIAL);
        int start = at + CREDENTIAL.length();
        int end = start + KeyId.LENGTH;
        return authorization.startsWith(SIGNATURE)
                && at >= 0
                && authorization.length() >= end
                && KeyId.isValid(authorization.substring(start, end));
    }
}
