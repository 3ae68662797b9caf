package io.runnel.cluster.hazelcast;

import io.runnel.exec.task.NodeName;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.NodeStatusJson;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The last words of the other nodes, as long as they are believed. For one thread. */
final class Peers {
    private static final System.Logger LOG = System.getLogger(Peers.class.getName());

    private record Heard(NodeStatus status, long nanos) {}

    private final NodeName self;
    private final long lifeNanos;
    private final Map<NodeName, Heard> heard = new HashMap<>();

    Peers(NodeName self, Duration life) {
        this.self = self;
        this.lifeNanos = life.toNanos();
    }

    /** What was heard under this key: a status, or none any more. Hostile. */
    void take(String key, Optional<byte[]> value, long nowNanos) {
        if (!NodeName.isValid(key) || key.equals(self.value())) {
            return;
        }
        NodeName node = new NodeName(key);
        decoded(node, value)
                .ifPresentOrElse(
                        status -> heard.put(node, new Heard(status, nowNanos)),
                        () -> heard.remove(node));
    }

    void forgetOld(long nowNanos) {
        heard.values().removeIf(h -> nowNanos - h.nanos > lifeNanos);
    }

    Map<NodeName, NodeStatus> statuses() {
        Map<NodeName, NodeStatus> statuses = new HashMap<>();
        heard.forEach((node, h) -> statuses.put(node, h.status));
        return statuses;
    }

    private static Optional<NodeStatus> decoded(NodeName node, Optional<byte[]> value) {
        try {
            Optional<NodeStatus> status = value.map(NodeStatusJson::decode);
            return status.filter(s -> s.node().equals(node));
        } catch (RuntimeException e) {
            LOG.log(Level.DEBUG, () -> "status of %s is left out: %s".formatted(node, e));
            return Optional.empty();
        }
    }
}
