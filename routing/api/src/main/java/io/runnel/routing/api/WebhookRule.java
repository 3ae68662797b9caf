package io.runnel.routing.api;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Who signs a route's requests, and how: the sender of a webhook, with a secret that it shares with
 * the route's task. What is checked is the body as it came. A request that was signed may come
 * again within the tolerance (always, with GitHub's scheme, which signs no time): a task that must
 * do something once goes by the delivery's id.
 *
 * @param scheme how
 * @param secret the name of the task's secret variable that holds the secret
 * @param tolerance how far the signed time may be from now; schemes without a time have no use for
 *     it
 */
public record WebhookRule(Scheme scheme, String secret, Duration tolerance) {
    /** What is tolerated where a rule says nothing: 5 minutes, as senders recommend. */
    public static final Duration DEFAULT_TOLERANCE = Duration.ofMinutes(5);

    /** The most that may be tolerated. */
    public static final Duration MOST_TOLERANCE = Duration.ofHours(1);

    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");

    /** How requests are signed, each by HMAC-SHA256. */
    public enum Scheme {
        /**
         * GitHub's: {@code X-Hub-Signature-256: sha256=HEX} of the body. Source:
         * docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries.
         */
        GITHUB(false),

        /**
         * Stripe's: {@code Stripe-Signature: t=SECONDS,v1=HEX}, perhaps several {@code v1}, of
         * {@code SECONDS.BODY}. Source: docs.stripe.com/webhooks/signature.
         */
        STRIPE(true),

        /**
         * Standard Webhooks: {@code webhook-signature: v1,BASE64}, perhaps several with blanks
         * between, of {@code ID.SECONDS.BODY}, where {@code webhook-id} and {@code
         * webhook-timestamp} say the first two. Its secret is Base64, perhaps behind {@code
         * whsec_}. Source: github.com/standard-webhooks/standard-webhooks, spec.
         */
        STANDARD(true);

        private final boolean timed;

        Scheme(boolean timed) {
            this.timed = timed;
        }

        /** Whether a time is signed. */
        public boolean isTimed() {
            return timed;
        }
    }

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the secret is no variable's name, or the tolerance is not
     *     1 second to the most
     */
    public WebhookRule {
        if (!VARIABLE.matcher(secret).matches()) {
            throw new IllegalArgumentException(
                    "secret must be the name of a variable: 1 to 128 of A-Z, a-z, 0-9 and _, no"
                            + " digit first");
        }
        if (tolerance.compareTo(Duration.ofSeconds(1)) < 0
                || tolerance.compareTo(MOST_TOLERANCE) > 0) {
            throw new IllegalArgumentException("tolerance must be 1s to 1h");
        }
    }

    /**
     * Checks a request.
     *
     * @param key the value of the secret variable
     * @param headers all values of a header by its name, which is asked in lower case
     * @param body as it came
     * @param nowEpochSeconds by a clock that is set
     * @return empty if it is as its sender signed it
     */
    public Optional<WebhookFlaw> check(
            byte[] key, Function<String, List<String>> headers, byte[] body, long nowEpochSeconds) {
        try {
            SignedDelivery delivery = SignedDelivery.read(scheme, headers);
            Optional<WebhookFlaw> flaw = delivery.check(key, body);
            if (flaw.isPresent() || !scheme.isTimed()) {
                return flaw;
            }
            long apart = Math.abs(nowEpochSeconds - delivery.epochSeconds());
            return apart > tolerance.toSeconds()
                    ? Optional.of(WebhookFlaw.TOO_OLD)
                    : Optional.empty();
        } catch (SignedDelivery.FlawException e) {
            return Optional.of(e.flaw());
        }
    }
}
