package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.REGION;
import static io.runnel.cluster.hazelcast.Nodes.SECOND;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.client.config.RoutingMode;
import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;

import io.runnel.attestation.NetworkToken;
import io.runnel.topology.Address;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Hazelcast as everybody can have it, on the same machine, and what it can do to a member: naught.
 */
final class PlainPeersIT {
    private static final int TO_CONNECT_MS = 2000;

    @TempDir Path folder;

    private final Address address = Nodes.freeAddress();
    private NetworkToken token;
    private RegionCluster member;

    @BeforeEach
    void start() throws Exception {
        token = Nodes.token(folder, "token");
        member = RegionCluster.start(Nodes.member(address, token));
        member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
        member.publish(status(MEMBER, 1));
    }

    @AfterEach
    void stop() {
        member.close();
    }

    private void isUnharmed() throws Exception {
        try (PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            ams.publish(status(AMS, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
            assertEquals(Set.of(AMS, MEMBER), ams.view().statuses().keySet());
        }
        HazelcastInstance inside = Hazelcast.getHazelcastInstanceByName("runnel-eu-west-1");
        assertEquals(1, inside.getCluster().getMembers().size());
    }

    private ClientConfig client(String clusterName) {
        ClientConfig config = new ClientConfig();
        config.setClusterName(clusterName);
        config.getNetworkConfig().addAddress(address.toString());
        config.getNetworkConfig()
                .getClusterRoutingConfig()
                .setRoutingMode(RoutingMode.SINGLE_MEMBER);
        config.getConnectionStrategyConfig()
                .getConnectionRetryConfig()
                .setClusterConnectTimeoutMillis(TO_CONNECT_MS);
        return config;
    }

    @Test
    void aClientDoesNotGetInWhateverNameItKnows() throws Exception {
        for (String name : List.of(ClusterSecret.of(token, REGION), "dev")) {
            ClientConfig config = client(name);
            assertThrows(
                    IllegalStateException.class, () -> HazelcastClient.newHazelcastClient(config));
        }
        isUnharmed();
    }

    @Test
    void aMemberDoesNotGetInWhateverNameItKnows() throws Exception {
        for (String name : List.of(ClusterSecret.of(token, REGION), "dev")) {
            Config config =
                    Tuning.member(Nodes.member(SECOND, Nodes.freeAddress(), address, token), name);
            config.setProperty("hazelcast.max.join.seconds", "5");
            assertThrows(IllegalStateException.class, () -> Hazelcast.newHazelcastInstance(config));
            isUnharmed();
        }
    }

    /** Whoever has taken the address of a node that is away hears nothing of the others'. */
    @Test
    void whatAMemberSaysFirstToAnotherTellsNothing() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Address first = new Address("127.0.0.1", taken.getLocalPort());
            MemberSettings settings = Nodes.member(SECOND, Nodes.freeAddress(), first, token);
            try (RegionCluster two = RegionCluster.start(settings);
                    Socket caller = taken.accept()) {
                assertEquals(22, caller.getInputStream().read(), "a record of a handshake");
                assertEquals(3, caller.getInputStream().read());
                caller.getOutputStream().write("HZC".getBytes(US_ASCII));
                while (caller.getInputStream().read() >= 0) {
                    // What is left of its hello, and that it does not like what it heard.
                }
                two.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            }
        }
    }
}
