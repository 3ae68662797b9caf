package io.runnel.routing.catalog;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A map that never changes, of which another is made by copying little: it consists of small maps,
 * and a change copies the list of these and those that it touches. With a hundred thousand entries
 * one more costs some thousand references, where a whole copy costs all of them. No null keys or
 * values; no order.
 */
final class SplitMap<K, V> extends AbstractMap<K, V> {
    /** From this many in a part in the mean on there are four times as many parts. */
    private static final int MOST_IN_PART = 32;

    private static final int GROWTH = 4;

    /** What {@link #part} can tell apart. */
    private static final int MOST_PARTS = 1 << 16;

    /** As many as a power of two. */
    private final List<Map<K, V>> parts;

    private final int size;

    private SplitMap(List<Map<K, V>> parts, int size) {
        this.parts = parts;
        this.size = size;
    }

    /** Without any. */
    static <K, V> SplitMap<K, V> empty() {
        return new SplitMap<>(List.of(Map.of()), 0);
    }

    private static int part(Object key, int parts) {
        int hash = key.hashCode();
        // Maps within a part use the hash's other bits.
        return ((hash * 0x9E3779B9) >>> 16) & (parts - 1);
    }

    /** This one with these changes: what is empty is taken out. */
    SplitMap<K, V> with(Map<K, Optional<V>> changes) {
        if (changes.isEmpty()) {
            return this;
        }
        Map<Integer, Map<K, V>> touched = new HashMap<>();
        int after = size;
        for (Entry<K, Optional<V>> change : changes.entrySet()) {
            Map<K, V> part =
                    touched.computeIfAbsent(
                            part(change.getKey(), parts.size()),
                            index -> new HashMap<>(parts.get(index)));
            int before = part.size();
            change.getValue()
                    .ifPresentOrElse(
                            value -> part.put(change.getKey(), value),
                            () -> part.remove(change.getKey()));
            after += part.size() - before;
        }
        List<Map<K, V>> copy = new ArrayList<>(parts);
        touched.forEach((index, part) -> copy.set(index, Map.copyOf(part)));
        return after > MOST_IN_PART * parts.size()
                ? spread(copy, after)
                : new SplitMap<>(Collections.unmodifiableList(copy), after);
    }

    /** This one with what these became: one without entries is taken out. */
    <M extends Map<?, ?>> SplitMap<K, V> with(Map<K, M> edited, Function<M, V> frozen) {
        Map<K, Optional<V>> changes = new HashMap<>();
        edited.forEach(
                (key, its) ->
                        changes.put(
                                key,
                                its.isEmpty() ? Optional.empty() : Optional.of(frozen.apply(its))));
        return with(changes);
    }

    private static <K, V> SplitMap<K, V> spread(List<Map<K, V>> few, int size) {
        int count = few.size();
        while (size > MOST_IN_PART * count / GROWTH && count < MOST_PARTS) {
            count *= GROWTH;
        }
        List<Map<K, V>> many = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            many.add(new HashMap<>());
        }
        for (Map<K, V> part : few) {
            for (Entry<K, V> entry : part.entrySet()) {
                many.get(part(entry.getKey(), count)).put(entry.getKey(), entry.getValue());
            }
        }
        many.replaceAll(Map::copyOf);
        return new SplitMap<>(Collections.unmodifiableList(many), size);
    }

    /**
     * The keys that do not have the very same value in this other map. What both share is not
     * looked at: of one that was made of the other by few changes, little more than the list of
     * parts.
     */
    Set<K> changedSince(SplitMap<K, V> before) {
        Set<K> changed = new HashSet<>();
        if (parts.size() != before.parts.size()) {
            addChanged(before, this, changed);
        } else if (!isSame(parts, before.parts)) {
            for (int i = 0; i < parts.size(); i++) {
                addChanged(before.parts.get(i), parts.get(i), changed);
            }
        }
        return changed;
    }

    private static <K, V> void addChanged(Map<K, V> before, Map<K, V> after, Set<K> changed) {
        if (isSame(before, after)) {
            return;
        }
        after.forEach(
                (key, value) -> {
                    if (!isSame(value, before.get(key))) {
                        changed.add(key);
                    }
                });
        before.keySet().stream().filter(key -> !after.containsKey(key)).forEach(changed::add);
    }

    /** Equal is not enough: to find that out would cost more than to look at it once more. */
    private static boolean isSame(Object one, Object other) {
        return one == other;
    }

    @Override
    public V get(Object key) {
        return parts.get(part(key, parts.size())).get(key);
    }

    @Override
    public boolean containsKey(Object key) {
        return parts.get(part(key, parts.size())).containsKey(key);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public Set<Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Entry<K, V>> iterator() {
                return parts.stream().flatMap(part -> part.entrySet().stream()).iterator();
            }

            @Override
            public int size() {
                return size;
            }
        };
    }
}
