package io.runnel.routing.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** By chance, against {@link NaiveCache}: some hours of a few addresses, with answers under way. */
final class CacheModelTest {
    /** What can happen. */
    private enum Step {
        LOOK,
        ASK,
        ANSWER,
        FINISH,
        GIVE_UP,
        CHANGE,
        FORGET
    }

    private record Asking(NaiveCache.Request request, long asked) {}

    private record Gathering(
            Asking asking, NaiveCache.Answer answer, long answered, Keeping keeping) {}

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);
    private final CacheFixture at = new CacheFixture();
    private final NaiveCache naive = new NaiveCache();
    private final List<Asking> asking = new ArrayList<>();
    private final List<Gathering> gathering = new ArrayList<>();
    private final Map<Step, Integer> done = new EnumMap<>(Step.class);
    private int bodies;
    private int given;

    @Test
    void itDoesWhatAPlainOneWould() {
        System.out.println("seed " + seed);
        for (int step = 0; step < 20_000; step++) {
            at.now += 1 + random.nextInt(2000);
            String where = "seed %d step %d".formatted(seed, step);
            Step next = next();
            done.merge(next, 1, Integer::sum);
            take(next, where);
            assertEquals(naive.size(), at.cache.counts().entries(), where + " " + next);
        }
        assertEquals(Step.values().length, done.size(), done.toString());
        assertTrue(given > 300, "answers were given: " + given);
        gathering.forEach(it -> it.keeping.giveUp());
        at.cache.clear(at.now);
        assertEquals(0, at.cache.counts().bytes(), "seed " + seed);
    }

    private Step next() {
        int of = random.nextInt(100);
        if (of < 50) {
            return Step.LOOK;
        }
        if (of < 64) {
            return Step.ASK;
        }
        if (of < 80) {
            return Step.ANSWER;
        }
        if (of < 94) {
            return Step.FINISH;
        }
        if (of < 96) {
            return Step.GIVE_UP;
        }
        return of < 99 ? Step.CHANGE : Step.FORGET;
    }

    private void take(Step step, String where) {
        switch (step) {
            case LOOK -> look(where);
            case ASK -> asking.add(new Asking(request(), at.now));
            case ANSWER -> answer();
            case FINISH -> finish();
            case GIVE_UP -> {
                if (!gathering.isEmpty()) {
                    gathering.remove(random.nextInt(gathering.size())).keeping.giveUp();
                }
            }
            case CHANGE -> {
                String target = target();
                at.cache.invalidate(CacheFixture.request("POST", target), at.now);
                naive.changed(target, at.now);
            }
            case FORGET -> {
                at.cache.forget("api", at.now);
                for (int i = 0; i < 4; i++) {
                    naive.changed("/" + i, at.now);
                }
            }
        }
    }

    private void look(String where) {
        NaiveCache.Request request = request();
        String expected = naive.lookup(request, at.now);
        Lookup found = at.lookup(real(request));
        assertEquals(expected, word(found), where + " " + request);
        given += found instanceof Lookup.Fresh || found instanceof Lookup.Stale ? 1 : 0;
    }

    private static String word(Lookup found) {
        return switch (found) {
            case Lookup.Fresh it ->
                    "fresh %s %d".formatted(CacheFixture.body(it.answer()), it.age().toMillis());
            case Lookup.Stale it ->
                    "stale %s %d %s %d %s"
                            .formatted(
                                    CacheFixture.body(it.answer()),
                                    it.age().toMillis(),
                                    it.whileRevalidating(),
                                    it.ifError().map(Duration::toMillis).orElse(0L),
                                    it.yours());
            case Lookup.Miss it -> "miss " + it.why().label();
            case Lookup.Bypass it -> "bypass " + it.why().label();
            case Lookup.Unsatisfiable _ -> "unsatisfiable";
        };
    }

    private void answer() {
        if (asking.isEmpty()) {
            return;
        }
        Asking asked = asking.remove(random.nextInt(asking.size()));
        NaiveCache.Answer answer = drawAnswer();
        Optional<Keeping> keeping =
                at.cache.offer(
                        real(asked.request),
                        at.policy,
                        answer.status(),
                        headers(answer).lines(),
                        asked.asked,
                        at.now);
        if (keeping.isPresent()) {
            gathering.add(new Gathering(asked, answer, at.now, keeping.get()));
        } else {
            naive.answered(asked.request, answer, asked.asked, at.now);
        }
    }

    private void finish() {
        if (gathering.isEmpty()) {
            return;
        }
        Gathering one = gathering.remove(random.nextInt(gathering.size()));
        for (byte b : one.answer.body().getBytes(StandardCharsets.UTF_8)) {
            assertTrue(one.keeping.add(new byte[] {b}));
        }
        one.keeping.finish();
        naive.answered(one.asking.request, one.answer, one.asking.asked, one.answered);
    }

    private String target() {
        return "/" + random.nextInt(4);
    }

    private NaiveCache.Request request() {
        return new NaiveCache.Request(
                target(),
                random.nextInt(10) == 0,
                random.nextBoolean() ? Optional.of("x" + random.nextInt(3)) : Optional.empty(),
                random.nextInt(5) == 0 ? random.nextInt(40) * 1000L : -1,
                random.nextInt(5) == 0 ? random.nextInt(40) * 1000L : -1);
    }

    private NaiveCache.Answer drawAnswer() {
        return new NaiveCache.Answer(
                "body " + bodies++,
                random.nextInt(10) == 0 ? 503 : 200,
                random.nextBoolean(),
                random.nextInt(10) == 0,
                random.nextInt(5) == 0,
                random.nextInt(120) * 1000L,
                random.nextInt(60) * 1000L,
                random.nextInt(60) * 1000L);
    }

    private static CacheRequest real(NaiveCache.Request request) {
        List<String> headers = new ArrayList<>();
        request.x().ifPresent(x -> headers.add("X: " + x));
        if (request.maxAge() >= 0) {
            headers.add("Cache-Control: max-age=" + request.maxAge() / 1000);
        }
        if (request.maxStale() >= 0) {
            headers.add("Cache-Control: max-stale=" + request.maxStale() / 1000);
        }
        return CacheFixture.request(
                request.head() ? "HEAD" : "GET", request.target(), headers.toArray(new String[0]));
    }

    private static Headers headers(NaiveCache.Answer answer) {
        String control =
                "Cache-Control: max-age=%d, stale-while-revalidate=%d, stale-if-error=%d%s%s"
                        .formatted(
                                answer.maxAge() / 1000,
                                answer.whileRevalidating() / 1000,
                                answer.ifError() / 1000,
                                answer.noStore() ? ", no-store" : "",
                                answer.mustRevalidate() ? ", must-revalidate" : "");
        return answer.varies() ? Headers.of(control, "Vary: X") : Headers.of(control);
    }
}
