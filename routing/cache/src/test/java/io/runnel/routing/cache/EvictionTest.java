package io.runnel.routing.cache;

import static io.runnel.routing.cache.CacheFixture.get;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

final class EvictionTest {
    private static final String HOUR = "Cache-Control: max-age=3600";
    private static final int MOST_BYTES = 1 << 20;
    private static final String KIBIBYTE = "x".repeat(1024);

    private final CacheFixture at = new CacheFixture(MOST_BYTES, 1 << 18);

    /** Asks so often. */
    private void assertHas(String target, int times) {
        for (int i = 0; i < times; i++) {
            assertTrue(has(target), target);
        }
    }

    private boolean has(String target) {
        return at.lookup(target) instanceof Lookup.Fresh;
    }

    private void put(String target) {
        assertTrue(at.answer(target, KIBIBYTE, HOUR), target);
        assertTrue(at.cache.counts().bytes() <= MOST_BYTES, at.cache.counts().toString());
    }

    @Test
    void bytesAreBoundedWithAllThatBelongsToAnAnswer() {
        for (int i = 0; i < 5000; i++) {
            put("/" + i);
        }
        CacheCounts counts = at.cache.counts();
        assertEquals(5000, counts.stored());
        assertEquals(5000, counts.evicted() + counts.entries());
        assertTrue(counts.entries() > 300, counts.toString());
        assertTrue(counts.bytes() > MOST_BYTES * 9L / 10, counts.toString());
        assertTrue(has("/4999"));
    }

    @Test
    void aFloodOfWhatIsAskedForOncePushesOutNothingThatIsAskedForOften() {
        List<String> hot = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            String target = "/hot/" + i;
            hot.add(target);
            put(target);
            assertHas(target, 2);
        }
        for (int i = 0; i < 20_000; i++) {
            put("/once/" + i);
        }
        for (String target : hot) {
            assertTrue(has(target), target);
        }
    }

    /**
     * Straight at the queues, each answer of the same size, a hundred of which have room, so ten in
     * the small queue.
     */
    @Test
    void whatComesAgainWhileItsMarkIsThereBeginsInTheMainQueue() {
        Kept again = kept("/again");
        Eviction eviction = new Eviction(again.cost * 100);
        for (int i = 0; i < 50; i++) {
            Kept hot = kept("/hot/" + i);
            eviction.add(hot);
            hot.visit();
            hot.visit();
        }
        eviction.add(again);
        assertFalse(again.isSettled);
        for (int i = 0; i < 20; i++) {
            eviction.add(kept("/" + i));
        }
        // Those that were given go on into the main queue first.
        assertSame(again, eviction.evict(at.now).orElseThrow());
        for (int i = 0; i < 9; i++) {
            assertTrue(eviction.evict(at.now).isPresent());
        }
        Kept back = kept("/again");
        eviction.add(back);
        assertTrue(back.isSettled);
        Kept other = kept("/other");
        eviction.add(other);
        assertFalse(other.isSettled);
    }

    @Test
    void whatWasGivenBeginsAgainOnceForEachVisit() {
        List<Kept> all = new ArrayList<>();
        Eviction eviction = new Eviction(kept("/0").cost * 10);
        for (int i = 0; i < 5; i++) {
            all.add(kept("/" + i));
            eviction.add(all.get(i));
            all.get(i).visit();
            all.get(i).visit();
        }
        assertSame(all.get(0), eviction.evict(at.now).orElseThrow(), "all go on, the first is out");
        all.forEach(Kept::visit);
        assertSame(all.get(1), eviction.evict(at.now).orElseThrow(), "all have come round once");
        all.get(2).visit();
        assertSame(all.get(3), eviction.evict(at.now).orElseThrow());
        assertSame(all.get(4), eviction.evict(at.now).orElseThrow());
        assertSame(all.get(2), eviction.evict(at.now).orElseThrow());
        assertTrue(eviction.evict(at.now).isEmpty());
    }

    private static Kept kept(String target) {
        CacheRequest request = get(target);
        AnswerHead head = new AnswerHead(200, Headers.of(HOUR).lines());
        Terms terms =
                Terms.of(head, CachePolicy.AS_ANSWERED, CacheFixture.START, CacheFixture.START)
                        .orElseThrow();
        StoredAnswer answer =
                new StoredAnswer(200, terms.headers(), new byte[1024], CacheFixture.START);
        return new Kept(CacheKey.of(request, false), "", terms, answer);
    }

    @Test
    void whatNobodyAsksForAnyMoreGoesAtLast() {
        for (int i = 0; i < 100; i++) {
            put("/old/" + i);
            assertHas("/old/" + i, 3);
        }
        for (int i = 0; i < 3000; i++) {
            put("/new/" + i);
            assertHas("/new/" + i, 2);
        }
        for (int i = 0; i < 100; i++) {
            assertFalse(has("/old/" + i), "old " + i);
        }
    }

    @Test
    void whatIsGatheredCountsAndHasAQuarterAtMost() {
        for (int i = 0; i < 2000; i++) {
            put("/" + i);
        }
        List<Keeping> gathering = new ArrayList<>();
        int refused = 0;
        for (int i = 0; i < 100; i++) {
            Keeping keeping = at.offer(get("/slow/" + i), 200, HOUR).orElseThrow();
            refused += keeping.add(new byte[8192]) ? 0 : 1;
            gathering.add(keeping);
            assertTrue(at.cache.counts().bytes() <= MOST_BYTES);
        }
        assertTrue(refused > 60 && refused < 80, "of 100 refused " + refused);
        gathering.forEach(Keeping::giveUp);
        assertInstanceOf(Keeping.class, at.offer(get("/slow"), 200, HOUR).orElseThrow());
    }

    @Test
    void manySmallPartsCountForWhatTheyTake() {
        Keeping keeping = at.offer(get("/a"), 200, HOUR).orElseThrow();
        int parts = 0;
        while (keeping.add(new byte[1])) {
            parts++;
        }
        assertTrue(parts > 1000 && parts < MOST_BYTES / 4 / 40, "parts " + parts);
        assertEquals(0, at.cache.counts().bytes());
    }

    @Test
    void whatIsReplacedGivesItsBytesBack() {
        put("/a");
        long bytes = at.cache.counts().bytes();
        for (int i = 0; i < 100; i++) {
            at.now++;
            put("/a");
            assertEquals(bytes, at.cache.counts().bytes());
        }
        at.now++;
        at.cache.clear(at.now);
        assertEquals(0, at.cache.counts().bytes());
    }
}
