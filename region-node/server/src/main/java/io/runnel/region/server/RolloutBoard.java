package io.runnel.region.server;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;
import io.runnel.region.server.control.Rollout;
import io.runnel.routing.catalog.CatalogException;
import io.runnel.routing.catalog.FeedPositions;
import io.runnel.routing.catalog.Position;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.Topology;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far each publication has come, by the feed positions that nodes say they have. A position
 * that is no part of the log as it is here, as after a restore of an older copy, counts for
 * nothing. Of the last publications only; safe for any thread; never blocks.
 */
final class RolloutBoard implements Rollout {
    private static final int MOST_REMEMBERED = 256;

    /** Who waits for a change asks more often than this. */
    private static final Duration ASKED_LATELY = Duration.ofSeconds(1);

    private final Topology topology;
    private final Supplier<FeedPositions> known;
    private final Supplier<NetworkView> network;
    private final LongSupplier nanoClock;
    private final Map<Key, Progress> progress =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Key, Progress> eldest) {
                    return size() > MOST_REMEMBERED;
                }
            };

    /** When somebody last asked how far a log has come. */
    private Optional<Long> asked = Optional.empty();

    /**
     * Nothing is published yet.
     *
     * @param known how far the feeds are known here
     */
    RolloutBoard(
            Topology topology,
            Supplier<FeedPositions> known,
            Supplier<NetworkView> network,
            LongSupplier nanoClock) {
        this.topology = topology;
        this.known = known;
        this.network = network;
        this.nanoClock = nanoClock;
    }

    private record Key(TaskRef task, int version) {}

    private record Progress(
            RegionId origin, Position last, long startNanos, Map<NodeName, Duration> done) {}

    @Override
    public synchronized void started(Publication publication) {
        progress.put(
                new Key(publication.task(), publication.version()),
                begun(publication.origin(), publication.last()));
    }

    private Progress begun(RegionId origin, Position last) {
        return new Progress(origin, last, nanoClock.getAsLong(), new LinkedHashMap<>());
    }

    /** Whether anything published lately is not everywhere yet, or somebody waits for a change. */
    synchronized boolean isWaited(Duration lately) {
        long now = nanoClock.getAsLong();
        return asked.filter(at -> now - at < ASKED_LATELY.toNanos()).isPresent()
                || progress.values().stream()
                        .filter(p -> now - p.startNanos() < lately.toNanos())
                        .anyMatch(p -> p.done().size() < topology.nodes().size());
    }

    /** Takes note of who is done; to be called when the network's view changes. */
    synchronized void look() {
        NetworkView view = network.get();
        long now = nanoClock.getAsLong();
        for (Progress p : progress.values()) {
            if (p.done().size() < topology.nodes().size()) {
                topology.nodes().forEach(node -> look(p, node, view, now));
            }
        }
    }

    private void look(Progress p, NodeName node, NetworkView view, long now) {
        boolean done = view.status(node).filter(status -> covers(status, p)).isPresent();
        if (done) {
            p.done().putIfAbsent(node, Duration.ofNanos(now - p.startNanos()));
        }
    }

    private boolean covers(NodeStatus status, Progress progressed) {
        RegionId origin = progressed.origin();
        try {
            return FeedPositions.parse(status.positions())
                    .position(origin)
                    .filter(said -> said.covers(progressed.last()))
                    .filter(
                            said ->
                                    known.get()
                                            .position(origin)
                                            .filter(p -> p.covers(said))
                                            .isPresent())
                    .isPresent();
        } catch (CatalogException e) {
            return false;
        }
    }

    @Override
    public synchronized Optional<List<Place>> report(TaskRef task, int version) {
        look();
        NetworkView view = network.get();
        return Optional.ofNullable(progress.get(new Key(task, version))).map(p -> places(p, view));
    }

    @Override
    public synchronized List<Place> report(RegionId origin, Position at) {
        NetworkView view = network.get();
        Progress now = begun(origin, at);
        asked = Optional.of(now.startNanos());
        topology.nodes().forEach(node -> look(now, node, view, now.startNanos()));
        return places(now, view);
    }

    private List<Place> places(Progress p, NetworkView view) {
        Map<String, List<NodeName>> nodes = new LinkedHashMap<>();
        for (NodeName node : topology.nodes()) {
            nodes.computeIfAbsent(place(node), place -> new ArrayList<>()).add(node);
        }
        Duration since = Duration.ofNanos(nanoClock.getAsLong() - p.startNanos());
        List<Place> places = new ArrayList<>();
        nodes.forEach((place, all) -> places.add(place(place, all, p, view, since)));
        return places;
    }

    /** A region is done when all of its nodes are of which anything was heard. */
    private static Place place(
            String name, List<NodeName> nodes, Progress p, NetworkView view, Duration since) {
        boolean waits =
                nodes.stream()
                        .anyMatch(
                                node ->
                                        view.status(node).isPresent()
                                                && !p.done().containsKey(node));
        Optional<Duration> last =
                nodes.stream()
                        .flatMap(node -> Optional.ofNullable(p.done().get(node)).stream())
                        .max(Comparator.naturalOrder());
        State state = waits ? State.WAITING : last.isPresent() ? State.DONE : State.UNKNOWN;
        return new Place(name, state, state == State.DONE ? last.get() : since);
    }

    private String place(NodeName node) {
        return topology.regionNode(node)
                .flatMap(found -> topology.regionOf(node))
                .map(region -> "region/" + region.name())
                .orElse("pop/" + node);
    }
}
