package io.runnel.routing.cache;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A shared cache of answers, in memory: what RFC 9111 (HTTP Caching), RFC 5861
 * (stale-while-revalidate, stale-if-error) and RFC 9110 (conditions) say of one, for requests by
 * GET, and by HEAD where the answer to GET is fresh. Who has to go when there is no room: see
 * {@link Eviction}.
 *
 * <p>What it holds, with keys, headers and what lies around them, and what is being gathered, is
 * never more than so many bytes as it was given; beside that it has 0.2 to 2.2 MiB for itself.
 *
 * <p>Stricter than it would have to be: what sets a cookie is never kept, whatever it says; {@code
 * private} and {@code no-cache} mean all of an answer, also where they name fields; what cannot be
 * read in a Cache-Control header counts as {@code no-store}.
 *
 * <p>Any thread. Lookups take no lock; nothing here waits for anything but, for microseconds, for
 * others that change what is kept. Times are milliseconds of one clock; one that is set back makes
 * no answer younger than it came.
 */
public final class HttpCache {
    /** Within this time one caller alone is told to revalidate an answer. */
    public static final Duration REVALIDATION = Duration.ofSeconds(10);

    /** What an array can have. */
    private static final long MOST_LENGTH = Integer.MAX_VALUE - 8L;

    private static final Lookup.Unsatisfiable UNSATISFIABLE = new Lookup.Unsatisfiable();

    private final long mostAnswerBytes;
    private final Shelf shelf;
    private final LongAdder hits = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder misses = new LongAdder();

    /**
     * An empty one.
     *
     * @param mostBytes of all answers together
     * @param mostAnswerBytes of one with all that belongs to it. One of more than a quarter of all
     *     bytes, or an eighth if it comes in parts, is not kept anyway
     * @throws IllegalArgumentException if one is not positive or the second the larger
     */
    public HttpCache(long mostBytes, long mostAnswerBytes) {
        if (mostAnswerBytes <= 0 || mostBytes < mostAnswerBytes) {
            throw new IllegalArgumentException(
                    "mostAnswerBytes must be positive and at most mostBytes: %d of %d"
                            .formatted(mostAnswerBytes, mostBytes));
        }
        this.mostAnswerBytes = mostAnswerBytes;
        this.shelf = new Shelf(mostBytes);
    }

    /** What there is for a request. */
    public Lookup lookup(CacheRequest request, CachePolicy policy, long nowMillis) {
        Asked asked = Asked.of(request, policy);
        if (asked.bypass().isPresent()) {
            return asked.onlyIfCached() ? UNSATISFIABLE : new Lookup.Bypass(asked.bypass().get());
        }
        Lookup found =
                asked.noCache()
                        ? missing(request, asked, Forward.REQUEST)
                        : find(request, asked, nowMillis);
        count(found);
        return found;
    }

    private void count(Lookup found) {
        switch (found) {
            case Lookup.Fresh _ -> hits.increment();
            case Lookup.Stale _ -> stale.increment();
            case Lookup.Miss _, Lookup.Unsatisfiable _, Lookup.Bypass _ -> misses.increment();
        }
    }

    private Lookup find(CacheRequest request, Asked asked, long nowMillis) {
        Variants variants = shelf.find(key(request));
        if (variants.all().isEmpty()) {
            return missing(request, asked, Forward.URI_MISS);
        }
        Optional<Kept> selected = variants.select(request.headers());
        if (selected.isEmpty()) {
            return missing(request, asked, Forward.VARY_MISS);
        }
        Kept kept = selected.get();
        return kept.freshness.isFresh(nowMillis)
                ? fresh(kept, request, asked, nowMillis)
                : stale(kept, request, asked, nowMillis);
    }

    private static CacheKey key(CacheRequest request) {
        return CacheKey.of(request, Asked.isAuthenticated(request));
    }

    private static Lookup fresh(Kept kept, CacheRequest request, Asked asked, long nowMillis) {
        long age = kept.freshness.age(nowMillis);
        long left = kept.freshness.left(nowMillis);
        if (!asked.takes(age, left)) {
            return missing(request, asked, Forward.REQUEST);
        }
        kept.visit();
        return new Lookup.Fresh(kept.answer, Duration.ofMillis(age), Duration.ofMillis(left));
    }

    private static Lookup stale(Kept kept, CacheRequest request, Asked asked, long nowMillis) {
        long left = kept.freshness.left(nowMillis);
        long ifError = kept.freshness.ifError() + left;
        boolean meanwhile = asked.takesStale(kept.freshness, nowMillis);
        boolean isOfUse = meanwhile || ifError > 0 || kept.answer.hasValidator();
        // By HEAD nothing can be revalidated, as its answer is not kept.
        if (!isOfUse || request.isHead() || (asked.onlyIfCached() && !meanwhile)) {
            return missing(request, asked, Forward.STALE);
        }
        if (meanwhile) {
            kept.visit();
        }
        return new Lookup.Stale(
                kept.answer,
                Duration.ofMillis(kept.freshness.age(nowMillis)),
                Duration.ofMillis(left),
                meanwhile,
                ifError > 0 ? Optional.of(Duration.ofMillis(ifError)) : Optional.empty(),
                kept.takeTurn(nowMillis, REVALIDATION.toMillis()));
    }

