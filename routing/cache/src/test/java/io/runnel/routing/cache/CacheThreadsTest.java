package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/** Many threads at once, on a cache that is always full. */
final class CacheThreadsTest {
    private static final int THREADS = 8;
    private static final int STEPS = 20_000;
    private static final long MOST_BYTES = 1 << 18;

    private final long seed = new Random().nextLong();
    private final HttpCache cache = new HttpCache(MOST_BYTES, 1 << 14);
    private final AtomicLong clock = new AtomicLong(CacheFixture.START);
    private final CachePolicy policy = CacheFixture.policy(20, 20, 20);

    private int run(int thread) {
        Random random = new Random(seed + thread);
        int given = 0;
        for (int step = 0; step < STEPS; step++) {
            long now = clock.incrementAndGet();
            // Some are asked for much more often than others.
            int name = random.nextInt(1 + random.nextInt(400));
            CacheRequest request = CacheFixture.get("/" + name, "X: " + random.nextInt(3));
            switch (cache.lookup(request, policy, now)) {
                case Lookup.Fresh it -> {
                    check(name, it.answer());
                    given++;
                }
                case Lookup.Stale it -> {
                    check(name, it.answer());
                    given++;
                    answer(request, name, random);
                }
                case Lookup.Miss _ -> answer(request, name, random);
                case Lookup.Bypass _, Lookup.Unsatisfiable _ ->
                        throw new AssertionError("neither was asked for");
            }
            disturb(request, random);
            long bytes = cache.counts().bytes();
            assertTrue(bytes >= 0 && bytes <= MOST_BYTES, "seed " + seed + ": " + bytes);
        }
        return given;
    }

    private void disturb(CacheRequest request, Random random) {
        int of = random.nextInt(1000);
        if (of < 10) {
            cache.invalidate(request, clock.incrementAndGet());
        } else if (of == 10) {
            cache.forget("api", clock.incrementAndGet());
        } else if (of == 11) {
            cache.clear(clock.incrementAndGet());
        }
    }

    /** All of an answer's bytes are the same, and say which it is. */
    private void answer(CacheRequest request, int name, Random random) {
        byte mark = (byte) random.nextInt();
        int parts = random.nextInt(4);
        long asked = clock.get();
        Headers headers =
                Headers.of(
                        "X-Name: " + name,
                        "X-Mark: " + mark,
                        "X-Length: " + parts * 300,
                        random.nextBoolean() ? "Vary: X" : "X-Other: y");
        Optional<Keeping> keeping =
                cache.offer(request, policy, 200, headers.lines(), asked, clock.incrementAndGet());
        if (keeping.isEmpty()) {
            return;
        }
        for (int i = 0; i < parts; i++) {
            byte[] part = new byte[300];
            Arrays.fill(part, mark);
            keeping.get().add(part);
        }
        if (random.nextInt(10) == 0) {
            keeping.get().giveUp();
        } else {
            keeping.get().finish();
        }
    }

    private void check(int name, StoredAnswer answer) {
        Headers headers = new Headers(answer.headers());
        assertEquals(Integer.toString(name), headers.only("X-Name").orElseThrow());
        assertEquals(Integer.toString(answer.length()), headers.only("X-Length").orElseThrow());
        String mark = headers.only("X-Mark").orElseThrow();
        for (byte b : answer.sharedBody()) {
            assertEquals(mark, Byte.toString(b), "seed " + seed);
        }
    }

    @Test
    void theBoundHoldsAndNoAnswerIsTorn() throws InterruptedException, ExecutionException {
        System.out.println("seed " + seed);
        List<Callable<Integer>> runs = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            runs.add(() -> run(thread));
        }
        int given = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (Future<Integer> run : threads.invokeAll(runs)) {
                given += run.get();
            }
        }
        CacheCounts counts = cache.counts();
        assertTrue(given > STEPS / 10, "given " + given);
        assertTrue(counts.evicted() > 100, counts.toString());
        assertTrue(counts.entries() > 0, counts.toString());
        cache.clear(clock.incrementAndGet());
        assertEquals(0, cache.counts().bytes(), "nothing was lost on the way");
        assertEquals(0, cache.counts().entries());
    }

    @Test
    void ofAllWhoComeAtOnceOneRevalidates() throws InterruptedException, ExecutionException {
        CacheRequest request = CacheFixture.get("/a");
        cache.offer(request, policy, 200, List.of(), CacheFixture.START, CacheFixture.START)
                .orElseThrow()
                .finish();
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < 200; round++) {
                long now = CacheFixture.START + 20_000 + round * 50L;
                List<Callable<Boolean>> looks = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    looks.add(
                            () ->
                                    cache.lookup(request, policy, now) instanceof Lookup.Stale stale
                                            && stale.yours());
                }
                int yours = 0;
                for (Future<Boolean> look : threads.invokeAll(looks)) {
                    yours += look.get() ? 1 : 0;
                }
                assertEquals(round == 0 ? 1 : 0, yours, "round " + round);
            }
        }
    }
}
