package io.runnel.routing.cache;

import java.util.Comparator;
import java.util.Locale;

/**
 * What answers are found by, before their Vary is looked at (RFC 9111, section 2). What was
 * answered to callers who proved who they are is kept apart from what anybody gets.
 *
 * <p>Comparable, so that a map finds its way even among keys of which somebody made the hashes
 * equal.
 */
final class CacheKey implements Comparable<CacheKey> {
    private static final Comparator<CacheKey> ORDER =
            Comparator.comparing(CacheKey::target)
                    .thenComparing(CacheKey::authority)
                    .thenComparing(CacheKey::scheme)
                    .thenComparing(CacheKey::space)
                    .thenComparing(CacheKey::isAuthenticated);

    private final String space;
    private final String scheme;
    private final String authority;
    private final String target;
    private final boolean authenticated;
    private final int hash;

    private CacheKey(
            String space, String scheme, String authority, String target, boolean authenticated) {
        this.space = space;
        this.scheme = scheme;
        this.authority = authority;
        this.target = target;
        this.authenticated = authenticated;
        int mixed = 31 * space.hashCode() + scheme.hashCode();
        mixed = 31 * mixed + authority.hashCode();
        mixed = 31 * mixed + target.hashCode();
        this.hash = authenticated ? ~mixed : mixed;
    }

    static CacheKey of(CacheRequest request, boolean authenticated) {
        String scheme = request.scheme().toLowerCase(Locale.ROOT);
        return new CacheKey(
                request.space(),
                scheme,
                withoutOwnPort(scheme, request.authority().toLowerCase(Locale.ROOT)),
                request.target(),
                authenticated);
    }

    private static String withoutOwnPort(String scheme, String authority) {
        String port = scheme.equals("https") ? ":443" : ":80";
        return authority.endsWith(port)
                ? authority.substring(0, authority.length() - port.length())
                : authority;
    }

    String space() {
        return space;
    }

    private String scheme() {
        return scheme;
    }

    private String authority() {
        return authority;
    }

    private String target() {
        return target;
    }

    private boolean isAuthenticated() {
        return authenticated;
    }

    int characters() {
        return space.length() + scheme.length() + authority.length() + target.length();
    }

    @Override
    public int compareTo(CacheKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CacheKey key
                && hash == key.hash
                && target.equals(key.target)
                && authority.equals(key.authority)
                && scheme.equals(key.scheme)
                && space.equals(key.space)
                && authenticated == key.authenticated;
    }

    @Override
    public int hashCode() {
        return hash;
    }
}
