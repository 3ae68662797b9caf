package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.RequestId;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Events in a store's tables. Every node's transactions run one after the other, so none needs
 * locks of its own.
 */
final class TableEvents implements EventStore {
    /** Letters to accounts that have many already are kept so far beyond the bounds. */
    private static final int LETTER_TIMES = 2;

    private final StoreThread thread;
    private final Database database;
    private final EventTable table;
    private final EventLoadTable load;
    private final TickTable ticks;
    private final GroupedWrites<Arrival, Accepted> accepting;

    /**
     * An event that is to be kept.
     *
     * @param tick what it is the event of, if it is of any
     */
    private record Arrival(KeptEvent event, Optional<Tick> tick) {}

    TableEvents(StoreThread thread, Database database) {
        this.thread = thread;
        this.database = database;
        this.table = new EventTable(database);
        this.load = new EventLoadTable(database);
        this.ticks = new TickTable(database);
        this.accepting =
                new GroupedWrites<>(
                        thread, group -> database.transaction(() -> acceptedAll(group)));
    }

    @Override
    public CompletableFuture<Accepted> accept(KeptEvent event) {
        return accepting.submit(new Arrival(event, Optional.empty()));
    }

    @Override
    public CompletableFuture<Accepted> accept(KeptEvent event, Tick tick) {
        return accepting.submit(new Arrival(event, Optional.of(tick)));
    }

    private List<Accepted> acceptedAll(List<Arrival> all) {
        table.forgetEnded(all.getLast().event().acceptedAt().minusSeconds(REMEMBERED));
        all.stream()
                .flatMap(each -> each.tick().stream())
                .map(Tick::at)
                .max(Comparator.naturalOrder())
                .ifPresent(last -> ticks.forget(last.minusSeconds(TICK_REMEMBERED)));
        return all.stream().map(this::accepted).toList();
    }

    private Accepted accepted(Arrival one) {
        if (one.tick().filter(ticks::isKnown).isPresent()) {
            return Accepted.KNOWN;
        }
        Accepted accepted = accepted(one.event(), 1);
        if (accepted != Accepted.TOO_MANY) {
            one.tick().ifPresent(ticks::put);
        }
        return accepted;
    }

    private Accepted accepted(KeptEvent event, int times) {
        if (table.isKnown(event.id())) {
            return Accepted.KNOWN;
        }
        if (!load.hasRoom(event, times)) {
            return Accepted.TOO_MANY;
        }
        if (table.insert(event)) {
            load.add(event);
        }
        return Accepted.KEPT;
    }

    @Override
    public CompletableFuture<List<KeptEvent>> claim(Claim claim) {
        return writing(() -> table.claim(claim));
    }

    private <T> CompletableFuture<T> writing(StoreThread.Work<T> work) {
        return thread.submit(RegionStore.MOST_PENDING, () -> database.transaction(work::run));
    }

    @Override
    public CompletableFuture<Void> renew(String node, Collection<RequestId> events, Instant until) {
        List<RequestId> wanted = List.copyOf(events);
        return writing(
                () -> {
                    table.renew(node, wanted, until);
                    return null;
                });
    }

    @Override
    public CompletableFuture<Boolean> again(String node, KeptEvent event, Progress progress) {
        return writing(() -> table.again(node, event, progress));
    }

    @Override
    public CompletableFuture<Ended> end(
            String node, KeptEvent event, Instant now, List<KeptEvent> letters) {
        List<KeptEvent> wanted = List.copyOf(letters);
        return writing(() -> ended(node, event, now, wanted));
    }

    private Ended ended(String node, KeptEvent event, Instant now, List<KeptEvent> letters) {
        if (!table.end(node, event, now)) {
            return Ended.LOST;
        }
        load.remove(event);
        boolean all = true;
        for (KeptEvent letter : letters) {
            all &= accepted(letter, LETTER_TIMES) != Accepted.TOO_MANY;
        }
        return all ? Ended.ENDED : Ended.WITHOUT_LETTER;
    }

    @Override
    public CompletableFuture<Integer> release(String node, Instant now) {
        return writing(() -> table.release(node, now));
    }

    @Override
    public CompletableFuture<Long> queued() {
        return thread.submit(RegionStore.MOST_PENDING, load::sum);
    }
}
