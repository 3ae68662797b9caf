package io.runnel.routing.placement.simulation;

import io.runnel.routing.placement.Demand;
import io.runnel.routing.placement.Popularity;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The programs that a POP holds ready. When there are too many, those go that are worth their
 * memory least, as placement sees it, until a sixteenth is free. For one thread.
 */
final class WarmPrograms {
    /** What was just brought stays so long at least: its next call is on the way. */
    private static final long LANDING = 10 * SimSettings.SECOND;

    private record Held(int task, long key, long bytes, long readyNanos) {}

    private record Valued(Held held, double worth) {}

    private final Map<Integer, Held> held = new HashMap<>();
    private final BitSet onDisk = new BitSet();
    private final Popularity popularity;
    private final long mostBytes;
    private long bytes;

    WarmPrograms(Popularity popularity, long mostBytes) {
        this.popularity = popularity;
        this.mostBytes = mostBytes;
    }

    boolean isReady(int task, long nowNanos) {
        Held program = held.get(task);
        return program != null && nowNanos >= program.readyNanos();
    }

    /** Whether it was ready once, so that its code and what was compiled of it is on the disk. */
    boolean isHeld(int task) {
        return onDisk.get(task);
    }

    void bring(int task, long key, long programBytes, long readyNanos, long nowNanos) {
        if (held.putIfAbsent(task, new Held(task, key, programBytes, readyNanos)) == null) {
            bytes += programBytes;
            onDisk.set(task);
            if (bytes > mostBytes) {
                makeRoom(nowNanos);
            }
        }
    }

    private void makeRoom(long nowNanos) {
        List<Valued> all = new ArrayList<>(held.size());
        for (Held each : held.values()) {
            if (nowNanos - each.readyNanos() > LANDING) {
                all.add(new Valued(each, worth(each, nowNanos)));
            }
        }
        all.sort(
                Comparator.comparingDouble(Valued::worth)
                        .thenComparingInt(valued -> valued.held().task()));
        for (Valued each : all) {
            if (bytes <= mostBytes - mostBytes / 16) {
                return;
            }
            held.remove(each.held().task());
            bytes -= each.held().bytes();
        }
    }

    private double worth(Held program, long nowNanos) {
        Demand demand = popularity.look(program.key(), program.bytes(), nowNanos);
        return popularity.times().of(program.key(), nowNanos).away() ? 0 : demand.worth();
    }
}
