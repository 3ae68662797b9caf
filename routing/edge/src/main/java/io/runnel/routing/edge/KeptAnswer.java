package io.runnel.routing.edge;

import io.runnel.exec.http.RunnelHeaders;
import io.runnel.routing.cache.CachePolicy;
import io.runnel.routing.cache.CacheRequest;
import io.runnel.routing.cache.CacheStatus;
import io.runnel.routing.cache.Forward;
import io.runnel.routing.cache.HttpCache;
import io.runnel.routing.cache.Keeping;
import io.runnel.routing.cache.Lookup;
import io.runnel.routing.cache.StoredAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** An answer on its way into the cache, and what stands in for it if it is none. One event loop. */
final class KeptAnswer {
    private static final String OURS = "Runnel-";
    private static final int INTERNAL = 500;
    private static final int BAD_GATEWAY = 502;
    private static final int UNAVAILABLE = 503;
    private static final int TIMEOUT = 504;

    private final HttpCache cache;
    private final CacheRequest request;
    private final CachePolicy policy;
    private final List<String> varying;
    private final Forward why;
    private final Optional<Lookup.Stale> stale;
    private final InstantSource clock;
    private final long askedMillis;
    private Optional<Keeping> keeping = Optional.empty();

    /**
     * One that is asked for now.
     *
     * @param varying headers of the request that it depends on, whatever its task says
     * @param stale what there is if it fails
     */
    KeptAnswer(
            HttpCache cache,
            CacheRequest request,
            CachePolicy policy,
            List<String> varying,
            Forward why,
            Optional<Lookup.Stale> stale,
            InstantSource clock) {
        this.cache = cache;
        this.request = request;
        this.policy = policy;
        this.varying = varying;
        this.why = why;
        this.stale = stale;
        this.clock = clock;
        this.askedMillis = clock.millis();
    }

    /** What is answered in place of an answer of this status (RFC 5861, section 4), if anything. */
    Optional<StoredAnswer> insteadOf(int status) {
        boolean failed =
                switch (status) {
                    case INTERNAL, BAD_GATEWAY, UNAVAILABLE, TIMEOUT -> true;
                    default -> false;
                };
        Duration waited = Duration.ofMillis(clock.millis() - askedMillis);
        return stale.filter(
                        it ->
                                failed
                                        && it.ifError()
                                                .filter(left -> left.compareTo(waited) >= 0)
                                                .isPresent())
                .map(Lookup.Stale::answer);
    }

    /** Puts the head of what is answered instead in place of what was going to be. */
    void putInstead(int status, MultiMap headers, StoredAnswer answer) {
        Duration age = stale.orElseThrow().age().plusMillis(clock.millis() - askedMillis);
        ApiCache.putHead(headers, answer, age, CacheStatus.staleIfError(OptionalInt.of(status)));
    }

    /** Its head is about to be written. */
    void begins(int status, MultiMap headers) {
        if (!varying.isEmpty()) {
            headers.add(HttpHeaders.VARY, String.join(", ", varying));
        }
        List<Map.Entry<String, String>> its =
                headers.entries().stream().filter(header -> !isOfTheCall(header.getKey())).toList();
        keeping = cache.offer(request, policy, status, its, askedMillis, clock.millis());
        headers.set(
                CacheStatus.NAME,
                CacheStatus.forwarded(why, OptionalInt.empty(), keeping.isPresent()));
    }

    /** What is said of one call and of no other. */
    private static boolean isOfTheCall(String name) {
        return name.regionMatches(true, 0, OURS, 0, OURS.length())
                || name.equalsIgnoreCase(RunnelHeaders.SERVER_TIMING.toString());
    }

    /** The next part of its body. */
    void adds(Buffer part) {
        keeping = keeping.filter(it -> it.add(part.getBytes()));
    }

    /** It is whole. */
    void ends() {
        keeping.ifPresent(Keeping::finish);
        keeping = Optional.empty();
    }

    /** No more of it comes. */
    void over() {
        keeping.ifPresent(Keeping::giveUp);
        keeping = Optional.empty();
    }
}
