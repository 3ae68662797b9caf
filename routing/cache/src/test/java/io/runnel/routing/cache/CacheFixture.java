package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/** A cache, a clock that is moved by hand, and a task that says what it is told to. */
final class CacheFixture {
    static final long START = 1_800_000_000_000L;

    final HttpCache cache;
    long now = START;
    CachePolicy policy = CachePolicy.AS_ANSWERED;

    CacheFixture() {
        this(1 << 22, 1 << 18);
    }

    CacheFixture(long mostBytes, long mostAnswerBytes) {
        cache = new HttpCache(mostBytes, mostAnswerBytes);
    }

    static CacheRequest get(String target, String... headers) {
        return request("GET", target, headers);
    }

    static CacheRequest request(String method, String target, String... headers) {
        return new CacheRequest(
                "api", method, "https", "example.com", target, Headers.of(headers), false, false);
    }

    static CachePolicy policy(long maxAge, long whileRevalidating, long ifError) {
        return new CachePolicy(
                Duration.ofSeconds(maxAge),
                Duration.ofSeconds(whileRevalidating),
                Duration.ofSeconds(ifError),
                false);
    }

    Lookup lookup(String target, String... headers) {
        return lookup(get(target, headers));
    }

    Lookup lookup(CacheRequest request) {
        return cache.lookup(request, policy, now);
    }

    Lookup.Fresh fresh(CacheRequest request) {
        return assertInstanceOf(Lookup.Fresh.class, lookup(request));
    }

    Lookup.Fresh fresh(String target, String... headers) {
        return fresh(get(target, headers));
    }

    Lookup.Stale stale(String target, String... headers) {
        return assertInstanceOf(Lookup.Stale.class, lookup(target, headers));
    }

    Optional<Keeping> offer(CacheRequest request, int status, String... headers) {
        return cache.offer(request, policy, status, Headers.of(headers).lines(), now, now);
    }

    /** Asks the task, which answers at once; whether its answer may be kept. */
    boolean answer(CacheRequest request, int status, String body, String... headers) {
        Optional<Keeping> keeping = offer(request, status, headers);
        keeping.ifPresent(
                it -> {
                    it.add(body.getBytes(StandardCharsets.UTF_8));
                    it.finish();
                });
        return keeping.isPresent();
    }

    /** The same for 200 and a request without headers. */
    boolean answer(String target, String body, String... headers) {
        return answer(get(target), 200, body, headers);
    }

    void pass(long seconds) {
        now += seconds * 1000;
    }

    static String body(StoredAnswer answer) {
        return StandardCharsets.UTF_8.decode(answer.body()).toString();
    }
}
