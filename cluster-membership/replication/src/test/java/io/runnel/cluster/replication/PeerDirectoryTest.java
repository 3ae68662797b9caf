package io.runnel.cluster.replication;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;

import java.util.List;

/** Who is who by a topology in which one POP reaches one region by a detour. */
class PeerDirectoryTest {
    private static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: net
                    regions:
                      - name: west
                        registry: true
                        location: {lat: 1, lon: 1}
                        store: postgresql://runnel@127.0.0.1:5/none
                        nodes:
                          - {name: west-a, zone: a, listen: 10.0.0.1:1, internal: 10.0.0.1:2, cluster: 10.0.0.1:3, admin: 127.0.0.1:4, slots: 1, memory: 64MiB}
                          - {name: west-b, zone: b, listen: 10.0.0.2:1, internal: 10.0.0.2:2, cluster: 10.0.0.2:3, admin: 127.0.0.1:5, slots: 1, memory: 64MiB}
                      - name: east
                        location: {lat: 1, lon: 90}
                        nodes:
                          - {name: east-1, zone: a, listen: 10.0.1.1:1, internal: 10.0.1.1:2, cluster: 10.0.1.1:3, admin: 127.0.0.1:6, slots: 1, memory: 64MiB}
                    pops:
                      - {name: ams, location: {lat: 3, lon: 3}, listen: 10.0.2.1:1, admin: 127.0.0.1:7, region: west, failover: [east], slots: 1, memory: 64MiB}
                      - {name: lhr, location: {lat: 3, lon: 4}, listen: 10.0.2.2:1, admin: 127.0.0.1:8, region: west, slots: 1, memory: 64MiB}
                    links:
                      - {from: ams, to: west, rtt: 1ms, via: {internal: "10.9.9.9:99"}}
                    """);
    private static final Identity WEST_A = node("west", "west-a");
    private static final Identity WEST_B = node("west", "west-b");
    private static final Identity EAST_1 = node("east", "east-1");
    private static final Identity AMS = new Identity.Pop("net", new PopId("ams"));

    private final PeerDirectory ams = new PeerDirectory(TOPOLOGY, "ams");
    private final PeerDirectory lhr = new PeerDirectory(TOPOLOGY, "lhr");

    private static Identity node(String region, String name) {
        return new Identity.RegionNode("net", new RegionId(region), new NodeName(name));
    }

    private static List<Identity> at(PeerDirectory directory, String host, int port) {
        return List.of(WEST_A, WEST_B, EAST_1, AMS).stream()
                .filter(who -> directory.mayListen(host, port, who))
                .toList();
    }

    @Test
    void atItsAddressOnlyItselfListens() {
        assertEquals(List.of(WEST_A), at(lhr, "10.0.0.1", 2));
        assertEquals(List.of(WEST_B), at(lhr, "10.0.0.2", 2));
        assertEquals(List.of(EAST_1), at(lhr, "10.0.1.1", 2));
        assertEquals(List.of(), at(lhr, "10.0.0.1", 1), "its users' door");
        assertEquals(List.of(), at(lhr, "10.0.0.3", 2));
        assertFalse(lhr.mayListen(null, 2, WEST_A));
    }

    @Test
    void aDetourLeadsToAnyNodeOfItsRegionForWhoTakesIt() {
        assertEquals(List.of(WEST_A, WEST_B), at(ams, "10.9.9.9", 99));
        assertEquals(List.of(), at(lhr, "10.9.9.9", 99));
        assertEquals(List.of(EAST_1), at(ams, "10.0.1.1", 2));
    }

    @Test
    void nodesAreThoseOfTheTopologyInTheirOwnRegions() {
        for (Identity who : List.of(WEST_A, WEST_B, EAST_1, AMS)) {
            assertTrue(lhr.isNode(who), who::uri);
        }
        for (Identity who :
                List.of(
                        node("east", "west-a"),
                        node("west", "west-c"),
                        node("north", "west-a"),
                        new Identity.Pop("net", new PopId("west-a")),
                        new Identity.Root("net"),
                        new Identity.Authority("net", new RegionId("west")),
                        new Identity.Supervisor("net", new NodeName("west-a")))) {
            assertFalse(lhr.isNode(who), who::uri);
            assertFalse(lhr.mayListen("10.0.0.1", 2, who), who::uri);
        }
    }
}
