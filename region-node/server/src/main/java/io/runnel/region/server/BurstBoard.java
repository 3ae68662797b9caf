package io.runnel.region.server;

import io.runnel.exec.isolate.ExpectedCalls;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.Task;
import io.runnel.exec.task.TaskRef;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * What the other nodes of a region expect, and so what falls to this one of it. What a node said
 * holds on after it is gone, or says so no more because its calls go elsewhere now: its periods are
 * counted on from there, until three of them have passed without its word and without a call here.
 * Of several nodes that expect a task the one that needs most of it counts: which calls come to
 * which of them is chance. Safe for any thread.
 */
final class BurstBoard {
    private static final int PERIODS = 3;

    /** With what it said before and says no more. */
    private static final int MOST_OF_A_NODE = 4 * BurstNote.MOST;

    private final Set<NodeName> mates;
    private final int slots;
    private final int most;
    private final Predicate<TaskRef> fallsHere;
    private final Function<TaskRef, Optional<Task>> live;
    private final ToLongFunction<TaskRef> lastCallMs;
    private final LongSupplier epochMillis;
    private final Map<Source, Kept> kept = new ConcurrentHashMap<>();

    private record Source(NodeName node, TaskRef task) {}

    private record Kept(long saidMs, List<BurstNote> notes) {
        Kept with(BurstNote note) {
            List<BurstNote> all = new ArrayList<>(notes);
            all.add(note);
            return new Kept(saidMs, all);
        }
    }

    /**
     * Nothing is known.
     *
     * @param mates the region's other nodes
     * @param slots of this node: it never needs more isolates of one task
     * @param fallsHere whether it is this node's to prepare for a task
     * @param lastCallMs when a call of the task came here last, by the wall clock; 0 for never
     */
    BurstBoard(
            Set<NodeName> mates,
            int slots,
            Predicate<TaskRef> fallsHere,
            Function<TaskRef, Optional<Task>> live,
            ToLongFunction<TaskRef> lastCallMs,
            LongSupplier epochMillis) {
        this.mates = Set.copyOf(mates);
        this.slots = slots;
        this.most = MOST_OF_A_NODE * mates.size();
        this.fallsHere = fallsHere;
        this.live = live;
        this.lastCallMs = lastCallMs;
        this.epochMillis = epochMillis;
    }

    /** These nodes said this; of others nothing is taken. */
    void heard(Map<NodeName, String> texts) {
        long nowMs = epochMillis.getAsLong();
        texts.forEach(
                (node, text) -> {
                    if (mates.contains(node)) {
                        take(node, BurstNote.Said.parse(text), nowMs);
                    }
                });
        kept.entrySet().removeIf(each -> !holds(each.getKey().task(), each.getValue(), nowMs));
    }

    private void take(NodeName node, BurstNote.Said said, long nowMs) {
        Map<TaskRef, Kept> byTask = new HashMap<>();
        Kept empty = new Kept(Math.min(said.atMs(), nowMs), List.of());
        for (BurstNote note : said.notes()) {
            byTask.merge(note.task(), empty.with(note), (before, one) -> before.with(note));
        }
        byTask.forEach(
                (task, now) -> {
                    Source source = new Source(node, task);
                    if (kept.size() < most || kept.containsKey(source)) {
                        kept.put(source, now);
                    }
                });
    }

    private boolean holds(TaskRef task, Kept source, long nowMs) {
        return source.notes().stream().anyMatch(note -> holds(task, source.saidMs(), note, nowMs));
    }

    private boolean holds(TaskRef task, long saidMs, BurstNote note, long nowMs) {
        long mostMs = PERIODS * note.periodMs() + (note.closesMs() - note.opensMs());
        // The one that was said is less than a period away.
        long fromMs = Math.clamp(note.closesMs(), saidMs, saidMs + note.periodMs());
        return nowMs - fromMs <= mostMs || nowMs - lastCallMs.applyAsLong(task) <= mostMs;
    }

    /** What is to be there now. */
    List<ExpectedCalls> expected() {
        long nowMs = epochMillis.getAsLong();
        Map<TaskRef, Integer> needs = new HashMap<>();
        kept.forEach(
                (source, words) -> {
                    for (BurstNote note : words.notes()) {
                        if (note.wants(nowMs)
                                && holds(source.task(), words.saidMs(), note, nowMs)) {
                            needs.merge(source.task(), note.isolates(), Math::max);
                        }
                    }
                });
        List<ExpectedCalls> expected = new ArrayList<>();
        needs.forEach(
                (task, isolates) -> {
                    if (fallsHere.test(task)) {
                        live.apply(task)
                                .map(now -> new ExpectedCalls(now, Math.min(isolates, slots)))
                                .ifPresent(expected::add);
                    }
                });
        return expected;
    }
}
