package io.runnel.attestation.federation;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.BadJWTException;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Checks ID tokens (JWT, RFC 7519) against the keys of who issued them: signed by one of these with
 * RSA or ECDSA, for the given audience, of the given issuer, with an end that is to come. Pure.
 */
public final class ForeignTokens {
    /** The longest token that is read. */
    public static final int MOST_CHARACTERS = 16 * 1024;

    /** None with a secret that both sides know: whoever reads the keys could sign by them. */
    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384);

    private ForeignTokens() {}

    /** The id of the key that a token says it is signed with; empty if it does not say. */
    public static Optional<String> keyId(String token) throws ForeignTokenException {
        return Optional.ofNullable(parsed(token).getHeader().getKeyID());
    }

    private static SignedJWT parsed(String token) throws ForeignTokenException {
        if (token.length() > MOST_CHARACTERS) {
            throw ForeignTokenException.forged(
                    "the token is longer than %d characters".formatted(MOST_CHARACTERS));
        }
        try {
            return SignedJWT.parse(token);
        } catch (ParseException e) {
            throw ForeignTokenException.forged("the token is no signed JWT");
        }
    }

    /**
     * What a token says: its claims that are texts, numbers or flags, as texts.
     *
     * @throws ForeignTokenException if it is not believed
     */
    public static Map<String, String> check(
            String token, IssuerKeySet keys, String issuer, String audience, Instant now)
            throws ForeignTokenException {
        SignedJWT jwt = parsed(token);
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(ALGORITHMS, new ImmutableJWKSet<>(keys.set())));
        processor.setJWTClaimsSetVerifier(new At(audience, issuer, now));
        try {
            return texts(processor.process(jwt, null));
        } catch (BadJWTException e) {
            throw ForeignTokenException.unfit("the token does not hold: " + e.getMessage());
        } catch (BadJOSEException | JOSEException e) {
            throw ForeignTokenException.forged("the token's signature is not its issuer's");
        }
    }

    private static Map<String, String> texts(JWTClaimsSet claims) {
        Map<String, String> texts = new LinkedHashMap<>();
        claims.getClaims()
                .forEach(
                        (name, value) -> {
                            if (value instanceof String
                                    || value instanceof Number
                                    || value instanceof Boolean) {
                                texts.put(name, value.toString());
                            }
                        });
        return texts;
    }

    /** The claims are checked by a clock that is given. */
    private static final class At extends DefaultJWTClaimsVerifier<SecurityContext> {
        private final Instant now;

        At(String audience, String issuer, Instant now) {
            super(
                    audience,
                    new JWTClaimsSet.Builder().issuer(issuer).build(),
                    Set.of("sub", "exp", "iat"));
            this.now = now;
        }

        @Override
        @SuppressWarnings("JavaUtilDate") // The library's.
        protected Date currentTime() {
            return Date.from(now);
        }
    }
}
