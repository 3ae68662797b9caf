package io.runnel.routing.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cache of endless memory would do, as plainly as it can be said: a list of answers, of
 * which each time all are looked at. Knows one header to vary by, {@code x}, and no clock but its
 * caller's.
 */
final class NaiveCache {
    /** An answer that says all of this. Times are milliseconds. */
    record Answer(
            String body,
            int status,
            boolean varies,
            boolean noStore,
            boolean mustRevalidate,
            long maxAge,
            long whileRevalidating,
            long ifError) {}

    /**
     * A request; {@code x} is its header's value, empty if it has none. Milliseconds, negative if
     * it does not say.
     */
    record Request(String target, boolean head, Optional<String> x, long maxAge, long maxStale) {}

    private record Held(Answer answer, Request request, long asked, long answered) {
        boolean fits(Request other) {
            return request.target.equals(other.target)
                    && (!answer.varies || request.x.equals(other.x));
        }

        long stale(long now) {
            return now - asked - answer.maxAge;
        }
    }

    private final List<Held> all = new ArrayList<>();
    private final Map<String, Long> changed = new HashMap<>();
    private final Map<Held, Long> turns = new HashMap<>();

    /** What a lookup says, in a word, with the body and the age where there is one. */
    String lookup(Request request, long now) {
        List<Held> here =
                all.stream().filter(it -> it.request.target.equals(request.target)).toList();
        Optional<Held> found =
                here.stream()
                        .filter(it -> it.fits(request))
                        .max(
                                (a, b) ->
                                        a.answer.varies == b.answer.varies
                                                ? Long.compare(a.answered, b.answered)
                                                : Boolean.compare(
                                                        a.answer.varies, b.answer.varies));
        String ask = request.head ? "bypass " : "miss ";
        if (found.isEmpty()) {
            return ask + (here.isEmpty() ? "uri-miss" : "vary-miss");
        }
        Held held = found.get();
        long age = now - held.asked;
        boolean young = request.maxAge < 0 || age <= request.maxAge;
        if (held.stale(now) < 0) {
            return young ? "fresh %s %d".formatted(held.answer.body, age) : ask + "request";
        }
        boolean asked = request.maxStale >= 0 && held.stale(now) <= request.maxStale && young;
        boolean meanwhile =
                !held.answer.mustRevalidate
                        && (asked
                                || (request.maxAge < 0
                                        && held.stale(now) < held.answer.whileRevalidating));
        long ifError = held.answer.mustRevalidate ? 0 : held.answer.ifError - held.stale(now);
        if (request.head || (!meanwhile && ifError <= 0)) {
            return ask + "stale";
        }
        boolean yours = now - turns.getOrDefault(held, Long.MIN_VALUE / 2) >= 10_000;
        if (yours) {
            turns.put(held, now);
        }
        return "stale %s %d %s %d %s"
                .formatted(held.answer.body, age, meanwhile, Math.max(0, ifError), yours);
    }

    void answered(Request request, Answer answer, long asked, long answered) {
        long afterwards =
                answer.mustRevalidate ? 0 : Math.max(answer.whileRevalidating, answer.ifError);
        boolean useful = answer.maxAge - (answered - asked) + afterwards > 0;
        if (request.head || answer.status != 200) {
            return;
        }
        if (answer.noStore || !useful) {
            all.removeIf(it -> it.fits(request) && it.stale(answered) >= 0);
            return;
        }
        if (asked <= changed.getOrDefault(request.target, -1L)
                || all.stream()
                        .anyMatch(
                                it ->
                                        it.fits(request)
                                                && it.answered > answered
                                                && it.stale(it.answered) < 0)) {
            return;
        }
        all.removeIf(it -> it.fits(request));
        all.add(new Held(answer, request, asked, answered));
    }

    void changed(String target, long now) {
        all.removeIf(it -> it.request.target.equals(target));
        changed.put(target, now);
    }

    int size() {
        return all.size();
    }
}
