package io.runnel.routing.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class WebhookRuleTest {
    /** The example in GitHub's documentation. */
    private static final String GITHUB_SECRET = "It's a Secret to Everybody";

    private static final String GITHUB_BODY = "Hello, World!";
    private static final String GITHUB_SIGNATURE =
            "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

    /** By openssl dgst -sha256 -hmac, of 1492774577.BODY. */
    private static final String STRIPE_SECRET = "whsec_test_secret";

    private static final String STRIPE_BODY = "{\"id\":\"evt_1\",\"amount\":100}";
    private static final String STRIPE_SIGNATURE =
            "f1ce6f2c998df0dad9a434fbb60dc2eee106a65b01fd973f4b8e6a93545b961b";
    private static final long STRIPE_TIME = 1_492_774_577L;

    /** By Python's hmac; also what the libraries of Standard Webhooks are tested with. */
    private static final String STANDARD_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static final String STANDARD_BODY = "{\"test\": 2432232314}";
    private static final String STANDARD_ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final String STANDARD_SIGNATURE =
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    private static final long STANDARD_TIME = 1_614_265_330L;

    private static final String OTHER = "0".repeat(64);

    private static Optional<WebhookFlaw> check(
            WebhookRule.Scheme scheme,
            String secret,
            Map<String, List<String>> headers,
            String body,
            long now) {
        return new WebhookRule(scheme, "HOOK", Duration.ofMinutes(5))
                .check(
                        secret.getBytes(StandardCharsets.UTF_8),
                        name -> headers.getOrDefault(name, List.of()),
                        body.getBytes(StandardCharsets.UTF_8),
                        now);
    }

    private static Optional<WebhookFlaw> github(String secret, String header, String body) {
        return check(
                WebhookRule.Scheme.GITHUB,
                secret,
                Map.of("x-hub-signature-256", List.of(header)),
                body,
                0);
    }

    private static Optional<WebhookFlaw> stripe(String header, String body, long now) {
        return check(
                WebhookRule.Scheme.STRIPE,
                STRIPE_SECRET,
                Map.of("stripe-signature", List.of(header)),
                body,
                now);
    }

    private static Optional<WebhookFlaw> standard(
            String secret, String id, String time, String signature, long now) {
        return check(
                WebhookRule.Scheme.STANDARD,
                secret,
                Map.of(
                        "webhook-id", List.of(id),
                        "webhook-timestamp", List.of(time),
                        "webhook-signature", List.of(signature)),
                STANDARD_BODY,
                now);
    }

    private static void is(WebhookFlaw flaw, Optional<WebhookFlaw> found) {
        assertEquals(Optional.of(flaw), found);
    }

    @Test
    void whatGithubSignedIsRight() {
        String header = "sha256=" + GITHUB_SIGNATURE;
        assertEquals(Optional.empty(), github(GITHUB_SECRET, header, GITHUB_BODY));
        is(WebhookFlaw.WRONG, github(GITHUB_SECRET, header, GITHUB_BODY + "!"));
        is(WebhookFlaw.WRONG, github(GITHUB_SECRET + "x", header, GITHUB_BODY));
        is(WebhookFlaw.WRONG, github(GITHUB_SECRET, "sha256=" + OTHER, GITHUB_BODY));
        is(WebhookFlaw.BAD_SECRET, github("", header, GITHUB_BODY));
    }

    @Test
    void aHeaderOfGithubIsThereOnceAndAsItIs() {
        for (String bad :
                List.of(
                        "",
                        GITHUB_SIGNATURE,
                        "sha1=" + GITHUB_SIGNATURE,
                        "sha256=" + GITHUB_SIGNATURE.substring(2),
                        "sha256=" + GITHUB_SIGNATURE + "00",
                        "sha256=" + "zz" + GITHUB_SIGNATURE.substring(2),
                        "sha256=" + GITHUB_SIGNATURE + ",")) {
            is(WebhookFlaw.MALFORMED, github(GITHUB_SECRET, bad, GITHUB_BODY));
        }
        String header = "sha256=" + GITHUB_SIGNATURE;
        is(
                WebhookFlaw.MALFORMED,
                check(
                        WebhookRule.Scheme.GITHUB,
                        GITHUB_SECRET,
                        Map.of("x-hub-signature-256", List.of(header, header)),
                        GITHUB_BODY,
                        0));
        is(
                WebhookFlaw.MISSING,
                check(WebhookRule.Scheme.GITHUB, GITHUB_SECRET, Map.of(), GITHUB_BODY, 0));
    }

    @Test
    void whatStripeSignedIsRightForAsLongAsIsTolerated() {
        String header = "t=1492774577,v1=" + STRIPE_SIGNATURE + ",v0=" + OTHER;
        for (long apart : new long[] {-300, 0, 300}) {
            assertEquals(Optional.empty(), stripe(header, STRIPE_BODY, STRIPE_TIME + apart));
        }
        is(WebhookFlaw.TOO_OLD, stripe(header, STRIPE_BODY, STRIPE_TIME + 301));
        is(WebhookFlaw.TOO_OLD, stripe(header, STRIPE_BODY, STRIPE_TIME - 301));
        is(WebhookFlaw.WRONG, stripe(header, STRIPE_BODY + " ", STRIPE_TIME));
        is(WebhookFlaw.WRONG, stripe(header, STRIPE_BODY + " ", STRIPE_TIME + 301));
        String another = "t=1492774578,v1=" + STRIPE_SIGNATURE;
        is(WebhookFlaw.WRONG, stripe(another, STRIPE_BODY, STRIPE_TIME));
    }

    @Test
    void oneOfSeveralSignaturesIsEnough() {
        String header = "t=1492774577,v1=%s,v1=%s";
        assertEquals(
                Optional.empty(),
                stripe(header.formatted(OTHER, STRIPE_SIGNATURE), STRIPE_BODY, STRIPE_TIME));
        assertEquals(
                Optional.empty(),
                stripe(header.formatted(STRIPE_SIGNATURE, OTHER), STRIPE_BODY, STRIPE_TIME));
        is(WebhookFlaw.WRONG, stripe(header.formatted(OTHER, OTHER), STRIPE_BODY, STRIPE_TIME));
        is(
                WebhookFlaw.MALFORMED,
                stripe(
                        "t=1492774577" + (",v1=" + STRIPE_SIGNATURE).repeat(17),
                        STRIPE_BODY,
                        STRIPE_TIME));
    }

    @Test
    void aHeaderOfStripeHasOneTimeAndASignature() {
        String v1 = "v1=" + STRIPE_SIGNATURE;
        for (String bad :
                List.of(
                        "",
                        v1,
                        "t=1492774577",
                        "t=1492774577,v0=" + STRIPE_SIGNATURE,
                        "t=," + v1,
                        "t=+1492774577," + v1,
                        "t=-1," + v1,
                        "t=1e9," + v1,
                        "t=1111111111111," + v1,
                        "t=1492774577,t=1492774577," + v1,
                        "t=1492774577," + v1 + "0",
                        "t=1492774577," + v1 + "," + "x".repeat(5_000))) {
            is(WebhookFlaw.MALFORMED, stripe(bad, STRIPE_BODY, STRIPE_TIME));
        }
    }

    @Test
    void whatIsSignedByTheStandardIsRight() {
        String time = Long.toString(STANDARD_TIME);
        String bare = STANDARD_SECRET.substring("whsec_".length());
        for (String secret : List.of(STANDARD_SECRET, bare)) {
            assertEquals(
                    Optional.empty(),
                    standard(secret, STANDARD_ID, time, STANDARD_SIGNATURE, STANDARD_TIME));
        }
        String several = "v1a,abc v1," + "A".repeat(43) + "= " + STANDARD_SIGNATURE;
        assertEquals(
                Optional.empty(),
                standard(STANDARD_SECRET, STANDARD_ID, time, several, STANDARD_TIME));
        is(
                WebhookFlaw.WRONG,
                standard(STANDARD_SECRET, "msg_x", time, STANDARD_SIGNATURE, STANDARD_TIME));
        is(
                WebhookFlaw.TOO_OLD,
                standard(
                        STANDARD_SECRET,
                        STANDARD_ID,
                        time,
                        STANDARD_SIGNATURE,
                        STANDARD_TIME + 301));
        is(
                WebhookFlaw.BAD_SECRET,
                standard("whsec_*", STANDARD_ID, time, STANDARD_SIGNATURE, STANDARD_TIME));
        is(
                WebhookFlaw.MALFORMED,
                standard(STANDARD_SECRET, "a.b", time, STANDARD_SIGNATURE, STANDARD_TIME));
        is(
                WebhookFlaw.MALFORMED,
                standard(STANDARD_SECRET, STANDARD_ID, time, "v1,AAAA", STANDARD_TIME));
        is(
                WebhookFlaw.MALFORMED,
                standard(STANDARD_SECRET, STANDARD_ID, "1.5", STANDARD_SIGNATURE, STANDARD_TIME));
        is(
                WebhookFlaw.MISSING,
                check(
                        WebhookRule.Scheme.STANDARD,
                        STANDARD_SECRET,
                        Map.of("webhook-id", List.of("a"), "webhook-timestamp", List.of("1")),
                        STANDARD_BODY,
                        1));
    }

    @Test
    void aRuleNamesAVariableAndToleratesAnHourAtMost() {
        var scheme = WebhookRule.Scheme.STRIPE;
        assertThrows(
                IllegalArgumentException.class,
                () -> new WebhookRule(scheme, "a-b", Duration.ofMinutes(5)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WebhookRule(scheme, "A", Duration.ofMillis(999)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new WebhookRule(scheme, "A", Duration.ofSeconds(3_601)));
    }
}
