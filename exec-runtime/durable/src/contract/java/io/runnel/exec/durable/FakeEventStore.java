package io.runnel.exec.durable;

import io.runnel.exec.durable.KeptEvent.Progress;
import io.runnel.exec.task.RequestId;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Events in memory; what it is told it does before it returns. For one thread. */
public final class FakeEventStore implements EventStore {
    private record Row(KeptEvent event, String holder, boolean over) {
        Row by(String node, Progress progress) {
            KeptEvent moved =
                    new KeptEvent(
                            event.id(),
                            event.kind(),
                            event.asked(),
                            event.task(),
                            event.payer(),
                            event.keyId(),
                            event.payload(),
                            event.acceptedAt(),
                            progress);
            return new Row(moved, node, over);
        }
    }

    private final Map<RequestId, Row> rows = new TreeMap<>(Comparator.comparing(RequestId::value));
    private final Map<RequestId, Instant> ended = new HashMap<>();
    private final Map<String, Instant> ticks = new HashMap<>();
    private boolean failing;

    /** Whether it fails from now on. */
    public void fail(boolean yes) {
        failing = yes;
    }

    /** The event as it stands, if it is not over. */
    public Optional<KeptEvent> find(RequestId id) {
        return Optional.ofNullable(rows.get(id)).filter(row -> !row.over()).map(Row::event);
    }

    /** All that are not over. */
    public List<KeptEvent> waiting() {
        return rows.values().stream().filter(row -> !row.over()).map(Row::event).toList();
    }

    private <T> CompletableFuture<T> done(Supplier<T> work) {
        return failing
                ? CompletableFuture.failedFuture(new IllegalStateException("the store fails"))
                : CompletableFuture.completedFuture(work.get());
    }

    @Override
    public CompletableFuture<Accepted> accept(KeptEvent event) {
        return done(() -> accepted(event, 1));
    }

    @Override
    public CompletableFuture<Accepted> accept(KeptEvent event, Tick tick) {
        return done(() -> accepted(event, tick));
    }

    private Accepted accepted(KeptEvent event, Tick tick) {
        Instant before = tick.at().minusSeconds(TICK_REMEMBERED);
        ticks.values().removeIf(last -> last.isBefore(before));
        String schedule = tick.account() + "/" + tick.schedule();
        Instant last = ticks.getOrDefault(schedule, Instant.MIN);
        if (!tick.at().isAfter(last)) {
            return Accepted.KNOWN;
        }
        Accepted accepted = accepted(event, 1);
        if (accepted != Accepted.TOO_MANY) {
            ticks.put(schedule, tick.at());
        }
        return accepted;
    }

    private Accepted accepted(KeptEvent event, int times) {
        Instant before = event.acceptedAt().minusSeconds(REMEMBERED);
        ended.forEach((id, at) -> forget(id, at.isBefore(before)));
        if (rows.containsKey(event.id())) {
            return Accepted.KNOWN;
        }
        long others = 0;
        long bytes = event.payload().length;
        for (Row row : rows.values()) {
            if (!row.over() && row.event().payer().equals(event.payer())) {
                others++;
                bytes += row.event().payload().length;
            }
        }
        if (others >= (long) times * MOST_EVENTS || bytes > times * MOST_BYTES.bytes()) {
            return Accepted.TOO_MANY;
        }
        rows.put(event.id(), new Row(event, "", false));
        return Accepted.KEPT;
    }

    private void forget(RequestId id, boolean old) {
        if (old) {
            rows.remove(id);
        }
    }

    @Override
    public CompletableFuture<List<KeptEvent>> claim(Claim claim) {
        return done(() -> claimed(claim));
    }

    private List<KeptEvent> claimed(Claim claim) {
        List<KeptEvent> found = new ArrayList<>();
        String after = claim.after();
        while (found.size() < claim.most()) {
            String last = after;
            Comparator<KeptEvent> byTurn =
                    Comparator.<KeptEvent, Boolean>comparing(
                                    e -> e.payer().value().compareTo(last) <= 0)
                            .thenComparing(e -> e.payer().value())
                            .thenComparing(e -> e.progress().dueAt())
                            .thenComparing(e -> e.id().value());
            Optional<KeptEvent> next =
                    waiting().stream()
                            .filter(e -> !e.progress().dueAt().isAfter(claim.now()))
                            .filter(e -> !claim.without().contains(e.payer()))
                            .min(byTurn);
            if (next.isEmpty()) {
                break;
            }
            found.add(given(next.get(), claim));
            after = next.get().payer().value();
        }
        return found;
    }

    private KeptEvent given(KeptEvent event, Claim claim) {
        Progress was = event.progress();
        Progress now = new Progress(was.runs(), was.waits(), claim.until(), was.claim() + 1);
        Row row = rows.get(event.id()).by(claim.node(), now);
        rows.put(event.id(), row);
        return row.event();
    }

    @Override
    public CompletableFuture<Void> renew(String node, Collection<RequestId> events, Instant until) {
        return done(
                () -> {
                    events.forEach(
                            id ->
                                    rows.computeIfPresent(
                                            id,
                                            (same, row) ->
                                                    row.holder().equals(node) && !row.over()
                                                            ? row.by(node, due(row, until))
                                                            : row));
                    return null;
                });
    }

    private static Progress due(Row row, Instant at) {
        Progress was = row.event().progress();
        return new Progress(was.runs(), was.waits(), at, was.claim());
    }

    private boolean holds(String node, KeptEvent event) {
        Row row = rows.get(event.id());
        return row != null
                && !row.over()
                && row.holder().equals(node)
                && row.event().progress().claim() == event.progress().claim();
    }

    @Override
    public CompletableFuture<Boolean> again(String node, KeptEvent event, Progress progress) {
        return done(
                () -> {
                    boolean holds = holds(node, event);
                    if (holds) {
                        rows.computeIfPresent(event.id(), (id, row) -> row.by("", progress));
                    }
                    return holds;
                });
    }

    @Override
    public CompletableFuture<Ended> end(
            String node, KeptEvent event, Instant now, List<KeptEvent> letters) {
        return done(
                () -> {
                    if (!holds(node, event)) {
                        return Ended.LOST;
                    }
                    rows.put(event.id(), new Row(event, "", true));
                    ended.put(event.id(), now);
                    boolean all =
                            letters.stream()
                                    .map(letter -> accepted(letter, 2))
                                    .noneMatch(Accepted.TOO_MANY::equals);
                    return all ? Ended.ENDED : Ended.WITHOUT_LETTER;
                });
    }

    @Override
    public CompletableFuture<Integer> release(String node, Instant now) {
        return done(
                () -> {
                    List<Row> held =
                            rows.values().stream()
                                    .filter(row -> row.holder().equals(node) && !row.over())
                                    .toList();
                    held.forEach(row -> rows.put(row.event().id(), row.by("", due(row, now))));
                    return held.size();
                });
    }

    @Override
    public CompletableFuture<Long> queued() {
        return done(() -> (long) waiting().size());
    }
}
