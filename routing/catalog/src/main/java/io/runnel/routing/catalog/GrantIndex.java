package io.runnel.routing.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The grants of one task, by whom they are for: so that a call finds those that matter to it, of
 * however many there are. Never changed once it is in a catalog.
 */
record GrantIndex(SplitMap<Grantee, List<Stamped<GrantRecord>>> byGrantee, int count) {
    static final GrantIndex EMPTY = new GrantIndex(SplitMap.empty(), 0);

    boolean isEmpty() {
        return byGrantee.isEmpty();
    }

    /** Those for exactly this one. */
    List<Stamped<GrantRecord>> of(Grantee grantee) {
        return byGrantee.getOrDefault(grantee, List.of());
    }

    /** All, by key. */
    Stream<Stamped<GrantRecord>> all() {
        return byGrantee.values().stream()
                .flatMap(List::stream)
                .sorted(Comparator.comparing(grant -> grant.value().key()));
    }

    /** What a batch of records makes of an index. */
    static final class Edit {
        private final GrantIndex base;
        private final Map<Grantee, Optional<List<Stamped<GrantRecord>>>> changed = new HashMap<>();
        private int count;

        Edit(GrantIndex base) {
            this.base = base;
            this.count = base.count();
        }

        /** Puts one in place of what stood there. */
        void put(Grantee grantee, String id, Optional<Stamped<GrantRecord>> grant) {
            List<Stamped<GrantRecord>> before =
                    changed.containsKey(grantee)
                            ? changed.get(grantee).orElse(List.of())
                            : base.of(grantee);
            List<Stamped<GrantRecord>> after = new ArrayList<>(before);
            after.removeIf(one -> one.value().id().equals(id));
            grant.ifPresent(after::add);
            changed.put(grantee, Optional.of(List.copyOf(after)).filter(some -> !some.isEmpty()));
            count += after.size() - before.size();
        }

        GrantIndex finish() {
            return changed.isEmpty() ? base : new GrantIndex(base.byGrantee().with(changed), count);
        }
    }
}
