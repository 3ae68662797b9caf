package io.runnel.routing.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

class SourcesTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long SALT = 42;

    private final Sources sources = new Sources(SALT, 0);

    @Test
    void oneSourceAloneHasAll() {
        for (int i = 0; i < 100; i++) {
            assertTrue(sources.tryEnter(1, 0, 6));
        }
    }

    @Test
    void whoHasItsShareGetsNoMoreWhileOthersAreThere() {
        assertTrue(sources.tryEnter(1, 0, 6));
        assertTrue(sources.tryEnter(1, 0, 6));
        assertTrue(sources.tryEnter(1, 0, 6));
        assertTrue(sources.tryEnter(2, 0, 6));
        assertFalse(sources.tryEnter(1, 0, 6), "three of six");
        assertTrue(sources.tryEnter(2, 0, 6));
        sources.leave(1);
        assertTrue(sources.tryEnter(1, 0, 6));
        assertTrue(sources.tryEnter(3, 0, 1), "each may have one");
    }

    @Test
    void aSourceThatWentIsForgotten() {
        assertTrue(sources.tryEnter(2, 0, 2));
        sources.leave(2);
        assertTrue(sources.tryEnter(1, SECOND, 2));
        assertFalse(sources.tryEnter(1, 10 * SECOND, 2));
        assertTrue(sources.tryEnter(1, 12 * SECOND, 2));
        assertEquals(2, sources.share(2));
    }

    /** However many there are: what each has under way is never taken for less than it is. */
    @Test
    void nobodyHasMoreThanItsShareWhateverComes() {
        long seed = 20_261_126L;
        Random random = new Random(seed);
        Map<Long, Integer> has = new HashMap<>();
        Deque<Long> underWay = new ArrayDeque<>();
        for (int step = 0; step < 200_000; step++) {
            long source = random.nextInt(2) == 0 ? random.nextInt(4) : random.nextInt(100_000);
            if (random.nextInt(3) > 0) {
                if (sources.tryEnter(source, step, 100)) {
                    underWay.add(source);
                    int now = has.merge(source, 1, Integer::sum);
                    int share = sources.share(100);
                    assertTrue(
                            now <= share || share == 100, "seed %d step %d".formatted(seed, step));
                }
            } else if (!underWay.isEmpty()) {
                long ended = underWay.poll();
                sources.leave(ended);
                has.merge(ended, -1, Integer::sum);
            }
        }
        underWay.forEach(sources::leave);
        assertTrue(sources.tryEnter(7, 200_000, 1), "all is given back");
    }

    @Test
    void aSourceIsANetwork() {
        assertEquals(SourcePrefix.of("192.0.2.1"), SourcePrefix.of("192.0.2.254"));
        assertNotEquals(SourcePrefix.of("192.0.2.1"), SourcePrefix.of("192.0.3.1"));
        assertEquals(
                SourcePrefix.of("2001:db8:1:2200::1"), SourcePrefix.of("2001:db8:1:22ff:1:2:3:4"));
        assertNotEquals(
                SourcePrefix.of("2001:db8:1:2200::1"), SourcePrefix.of("2001:db8:1:2300::1"));
        assertEquals(SourcePrefix.of("192.0.2.1"), SourcePrefix.of("::ffff:192.0.2.9"));
        assertNotEquals(SourcePrefix.of("0.0.0.1"), SourcePrefix.of("::1"));
        for (String odd : new String[] {"", "unknown", "_hidden", "1.2.3.4.5", "example.org"}) {
            assertEquals(0, SourcePrefix.of(odd), odd);
        }
    }
}
