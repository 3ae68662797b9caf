package io.runnel.topology;

import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who is up, as far as this node has heard: the last word of each node that is still believed.
 *
 * @param statuses by node; immutable
 */
public record NetworkView(Map<NodeName, NodeStatus> statuses) {
    /** Nobody was heard of. */
    public static final NetworkView EMPTY = new NetworkView(Map.of());

    public NetworkView {
        statuses = Map.copyOf(statuses);
    }

    /** The last word of this node. */
    public Optional<NodeStatus> status(NodeName node) {
        return Optional.ofNullable(statuses.get(node));
    }

    /** Every status, in no order. */
    public Collection<NodeStatus> all() {
        return statuses.values();
    }

    /** The region's own nodes that take calls, by name. */
    public List<NodeStatus> readyIn(RegionId region) {
        return statuses.values().stream()
                .filter(s -> s.role() == NodeStatus.Role.REGION)
                .filter(s -> s.state() == NodeStatus.State.READY)
                .filter(s -> s.region().filter(region::equals).isPresent())
                .sorted((a, b) -> a.node().compareTo(b.node()))
                .toList();
    }
}
