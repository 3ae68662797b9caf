package io.runnel.region.server;

import io.runnel.exec.task.NodeName;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * When this node last had a sign of life of each other node of its region, by its own monotonic
 * clock: a node is seen for three seconds from then on. So one that stood still itself sees nobody
 * until it has heard of them again. Safe for any thread.
 */
final class Sightings {
    /** How long a sign of life counts. */
    static final Duration LIFE = Duration.ofSeconds(3);

    private final NodeName self;
    private final Set<NodeName> mates;
    private final LongSupplier nanoClock;
    private final Map<NodeName, Long> lastNanos = new ConcurrentHashMap<>();

    /** Of nobody yet. */
    Sightings(NodeName self, Set<NodeName> mates, LongSupplier nanoClock) {
        this.self = self;
        this.mates = Set.copyOf(mates);
        this.nanoClock = nanoClock;
    }

    /**
     * Notes a sign of life.
     *
     * @param mate who is no mate is passed over
     * @param nanos no later than when it was given
     * @return whether it was not seen until now
     */
    boolean note(NodeName mate, long nanos) {
        if (!mates.contains(mate)) {
            return false;
        }
        boolean isNew = !isSeen(mate);
        lastNanos.merge(mate, nanos, (old, late) -> late - old > 0 ? late : old);
        return isNew && isSeen(mate);
    }

    private boolean isSeen(NodeName mate) {
        Long last = lastNanos.get(mate);
        return last != null && nanoClock.getAsLong() - last < LIFE.toNanos();
    }

    /** The nodes that are seen now, this one among them. */
    Set<NodeName> seen() {
        Set<NodeName> seen = new TreeSet<>();
        mates.stream().filter(this::isSeen).forEach(seen::add);
        seen.add(self);
        return seen;
    }
}
