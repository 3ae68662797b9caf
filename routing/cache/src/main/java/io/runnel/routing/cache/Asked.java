package io.runnel.routing.cache;

import java.util.List;
import java.util.Optional;

/**
 * What a request wants of the cache, before it is known what there is.
 *
 * @param bypass why it has nothing to do with the cache; empty if it has
 * @param control what its Cache-Control says, or Pragma where there is none
 */
record Asked(Optional<Forward> bypass, CacheControl control) {
    /** Of an address. A longer one is not kept. */
    static final int MOST_CHARACTERS = 8192;

    private static final CacheControl NO_CACHE = CacheControl.of(List.of("no-cache"));

    static Asked of(CacheRequest request, CachePolicy policy) {
        if (!request.isGet() && !request.isHead()) {
            return new Asked(Optional.of(Forward.METHOD), CacheControl.NONE);
        }
        CacheControl control = control(request.headers());
        return new Asked(bypass(request, policy, control), control);
    }

    private static CacheControl control(HeaderView headers) {
        List<String> lines = headers.all("Cache-Control");
        if (!lines.isEmpty()) {
            return CacheControl.of(lines);
        }
        List<String> old = headers.all("Pragma");
        return !old.isEmpty() && CacheControl.of(old).has(Directive.NO_CACHE)
                ? NO_CACHE
                : CacheControl.NONE;
    }

    private static Optional<Forward> bypass(
            CacheRequest request, CachePolicy policy, CacheControl control) {
        if (control.has(Directive.NO_STORE)) {
            return Optional.of(Forward.REQUEST);
        }
        boolean refused =
                request.hasBody()
                        || (isAuthenticated(request) && !policy.authenticated())
                        || !request.headers().all("Range").isEmpty()
                        || request.authority().length() + request.target().length()
                                > MOST_CHARACTERS;
        return refused ? Optional.of(Forward.BYPASS) : Optional.empty();
    }

    static boolean isAuthenticated(CacheRequest request) {
        return request.authenticated() || !request.headers().all("Authorization").isEmpty();
    }

    boolean onlyIfCached() {
        return control.has(Directive.ONLY_IF_CACHED);
    }

    boolean noCache() {
        return control.has(Directive.NO_CACHE);
    }

    /** Whether a fresh answer is fresh and young enough. */
    boolean takes(long ageMillis, long leftMillis) {
        return ageMillis <= control.millis(Directive.MAX_AGE).orElse(Long.MAX_VALUE)
                && leftMillis >= control.millis(Directive.MIN_FRESH).orElse(0);
    }

    /**
     * Whether it takes an answer that is stale for so long: as the answer allows, or else as it
     * says itself. Who says how old or fresh it has to be takes no stale ones, unless he says so
     * too (RFC 9111, section 5.2.1).
     */
    boolean takesStale(Freshness freshness, long nowMillis) {
        long stale = -freshness.left(nowMillis);
        boolean allowed =
                freshness.mayBeStale() && stale <= control.millis(Directive.MAX_STALE).orElse(-1);
        if (allowed) {
            return takes(freshness.age(nowMillis), 0) && !control.has(Directive.MIN_FRESH);
        }
        return stale < freshness.whileRevalidating()
                && !control.has(Directive.MAX_AGE)
                && !control.has(Directive.MIN_FRESH);
    }
}
