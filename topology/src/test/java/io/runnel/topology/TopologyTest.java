package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.Limits;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

final class TopologyTest {
    private static final RegionId EU = new RegionId("eu-west");
    private static final RegionId US = new RegionId("us-east");

    @Test
    void findsWhatItHolds() {
        Topology topology = Samples.twoRegions();
        assertEquals(EU, topology.regionOf(new NodeName("ams")).orElseThrow().name());
        assertEquals(US, topology.regionOf(new NodeName("us-east-1")).orElseThrow().name());
        assertTrue(topology.regionOf(new NodeName("eu-west")).isEmpty());
        assertEquals(9082, port(topology.regionNode(new NodeName("us-east-1")).orElseThrow()));
        assertTrue(topology.region(new RegionId("mars")).isEmpty());
    }

    @Test
    void namesEveryHostOnce() {
        Topology plain = Samples.twoRegions();
        assertEquals(List.of("127.0.0.1"), plain.hosts());
        Via via =
                new Via(
                        Optional.of(Address.parse("proxy.example:1")),
                        Optional.of(Address.parse("[2001:db8::1]:2")));
        Link link = new Link("ams", "eu-west", Duration.ofMillis(1), Optional.of(via));
        Topology other =
                new Topology(plain.network(), plain.regions(), plain.pops(), List.of(link));
        assertEquals(List.of("127.0.0.1", "proxy.example", "2001:db8::1"), other.hosts());
    }

    private static int port(RegionNode node) {
        return node.listen().port();
    }

    @Test
    void aLinksDetourIsTakenInItsDirectionOnly() {
        Via via = new Via(Optional.of(Address.parse("127.0.0.1:7001")), Optional.empty());
        Topology plain = Samples.twoRegions();
        Topology topology =
                new Topology(
                        plain.network(),
                        plain.regions(),
                        plain.pops(),
                        List.of(
                                new Link("ams", "eu-west", Duration.ZERO, Optional.of(via)),
                                new Link("us-east", "eu-west", Duration.ZERO, Optional.of(via))));
        assertEquals("[127.0.0.1:7001]", topology.internalAddresses("ams", EU).toString());
        assertEquals("[127.0.0.1:9281]", topology.clusterAddresses("ams", EU).toString());
        assertEquals("[127.0.0.1:7001]", topology.internalAddresses("us-east-1", EU).toString());
        assertEquals("[127.0.0.1:9182]", topology.internalAddresses("eu-west-1", US).toString());
        assertEquals("[127.0.0.1:9181]", topology.internalAddresses("lhr", EU).toString());
        assertThrows(
                IllegalArgumentException.class,
                () -> topology.internalAddresses("ams", new RegionId("mars")));
    }

    @Test
    void aRoundTripIsWhatALinkSaysOrWhatTheDistanceAllows() {
        Topology topology = Samples.twoRegions();
        assertEquals(Duration.ofMillis(12), topology.rtt("ams", EU));
        assertEquals(Duration.ofMillis(70), topology.rtt("us-east-1", EU));
        Topology bare = new Topology("bare", topology.regions(), topology.pops(), List.of());
        // 6,190 km from Amsterdam to Ashburn
        assertEquals(93.0, (double) bare.rtt("ams", US).toMillis(), 2.0);
        assertEquals(1, bare.rtt("eu-west", EU).toMillis());
    }

    @Test
    void portZeroBecomesAFreePortThatNobodyElseHas() {
        Iterator<Integer> found = List.of(9, 9, 5, 6, 6, 7, 8, 10, 11, 5, 12).iterator();
        Topology small =
                TopologyReader.parse(
                        Expect.changed("admin: 127.0.0.1:0\n", "admin: 127.0.0.1:5\n"));
        Topology resolved = small.withFreePorts(host -> found.next());
        assertEquals(
                "[9, 6, 7, 8, 10, 5, 11, 12]",
                PortResolution.addresses(resolved).map(Address::port).toList().toString());
        assertEquals(5, resolved.pops().getFirst().admin().port());
        assertEquals(resolved, resolved.withFreePorts(host -> 0));
    }

    @Test
    void aFinderThatFindsNothingNewIsGivenUp() {
        TopologyException e =
                assertThrows(
                        TopologyException.class, () -> Samples.small().withFreePorts(host -> 9));
        assertEquals(TopologyException.Code.NO_PORT, e.code());
    }

    @Test
    void portsFoundByBindingCanBeBoundAfterwards() throws IOException {
        Topology resolved;
        try (BoundPorts ports = new BoundPorts()) {
            resolved = Samples.small().withFreePorts(ports);
        }
        List<Address> all = PortResolution.addresses(resolved).toList();
        assertEquals(all.size(), all.stream().distinct().count(), all::toString);
        // None that the system may lend to an outgoing connection while a node is away.
        assertTrue(all.stream().allMatch(a -> a.port() < 32_768), all::toString);
        Address first = all.getFirst();
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(first.host(), first.port()));
        }
    }

    @Test
    void restrictionsCompareDeclaredLimits() {
        Restrictions restrictions = Samples.twoRegions().pops().getLast().restrictions();
        Limits limits = Limits.DEFAULT;
        assertTrue(restrictions.allow(RuntimeKind.WASM, limits));
        assertFalse(restrictions.allow(RuntimeKind.LINUX, limits));
        assertTrue(!restrictions.allow(RuntimeKind.WASM, limits.withMemory(ByteSize.ofMiB(257))));
        assertTrue(
                !restrictions.allow(RuntimeKind.WASM, limits.withTimeout(Duration.ofSeconds(31))));
    }
}
