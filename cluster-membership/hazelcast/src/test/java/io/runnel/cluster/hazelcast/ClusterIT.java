package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.SECOND;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;
import io.runnel.topology.NetworkView;
import io.runnel.topology.NodeStatus;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

final class ClusterIT {
    @TempDir Path folder;

    @Test
    void eachSeesTheOtherAndAClientComesBackToAMemberThatWasAway() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        Address address = Nodes.freeAddress();
        try (PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            ams.publish(status(AMS, 1));
            assertFalse(ams.isConnected(), "nobody is there yet");
            try (RegionCluster member = RegionCluster.start(Nodes.member(address, token))) {
                member.publish(status(MEMBER, 1));
                member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
                Await.view(member, "ams", v -> v.status(AMS).isPresent());
                Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
                ams.publish(status(AMS, 2));
                Await.view(member, "2 calls", v -> calls(v, AMS) == 2);
            }
            ams.publish(status(AMS, 3));
            ams.publish(status(AMS, 4));
            try (RegionCluster again = RegionCluster.start(Nodes.member(address, token))) {
                Await.view(again, "the newest", v -> calls(v, AMS) == 4);
                again.publish(status(MEMBER, 5));
                Await.view(ams, "the member again", v -> calls(v, MEMBER) == 5);
                assertTrue(ams.isConnected());
            }
        }
    }

    @Test
    void aMemberThatDiedIsBelievedAWhileAndItsSuccessorIsFound() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        Address address = Nodes.freeAddress();
        try (RegionCluster member = RegionCluster.start(Nodes.member(address, token));
                PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            member.publish(status(MEMBER, 1));
            ams.publish(status(AMS, 1));
            Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
            CompletableFuture<Void> down = new CompletableFuture<>();
            hazelcast(MEMBER)
                    .getLifecycleService()
                    .addLifecycleListener(e -> completeWhenDown(e, down));
            hazelcast(MEMBER).getLifecycleService().terminate();
            down.get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            assertFalse(member.isConnected());
            assertTrue(ams.view().status(MEMBER).isPresent(), "what it said last is believed");
            try (RegionCluster successor = RegionCluster.start(Nodes.member(address, token))) {
                successor.publish(status(MEMBER, 2));
                Await.view(ams, "the successor", v -> calls(v, MEMBER) == 2);
                Await.view(successor, "ams", v -> v.status(AMS).isPresent());
            }
        }
    }

    @Test
    void aClientThatGaveItselfUpIsReplaced() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        Address address = Nodes.freeAddress();
        try (RegionCluster member = RegionCluster.start(Nodes.member(address, token));
                PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            ams.publish(status(AMS, 1));
            Await.view(member, "ams", v -> calls(v, AMS) == 1);
            HazelcastClient.getHazelcastClientByName("runnel-ams").shutdown();
            ams.publish(status(AMS, 2));
            Await.view(member, "ams again", v -> calls(v, AMS) == 2);
        }
    }

    @Test
    void aMemberListensAtAHostByName() throws Exception {
        Address named = new Address("localhost", Nodes.freeAddress().port());
        NetworkToken token = Nodes.token(folder, "token");
        try (RegionCluster member = RegionCluster.start(Nodes.member(named, token));
                PopCluster ams = PopCluster.start(Nodes.client(AMS, named, token))) {
            ams.publish(status(AMS, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
        }
        Address nowhere = new Address("nowhere.invalid", 1);
        try (RegionCluster member = RegionCluster.start(Nodes.member(nowhere, token))) {
            assertEquals(ClusterException.Code.CANNOT_LISTEN, failure(member).code());
        }
    }

    @Test
    void membersOfARegionFindEachOther() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        Address first = Nodes.freeAddress();
        Address second = Nodes.freeAddress();
        try (RegionCluster one = RegionCluster.start(Nodes.member(MEMBER, first, second, token));
                RegionCluster two = startAfter(one, Nodes.member(SECOND, second, first, token))) {
            one.publish(status(MEMBER, 1));
            two.publish(status(SECOND, 1));
            Await.view(one, "the second", v -> v.status(SECOND).isPresent());
            Await.view(two, "the first", v -> v.status(MEMBER).isPresent());
        }
    }

    private static RegionCluster startAfter(RegionCluster first, MemberSettings settings)
            throws Exception {
        first.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        return RegionCluster.start(settings);
    }

    private static HazelcastInstance hazelcast(NodeName node) {
        return Hazelcast.getHazelcastInstanceByName("runnel-" + node);
    }

    private static void completeWhenDown(LifecycleEvent event, CompletableFuture<Void> down) {
        if (event.getState() == LifecycleEvent.LifecycleState.SHUTDOWN) {
            down.complete(null);
        }
    }

    private static long calls(NetworkView view, NodeName node) {
        return view.status(node).map(NodeStatus::calls).orElse(-1L);
    }

    @Test
    void aClientWithAnotherTokenIsRefusedAndAProxyIsNotGoneAround() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        NetworkToken wrong = Nodes.token(folder, "wrong");
        Address address = Nodes.freeAddress();
        try (RegionCluster member = RegionCluster.start(Nodes.member(address, token));
                Relay relay = new Relay(address);
                Relay toRefusal = new Relay(address);
                PopCluster ams = PopCluster.start(Nodes.client(AMS, relay.address(), token));
                PopCluster lhr = PopCluster.start(Nodes.client(LHR, toRefusal.address(), wrong))) {
            ams.publish(status(AMS, 1));
            lhr.publish(status(LHR, 1));
            member.publish(status(MEMBER, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
            acquire(toRefusal, 3);
            assertFalse(lhr.isConnected());
            assertEquals(Set.of(LHR), lhr.view().statuses().keySet());
            assertTrue(member.view().status(LHR).isEmpty());

            relay.cut();
            relay.arrivals.drainPermits();
            acquire(relay, 3);
            assertFalse(ams.isConnected(), "it must not have found another way");
            ams.publish(status(AMS, 2));
            relay.mend();
            Await.view(member, "ams again", v -> calls(v, AMS) == 2);
            assertTrue(ams.isConnected());
        }
    }

    private static void acquire(Relay relay, int connections) throws InterruptedException {
        assertTrue(
                relay.arrivals.tryAcquire(
                        connections, Await.DEADLINE.toSeconds(), TimeUnit.SECONDS),
                () -> "came: " + relay.arrivals.availablePermits());
    }

    @Test
    void aMemberWhoseAddressIsTakenSaysSo() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        try (Relay taken = new Relay(new Address("127.0.0.1", 1));
                RegionCluster member = RegionCluster.start(Nodes.member(taken.address(), token))) {
            assertEquals(ClusterException.Code.CANNOT_LISTEN, failure(member).code());
            member.publish(status(MEMBER, 1));
            Await.view(member, "itself", v -> v.status(MEMBER).isPresent());
        }
    }

    private static ClusterException failure(RegionCluster member) {
        ExecutionException e =
                assertThrows(
                        ExecutionException.class,
                        () -> member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        return assertInstanceOf(ClusterException.class, e.getCause());
    }
}
