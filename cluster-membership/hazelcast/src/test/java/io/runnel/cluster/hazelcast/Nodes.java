package io.runnel.cluster.hazelcast;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.NodeStatus;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A region with one node and POPs, for tests. */
final class Nodes {
    static final RegionId REGION = new RegionId("eu-west");
    static final NodeName MEMBER = new NodeName("eu-west-1");
    static final NodeName SECOND = new NodeName("eu-west-2");
    static final NodeName AMS = new NodeName("ams");
    static final NodeName LHR = new NodeName("lhr");
    static final Duration LIFE = Duration.ofSeconds(60);

    private Nodes() {}

    static NetworkToken token(Path folder, String file) {
        return NetworkToken.readOrCreate(folder.resolve(file), new SecureRandom());
    }

    static Address freeAddress() {
        try (BoundPorts ports = new BoundPorts()) {
            return new Address("127.0.0.1", ports.freePort("127.0.0.1"));
        }
    }

    static MemberSettings member(Address address, NetworkToken token) {
        return new MemberSettings(MEMBER, REGION, address, List.of(), token, LIFE);
    }

    static MemberSettings member(NodeName node, Address address, Address peer, NetworkToken token) {
        return new MemberSettings(node, REGION, address, List.of(peer), token, LIFE);
    }

    static ClientSettings client(NodeName node, Address member, NetworkToken token) {
        return new ClientSettings(node, REGION, List.of(member), token, LIFE);
    }

    static NodeStatus status(NodeName node, long calls) {
        return new NodeStatus(
                node,
                isMember(node) ? NodeStatus.Role.REGION : NodeStatus.Role.POP,
                Optional.of(REGION),
                NodeStatus.State.READY,
                4,
                4,
                ByteSize.ofMiB(64),
                ByteSize.ofMiB(64),
                List.of(),
                calls,
                0,
                "",
                Instant.EPOCH);
    }

    private static boolean isMember(NodeName node) {
        return node.equals(MEMBER) || node.equals(SECOND);
    }
}
