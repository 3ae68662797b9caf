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
record GrantIndex(Map<Grantee, List<Stamped<GrantRecord>>> byGrantee, int count) {
    static final GrantIndex EMPTY = new GrantIndex(Map.of(), 0);

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

    /** What a batch of records makes of an index, which is copied once, and only if need be. */
    static final class Edit {
        private final GrantIndex base;
        private Optional<Map<Grantee, List<Stamped<GrantRecord>>>> copy = Optional.empty();
        private int count;

        Edit(GrantIndex base) {
            this.base = base;
            this.count = base.count();
        }

        /** Puts one in place of what stood there. */
        void put(Grantee grantee, String id, Optional<Stamped<GrantRecord>> grant) {
            Map<Grantee, List<Stamped<GrantRecord>>> edited =
                    copy.orElseGet(() -> new HashMap<>(base.byGrantee()));
            copy = Optional.of(edited);
            List<Stamped<GrantRecord>> before = edited.getOrDefault(grantee, List.of());
            List<Stamped<GrantRecord>> after = new ArrayList<>(before);
            after.removeIf(one -> one.value().id().equals(id));
            grant.ifPresent(after::add);
            if (after.isEmpty()) {
                edited.remove(grantee);
            } else {
                edited.put(grantee, List.copyOf(after));
            }
            count += after.size() - before.size();
        }

        GrantIndex finish() {
            return copy.map(edited -> new GrantIndex(edited, count)).orElse(base);
        }
    }
}
