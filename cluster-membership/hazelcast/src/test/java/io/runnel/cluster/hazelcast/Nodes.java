package io.runnel.cluster.hazelcast;

import io.runnel.attestation.NetworkToken;
import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.BoundPorts;
import io.runnel.topology.NodeStatus;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

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

    /** Whom all believe where nothing else is said. */
    static final TestAuthority AUTHORITY = new TestAuthority(REGION);

    private static final Address NOWHERE = new Address("127.0.0.1", 12);

    private Nodes() {}

    static NetworkToken token(Path folder, String file) {
        return NetworkToken.readOrCreate(folder.resolve(file), new SecureRandom());
    }

    static Address freeAddress() {
        try (BoundPorts ports = new BoundPorts()) {
            return new Address("127.0.0.1", ports.freePort("127.0.0.1"));
        }
    }

    /** A region whose nodes are there, and POPs. */
    static Topology topology(Address first, Address second) {
        return TopologyReader.parse(
                """
                network: net
                regions:
                  - name: eu-west
                    registry: true
                    location: {lat: 1, lon: 1}
                    store: postgresql://me@127.0.0.1:9/net
                    nodes:
                      - {name: eu-west-1, zone: a, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: "%s", admin: 127.0.0.1:3, slots: 4, memory: 64MiB}
                      - {name: eu-west-2, zone: b, listen: 127.0.0.1:4, internal: 127.0.0.1:5, cluster: "%s", admin: 127.0.0.1:6, slots: 4, memory: 64MiB}
                pops:
                  - {name: ams, location: {lat: 3, lon: 3}, listen: 127.0.0.1:7, admin: 127.0.0.1:8, region: eu-west, slots: 4, memory: 64MiB}
                  - {name: lhr, location: {lat: 4, lon: 4}, listen: 127.0.0.1:10, admin: 127.0.0.1:11, region: eu-west, slots: 4, memory: 64MiB}
                """
                        .formatted(first, second));
    }

    /** One where the first node is there. */
    static Topology topology(Address first) {
        return topology(first, NOWHERE);
    }

    static Identity identity(NodeName node) {
        return isMember(node) ? TestAuthority.member(REGION, node) : TestAuthority.pop(node);
    }

    static MemberSettings member(Address address, NetworkToken token) {
        return member(address, token, AUTHORITY.security(identity(MEMBER), topology(address)));
    }

    static MemberSettings member(Address address, NetworkToken token, LinkSecurity security) {
        return new MemberSettings(MEMBER, REGION, address, List.of(), token, security, LIFE);
    }

    static MemberSettings member(NodeName node, Address address, Address peer, NetworkToken token) {
        Topology topology = node.equals(MEMBER) ? topology(address, peer) : topology(peer, address);
        return new MemberSettings(
                node,
                REGION,
                address,
                List.of(peer),
                token,
                AUTHORITY.security(identity(node), topology),
                LIFE);
    }

    static ClientSettings client(NodeName node, Address member, NetworkToken token) {
        return client(node, member, token, AUTHORITY.security(identity(node), topology(member)));
    }

    static ClientSettings client(
            NodeName node, Address member, NetworkToken token, LinkSecurity security) {
        return new ClientSettings(node, REGION, List.of(member), token, security, LIFE);
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
                List.of(),
                Instant.EPOCH);
    }

    private static boolean isMember(NodeName node) {
        return node.equals(MEMBER) || node.equals(SECOND);
    }
}
