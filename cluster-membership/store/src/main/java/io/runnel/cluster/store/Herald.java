package io.runnel.cluster.store;

import io.runnel.cluster.store.FeedTables.Known;
import io.runnel.exec.task.RegionId;
import io.runnel.routing.catalog.Catalog;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.FeedRecord;
import io.runnel.routing.catalog.HashChain;
import io.runnel.routing.catalog.Position;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Tells listeners what is new in the tables of the feed since it told them last, in the order of
 * each log: what was added, or, where that cannot be said record by record, what took an origin's
 * place. For the store's thread.
 */
final class Herald {
    private static final System.Logger LOGGER = System.getLogger(Herald.class.getName());

    /** One thing to be told. */
    private sealed interface Item {
        /** These follow what was told. */
        record Added(List<FeedRecord> records) implements Item {}

        /** These are all there is of an origin. */
        record Replaced(RegionId origin, List<FeedRecord> snapshot) implements Item {}
    }

    /**
     * What is new, to be told once the transaction that saw it is done.
     *
     * @param heads where each origin is then
     * @param unsound origins of which something stands there that they did not write; of these
     *     nothing is told
     */
    record News(
            List<Item> items,
            Map<RegionId, Position> heads,
            Map<RegionId, CatalogException> unsound) {
        static final News NONE = new News(List.of(), Map.of(), Map.of());

        boolean isEmpty() {
            return items.isEmpty();
        }

        /** These records but for those that are news already: another process kept them too. */
        List<FeedRecord> without(List<FeedRecord> records) {
            Set<FeedRecord> known = new HashSet<>();
            for (Item item : items) {
                switch (item) {
                    case Item.Added added -> known.addAll(added.records());
                    case Item.Replaced replaced -> known.addAll(replaced.snapshot());
                }
            }
            return known.isEmpty()
                    ? records
                    : records.stream().filter(record -> !known.contains(record)).toList();
        }

        /** Whether by this news the origin's log is here as far as in this snapshot, or farther. */
        boolean reaches(RegionId origin, List<FeedRecord> snapshot) {
            Position head = heads.get(origin);
            return !isEmpty()
                    && !snapshot.isEmpty()
                    && head != null
                    && isNews(origin)
                    && head.covers(Position.of(snapshot.getLast()));
        }

        private boolean isNews(RegionId origin) {
            return items.stream()
                    .anyMatch(
                            item ->
                                    switch (item) {
                                        case Item.Added a ->
                                                a.records().getFirst().origin().equals(origin);
                                        case Item.Replaced r -> r.origin().equals(origin);
                                    });
        }
    }

    private final FeedTables feed;
    private final RegionId own;
    private final StoreCheck check;
    private final List<StoreListener> listeners = new ArrayList<>();
    private Map<RegionId, Position> told;

    /** Tells what comes after {@code start}. */
    Herald(FeedTables feed, RegionId own, StoreCheck check, FeedPositions start) {
        this.feed = feed;
        this.own = own;
        this.check = check;
        this.told = start.of();
    }

    /** Tells this one too, from the next news on; all of it so far makes this catalog. */
    void add(StoreListener listener, Catalog catalog) {
        listener.started(catalog);
        listeners.add(listener);
    }

    /** What is new as the running transaction sees it. */
    News collect() {
        Map<RegionId, Known> known = feed.known();
        List<Item> items = new ArrayList<>();
        Map<RegionId, Position> heads = new HashMap<>();
        Map<RegionId, CatalogException> unsound = new HashMap<>();
        known.forEach(
                (origin, now) -> {
                    try {
                        news(origin, now).ifPresent(items::add);
                        heads.put(origin, now.head());
                    } catch (CatalogException e) {
                        unsound.put(origin, e);
                        Optional.ofNullable(told.get(origin))
                                .ifPresent(before -> heads.put(origin, before));
                    }
                });
        told.keySet().stream()
                .filter(origin -> !known.containsKey(origin))
                .map(origin -> new Item.Replaced(origin, List.of()))
                .forEach(items::add);
        return new News(items, heads, unsound);
    }

    private Optional<Item> news(RegionId origin, Known now) {
        Position head = now.head();
        Position before = Optional.ofNullable(told.get(origin)).orElse(Position.start(head.log()));
        if (head.equals(before)) {
            return Optional.empty();
        }
        boolean follows =
                before.log().equals(head.log())
                        && before.seq() < head.seq()
                        && before.seq() >= now.base();
        if (follows) {
            List<FeedRecord> records = added(origin, before, head);
            if (records.getFirst().prev().equals(before.hash())) {
                requireReaches(before, records, head);
                return Optional.of(new Item.Added(check.records(records)));
            }
        }
        if (origin.equals(own)) {
            throw new CatalogException(
                    CatalogException.Code.BROKEN_CHAIN,
                    "%s's own log is at %d, which does not follow on %d"
                            .formatted(own, head.seq(), before.seq()));
        }
        return Optional.of(new Item.Replaced(origin, check.snapshot(feed.standing(origin))));
    }

    private static void requireReaches(Position before, List<FeedRecord> records, Position head) {
        Position at = before;
        for (FeedRecord record : records) {
            HashChain.requireNext(at, record);
            at = Position.of(record);
        }
        if (!at.equals(head)) {
            throw missing(records.getFirst().origin(), at);
        }
    }

    private static CatalogException missing(RegionId origin, Position at) {
        return new CatalogException(
                CatalogException.Code.GAP,
                "%s's log is not here beyond %d".formatted(origin, at.seq()));
    }

    private List<FeedRecord> added(RegionId origin, Position before, Position head) {
        List<FeedRecord> records = new ArrayList<>();
        long seq = before.seq();
        while (seq < head.seq()) {
            List<FeedRecord> page = feed.after(origin, seq, RegionStore.MOST_RECORDS);
            if (page.isEmpty()) {
                throw missing(origin, before);
            }
            records.addAll(page);
            seq = page.getLast().seq();
        }
        return List.copyOf(records);
    }

    /** What stood of this origin was never told, or is no more: whatever comes is new. */
    void forget(RegionId origin) {
        Map<RegionId, Position> rest = new HashMap<>(told);
        rest.remove(origin);
        told = Map.copyOf(rest);
    }

    /** Tells it; what is on disk stays so, whatever a listener makes of it. */
    void tell(News news) {
        if (news.isEmpty()) {
            return;
        }
        told = Map.copyOf(news.heads());
        for (Item item : news.items()) {
            switch (item) {
                case Item.Added added -> each(listener -> listener.added(added.records()));
                case Item.Replaced replaced ->
                        each(listener -> listener.replaced(replaced.origin(), replaced.snapshot()));
            }
        }
    }

    private void each(Consumer<StoreListener> what) {
        for (StoreListener listener : listeners) {
            try {
                what.accept(listener);
            } catch (RuntimeException e) {
                LOGGER.log(System.Logger.Level.ERROR, "a listener of the store failed", e);
            }
        }
    }
}
