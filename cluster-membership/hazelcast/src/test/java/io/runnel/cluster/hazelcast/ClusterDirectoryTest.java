package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.REGION;
import static io.runnel.cluster.hazelcast.Nodes.SECOND;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.identity.Identity;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Address;
import io.runnel.topology.Link;
import io.runnel.topology.Topology;
import io.runnel.topology.Via;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

final class ClusterDirectoryTest {
    private static final Address FIRST = new Address("127.0.0.1", 7101);
    private static final Address NAMED = new Address("localhost", 7102);
    private static final Address DETOUR = new Address("127.0.0.1", 7200);
    private static final RegionId ELSEWHERE = new RegionId("us-east");
    private static final Identity FOREIGN =
            TestAuthority.member(ELSEWHERE, new NodeName("us-east-1"));

    private final Topology direct = Nodes.topology(FIRST, NAMED);
    private final Topology around =
            new Topology(
                    direct.network(),
                    direct.regions(),
                    direct.pops(),
                    List.of(
                            new Link(
                                    "ams",
                                    "eu-west",
                                    Duration.ZERO,
                                    Optional.of(new Via(Optional.empty(), Optional.of(DETOUR))))));
    private final ClusterDirectory fromMember = new ClusterDirectory(around, MEMBER, REGION);
    private final ClusterDirectory fromAms = new ClusterDirectory(around, AMS, REGION);
    private final ClusterDirectory fromLhr = new ClusterDirectory(around, LHR, REGION);

    private static boolean mayListen(ClusterDirectory seen, Address at, Identity who) {
        return seen.mayListen(at.host(), at.port(), who);
    }

    @Test
    void aMemberIsAtItsOwnAddress() {
        assertTrue(mayListen(fromMember, FIRST, Nodes.identity(MEMBER)));
        assertFalse(mayListen(fromMember, FIRST, Nodes.identity(SECOND)));
        assertFalse(mayListen(fromMember, FIRST.withPort(7103), Nodes.identity(MEMBER)));
        assertFalse(fromMember.mayListen("127.0.0.2", 7101, Nodes.identity(MEMBER)));
        assertFalse(fromMember.mayListen("nowhere.invalid", 7101, Nodes.identity(MEMBER)));
        assertFalse(fromMember.mayListen(null, 7101, Nodes.identity(MEMBER)));
    }

    @Test
    void aHostIsTheSameByNameAndByNumber() {
        assertTrue(fromMember.mayListen("localhost", 7102, Nodes.identity(SECOND)));
        assertTrue(fromMember.mayListen("127.0.0.1", 7102, Nodes.identity(SECOND)));
        assertTrue(fromMember.mayListen("localhost", 7101, Nodes.identity(MEMBER)));
    }

    @Test
    void behindALinksDetourIsAnyMember() {
        assertTrue(mayListen(fromAms, DETOUR, Nodes.identity(MEMBER)));
        assertTrue(mayListen(fromAms, DETOUR, Nodes.identity(SECOND)));
        assertFalse(mayListen(fromAms, DETOUR, Nodes.identity(LHR)));
        assertFalse(mayListen(fromAms, DETOUR, FOREIGN));
        assertFalse(mayListen(fromLhr, DETOUR, Nodes.identity(MEMBER)), "it is the way of ams");
    }

    @Test
    void nobodyElseIsAnywhere() {
        assertFalse(mayListen(fromMember, FIRST, Nodes.identity(AMS)));
        assertFalse(mayListen(fromMember, FIRST, FOREIGN));
        assertFalse(mayListen(fromMember, FIRST, TestAuthority.member(ELSEWHERE, MEMBER)));
        NodeName unknown = new NodeName("eu-west-3");
        assertFalse(mayListen(fromMember, FIRST, TestAuthority.member(REGION, unknown)));
        assertFalse(mayListen(fromMember, FIRST, new Identity.Supervisor("net", MEMBER)));
    }

    @Test
    void membersComeAsMembersAndPopsAsClients() {
        assertTrue(fromMember.mayCome(Nodes.identity(SECOND), Spoken.MEMBER));
        assertTrue(fromMember.mayCome(Nodes.identity(AMS), Spoken.CLIENT));
        assertFalse(fromMember.mayCome(Nodes.identity(AMS), Spoken.MEMBER));
        assertFalse(fromMember.mayCome(Nodes.identity(SECOND), Spoken.CLIENT));
    }

    @Test
    void nobodyElseComes() {
        NodeName unknown = new NodeName("fra");
        for (Spoken as : Spoken.values()) {
            assertFalse(fromMember.mayCome(FOREIGN, as));
            assertFalse(fromMember.mayCome(TestAuthority.pop(unknown), as));
            assertFalse(fromMember.mayCome(TestAuthority.member(REGION, unknown), as));
            assertFalse(fromMember.mayCome(new Identity.Authority("net", REGION), as));
            assertFalse(fromMember.mayCome(new Identity.Root("net"), as));
            assertFalse(fromMember.mayCome(new Identity.Supervisor("net", MEMBER), as));
        }
    }
}
