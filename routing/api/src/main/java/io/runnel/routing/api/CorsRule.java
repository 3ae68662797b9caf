package io.runnel.routing.api;

import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which pages of other origins may call an API, by a browser (the Fetch standard's CORS protocol).
 *
 * @param origins those of the pages, as {@code https://shop.example}; {@code *} alone for any
 * @param headers which requests may have beyond the ones that any may have, in lower case
 * @param expose which of an answer's headers a page may read beyond the ones that any may, in lower
 *     case
 * @param maxAge how long a browser may remember what it asked
 * @param credentials whether a browser may send what it knows of the user, and show the answer
 */
public record CorsRule(
        List<String> origins,
        List<String> headers,
        List<String> expose,
        Duration maxAge,
        boolean credentials) {
    /** The most of each list. */
    public static final int MOST = 64;

    /** What a browser may remember for, where a rule says nothing: 10 minutes. */
    public static final Duration DEFAULT_AGE = Duration.ofMinutes(10);

    /** The longest that it may say: a day, which is also what browsers take at most. */
    public static final Duration LONGEST_AGE = Duration.ofDays(1);

    /** Any origin, without credentials. */
    public static final CorsRule ANY =
            new CorsRule(List.of("*"), List.of(), List.of(), DEFAULT_AGE, false);

    private static final String ALL = "*";
    private static final int LONGEST_ORIGIN = 300;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there is no origin or one is none, {@code *} stands
     *     beside others or with credentials, a list is too long, a header is none, or the age is
     *     too long
     */
    public CorsRule {
        origins = List.copyOf(origins);
        headers = names("headers", headers);
        expose = names("expose", expose);
        if (origins.isEmpty() || origins.size() > MOST) {
            throw new IllegalArgumentException("origins must be 1 to " + MOST);
        }
        if (origins.contains(ALL) && (credentials || origins.size() > 1)) {
            throw new IllegalArgumentException("origin * must be alone, and without credentials");
        }
        for (String origin : origins) {
            if (!origin.equals(ALL) && !isOrigin(origin)) {
                throw new IllegalArgumentException(
                        "an origin must be as https://shop.example or http://localhost:3000, in"
                                + " small letters, without a path and a default port");
            }
        }
        if (maxAge.isNegative() || maxAge.compareTo(LONGEST_AGE) > 0) {
            throw new IllegalArgumentException("maxAge must be 0s to 1d");
        }
    }

    private static List<String> names(String what, List<String> names) {
        List<String> lower = names.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList();
        if (lower.size() > MOST || !lower.stream().allMatch(HeaderName::isOne)) {
            throw new IllegalArgumentException(
                    "%s must be at most %d names of headers".formatted(what, MOST));
        }
        // A name as * would mean all of them: a rule names what it lets through.
        if (lower.contains(ALL)) {
            throw new IllegalArgumentException(what + " must name each header: * is none");
        }
        return lower;
    }

    /**
     * What a response says of this origin in {@code Access-Control-Allow-Origin}: itself, or {@code
     * *}.
     *
     * @param origin as the request has it
     * @return empty if its pages may not call, or it is no origin
     */
    public Optional<String> allowedOrigin(String origin) {
        if (origins.contains(ALL)) {
            return Optional.of(ALL);
        }
        return isOrigin(origin) && origins.contains(origin)
                ? Optional.of(origin)
                : Optional.empty();
    }

    /** Whether a text is an origin as browsers write it (RFC 6454, 6.2): no {@code null}. */
    private static boolean isOrigin(String text) {
        if (text.length() > LONGEST_ORIGIN || !text.equals(text.toLowerCase(Locale.ROOT))) {
            return false;
        }
        try {
            URI uri = new URI(text);
            int defaultPort = "https".equals(uri.getScheme()) ? 443 : 80;
            boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
            return web
                    && uri.getHost() != null
                    && uri.getPort() != defaultPort
                    && text.equals(written(uri));
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static String written(URI uri) {
        String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
        return uri.getScheme() + "://" + uri.getHost() + port;
    }
}
