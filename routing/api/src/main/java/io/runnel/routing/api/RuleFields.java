package io.runnel.routing.api;

import io.runnel.routing.catalog.CallRate;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rules of routes as documents write them. Pure. */
final class RuleFields {
    private static final Pattern RATE = Pattern.compile("(\\d{1,7})/s");

    private RuleFields() {}

    /** {@code "100/s"}, or an object. */
    static CallRate rate(Place place) throws ApiDocumentException {
        if (place.node().isTextual()) {
            return place.value(RuleFields::rateOf);
        }
        place.knowing(Set.of("perSecond", "burst"));
        int perSecond = place.required("perSecond").number();
        Optional<Place> burst = place.field("burst");
        int most = burst.isPresent() ? burst.get().number() : perSecond;
        return place.built(() -> new CallRate(perSecond, most));
    }

    private static CallRate rateOf(String text) {
        Matcher matcher = RATE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("must be as 100/s, or an object");
        }
        int perSecond = Integer.parseInt(matcher.group(1));
        return new CallRate(perSecond, perSecond);
    }

    /** {@code "60s"}, or an object. */
    static CacheRule cache(Place place) throws ApiDocumentException {
        if (place.node().isTextual()) {
            Duration maxAge = place.value(DurationText::parse);
            return place.built(() -> new CacheRule(maxAge, Duration.ZERO, Duration.ZERO, false));
        }
        place.knowing(Set.of("maxAge", "staleWhileRevalidate", "staleIfError", "authenticated"));
        Duration maxAge = place.required("maxAge").value(DurationText::parse);
        Duration revalidate = duration(place, "staleWhileRevalidate", Duration.ZERO);
        Duration error = duration(place, "staleIfError", Duration.ZERO);
        boolean authenticated = flag(place, "authenticated");
        return place.built(() -> new CacheRule(maxAge, revalidate, error, authenticated));
    }

    /** {@code true}, {@code false} for none, or an object. */
    static Optional<CorsRule> cors(Place place) throws ApiDocumentException {
        if (place.node().isBoolean()) {
            return place.flag() ? Optional.of(CorsRule.ANY) : Optional.empty();
        }
        place.knowing(Set.of("origins", "headers", "expose", "maxAge", "credentials"));
        List<String> origins = place.required("origins").texts();
        List<String> headers = texts(place, "headers");
        List<String> expose = texts(place, "expose");
        Duration maxAge = duration(place, "maxAge", CorsRule.DEFAULT_AGE);
        boolean credentials = flag(place, "credentials");
        return Optional.of(
                place.built(() -> new CorsRule(origins, headers, expose, maxAge, credentials)));
    }

    static WebhookRule webhook(Place place) throws ApiDocumentException {
        place.requireObject().knowing(Set.of("scheme", "secret", "tolerance"));
        WebhookRule.Scheme scheme = place.required("scheme").value(RuleFields::scheme);
        String secret = place.required("secret").text();
        Optional<Place> tolerance = place.field("tolerance");
        if (tolerance.isPresent() && !scheme.isTimed()) {
            throw tolerance.get().flaw("is of no use: the scheme signs no time");
        }
        Duration most = duration(place, "tolerance", WebhookRule.DEFAULT_TOLERANCE);
        return place.built(() -> new WebhookRule(scheme, secret, most));
    }

    private static WebhookRule.Scheme scheme(String text) {
        for (WebhookRule.Scheme scheme : WebhookRule.Scheme.values()) {
            if (scheme.name().toLowerCase(Locale.ROOT).equals(text)) {
                return scheme;
            }
        }
        throw new IllegalArgumentException("must be github, stripe or standard");
    }

    private static Duration duration(Place place, String name, Duration otherwise)
            throws ApiDocumentException {
        Optional<Place> field = place.field(name);
        return field.isPresent() ? field.get().value(DurationText::parse) : otherwise;
    }

    private static boolean flag(Place place, String name) throws ApiDocumentException {
        Optional<Place> field = place.field(name);
        return field.isPresent() && field.get().flag();
    }

    private static List<String> texts(Place place, String name) throws ApiDocumentException {
        Optional<Place> field = place.field(name);
        return field.isPresent() ? field.get().texts() : List.of();
    }
}
