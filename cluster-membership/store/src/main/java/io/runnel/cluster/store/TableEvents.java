package io.runnel.cluster.store;

import io.runnel.exec.durable.EventStore;
import io.runnel.exec.durable.KeptEvent;
import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.RequestId;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
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
    private final GroupedWrites<KeptEvent, Accepted> accepting;

    TableEvents(StoreThread thread, Database database) {
        this.thread = thread;
        this.database = database;
        this.table = new EventTable(database);
        this.load = new EventLoadTable(database);
        this.accepting =
                new GroupedWrites<>(
                        thread, group -> database.transaction(() -> acceptedAll(group)));
    }

    @Override
    public CompletableFuture<Accepted> accept(KeptEvent event) {
        return accepting.submit(event);
    }

    private List<Accepted> acceptedAll(List<KeptEvent> events) {
        table.forgetEnded(events.getLast().acceptedAt().minusSeconds(REMEMBERED));
        return events.stream().map(event -> accepted(event, 1)).toList();
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
