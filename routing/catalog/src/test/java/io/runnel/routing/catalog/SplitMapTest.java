package io.runnel.routing.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

final class SplitMapTest {
    /** By chance, against a map of which everything is copied. */
    @Test
    void itHoldsWhatAnyMapWouldAndEarlierOnesStayAsTheyWere() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        SplitMap<String, Integer> map = SplitMap.empty();
        Map<String, Integer> expected = new HashMap<>();
        for (int step = 0; step < 300; step++) {
            SplitMap<String, Integer> earlier = map;
            Map<String, Integer> asItWas = new HashMap<>(expected);
            Map<String, Optional<Integer>> changes = new HashMap<>();
            for (int i = random.nextInt(1 << random.nextInt(9)); i > 0; i--) {
                String key = "key-" + random.nextInt(3000);
                boolean goes = random.nextInt(3) == 0;
                changes.put(key, goes ? Optional.empty() : Optional.of(random.nextInt()));
            }
            changes.forEach(
                    (key, value) ->
                            value.ifPresentOrElse(
                                    v -> expected.put(key, v), () -> expected.remove(key)));
            map = map.with(changes);
            String at = "seed " + seed + " step " + step;
            assertEquals(expected, map, at);
            assertEquals(expected.size(), map.size(), at);
            assertEquals(asItWas, earlier, at);
        }
        assertTrue(expected.size() > 200, "it grew: seed " + seed);
        for (int i = 0; i < 3000; i++) {
            String key = "key-" + i;
            assertEquals(expected.get(key), map.get(key), key);
            assertEquals(expected.containsKey(key), map.containsKey(key), key);
        }
    }

    /** By chance, against a look at every key, over few changes and over many. */
    @Test
    void whatChangedSinceAnyOtherOneIsTold() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<SplitMap<Integer, String>> all = new ArrayList<>(List.of(SplitMap.empty()));
        for (int step = 1; step <= 200; step++) {
            Map<Integer, Optional<String>> changes = new HashMap<>();
            for (int i = random.nextInt(1 << random.nextInt(9)); i > 0; i--) {
                boolean goes = random.nextInt(3) == 0;
                changes.put(
                        random.nextInt(2000),
                        goes ? Optional.empty() : Optional.of("%d of %d".formatted(i, step)));
            }
            SplitMap<Integer, String> after = all.getLast().with(changes);
            all.add(after);
            for (SplitMap<Integer, String> other :
                    List.of(
                            all.get(step - 1),
                            all.get(random.nextInt(all.size())),
                            SplitMap.<Integer, String>empty())) {
                Set<Integer> expected = new HashSet<>();
                for (int key = 0; key < 2000; key++) {
                    if (!Objects.equals(after.get(key), other.get(key))) {
                        expected.add(key);
                    }
                }
                String at = "seed " + seed + " step " + step;
                assertEquals(expected, after.changedSince(other), at);
                assertEquals(expected, other.changedSince(after), at);
            }
        }
    }

    @Test
    void keysOfOneHashAreToldApart() {
        SplitMap<String, Integer> map =
                SplitMap.<String, Integer>empty()
                        .with(Map.of("Aa", Optional.of(1), "BB", Optional.of(2)));
        assertEquals(1, map.get("Aa"));
        assertEquals(2, map.get("BB"));
        assertEquals(Map.of("BB", 2), map.with(Map.of("Aa", Optional.empty())));
    }

    @Test
    void whatBecameEmptyIsTakenOut() {
        SplitMap<String, Integer> map =
                SplitMap.<String, Integer>empty()
                        .with(
                                Map.of("a", Map.of(1, 1), "b", Map.of(), "c", Map.of(3, 3)),
                                Map::size);
        assertEquals(Map.of("a", 1, "c", 1), map);
        assertEquals(
                Map.of("a", 2),
                map.with(Map.of("a", Map.of(1, 1, 2, 2), "c", Map.of()), Map::size));
    }

    @Test
    void withoutChangesItIsItself() {
        SplitMap<String, Integer> map = SplitMap.empty();
        assertSame(map, map.with(Map.of()));
    }

    @Test
    void equalValuesAreOneAndOthersAreNot() {
        SharedValues values = new SharedValues();
        String first = new String("a");
        String again = new String("a");
        assertNotSame(first, again);
        assertSame(first, values.of(first));
        assertSame(first, values.of(again));
        assertEquals("b", values.of("b"));
    }
}
