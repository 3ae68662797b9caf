package io.runnel.region.server.control;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.CanaryCount;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** POPs of which each has counted something, and says nothing else. */
public final class CountingPops {
    private CountingPops() {}

    /** One for each count. */
    public static NetworkView of(CanaryCount... counts) {
        Map<NodeName, NodeStatus> all = new HashMap<>();
        for (CanaryCount count : counts) {
            NodeName node = new NodeName("pop-" + all.size());
            all.put(
                    node,
                    new NodeStatus(
                            node,
                            NodeStatus.Role.POP,
                            Optional.empty(),
                            NodeStatus.State.READY,
                            1,
                            1,
                            ByteSize.ofMiB(1),
                            ByteSize.ofMiB(1),
                            List.of(),
                            0,
                            0,
                            "",
                            List.of(count),
                            Instant.EPOCH));
        }
        return new NetworkView(all);
    }
}