    /** By HEAD there is nothing to offer. */
    private static Lookup missing(CacheRequest request, Asked asked, Forward why) {
        if (asked.onlyIfCached()) {
            return UNSATISFIABLE;
        }
        return request.isHead() ? new Lookup.Bypass(why) : new Lookup.Miss(why);
    }

    /**
     * Asks at an answer's head whether it may be kept; if it may, the body has to be gathered. An
     * answer of the task that may not be kept takes those away that it would have replaced, if they
     * are stale: they would be given for something that is not so any more. One that is an error,
     * or a part, takes nothing away.
     *
     * @param request the one that was looked up
     * @param headers of the answer, as the task said them
     * @param requestedMillis when the task was asked
     * @param answeredMillis when the head came
     */
    public Optional<Keeping> offer(
            CacheRequest request,
            CachePolicy policy,
            int status,
            List<Map.Entry<String, String>> headers,
            long requestedMillis,
            long answeredMillis) {
        if (!request.isGet() || Asked.of(request, policy).bypass().isPresent()) {
            return Optional.empty();
        }
        AnswerHead answer = new AnswerHead(status, headers);
        CacheKey key = key(request);
        Optional<Terms> terms = Terms.of(answer, policy, requestedMillis, answeredMillis);
        Optional<Keeping> keeping =
                terms.flatMap(it -> keeping(key, request.headers(), it, requestedMillis));
        if (keeping.isEmpty() && answer.isUnderstood()) {
            shelf.dropStale(key, request.headers(), answeredMillis);
        }
        return keeping;
    }

    private Optional<Keeping> keeping(
            CacheKey key, HeaderView request, Terms terms, long requestedMillis) {
        Optional<String> varyText = terms.vary().textOf(request);
        if (varyText.isEmpty()) {
            return Optional.empty();
        }
        long cost = Kept.cost(key, varyText.get(), terms);
        long mostLength = Math.min(mostAnswerBytes - cost, MOST_LENGTH);
        if (terms.length().orElse(0) > mostLength
                || !shelf.take(cost, terms.freshness().answered())) {
            return Optional.empty();
        }
        return Optional.of(
                new Keeping(
                        shelf,
                        key,
                        request,
                        terms,
                        varyText.get(),
                        requestedMillis,
                        cost,
                        mostLength));
    }

    /**
     * After the task was asked by {@link StoredAnswer#validators} and said 304: the stale answer
     * with what is new in its headers, to be given to who waits for it, and kept if it may be (RFC
     * 9111, section 4.3.4). Empty if the 304 is not about this answer: then the task has to be
     * asked without a condition.
     *
     * @param stale what was looked up
     * @param headers of the 304
     */
    public Optional<StoredAnswer> freshen(
            CacheRequest request,
            CachePolicy policy,
            StoredAnswer stale,
            List<Map.Entry<String, String>> headers,
            long requestedMillis,
            long answeredMillis) {
        if (!Freshening.isAbout(stale, headers, answeredMillis)) {
            return Optional.empty();
        }
        List<Map.Entry<String, String>> all = Freshening.headers(stale, headers);
        offer(request, policy, stale.status(), all, requestedMillis, answeredMillis)
                .ifPresent(
                        keeping -> {
                            keeping.add(stale.sharedBody());
                            keeping.finish();
                        });
        return Optional.of(
                new StoredAnswer(
                        stale.status(),
                        new AnswerHead(stale.status(), all).kept(answeredMillis),
                        stale.sharedBody(),
                        answeredMillis));
    }

    /**
     * After a request by a method that changes something was answered by 2xx or 3xx: what is kept
     * of its address is so no longer, whoever asked, and what was asked for up to now will not be
     * (RFC 9111, section 4.4). The same may be done for what its Location and Content-Location
     * name.
     */
    public void invalidate(CacheRequest request, long nowMillis) {
        shelf.dropAddress(CacheKey.of(request, false), nowMillis);
        shelf.dropAddress(CacheKey.of(request, true), nowMillis);
    }

    /** The same for all of a space; looks at everything that is kept. */
    public void forget(String space, long nowMillis) {
        shelf.dropSpace(space, nowMillis);
    }

    /** The same for all there is. */
    public void clear(long nowMillis) {
        shelf.dropAll(nowMillis);
    }

    /** What it did and holds. */
    public CacheCounts counts() {
        return shelf.counts(hits.sum(), stale.sum(), misses.sum());
    }
}
