package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.MEMBER;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.config.JavaSerializationFilterConfig;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.nio.serialization.HazelcastSerializationException;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.Serial;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What somebody with the right token can do: disturb, and no more. */
final class HostilePeerIT {
    @TempDir Path folder;

    @Test
    void whatIsNoStatusIsPassedOverAndNothingIsDeserialized() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        Address address = Nodes.freeAddress();
        try (RegionCluster member = RegionCluster.start(Nodes.member(address, token))) {
            member.ready().get(Await.DEADLINE.toSeconds(), TimeUnit.SECONDS);
            ClientSettings settings = Nodes.client(LHR, address, token);
            SecuredLinks links = new SecuredLinks(settings.security(), LHR, Nodes.REGION);
            HazelcastInstance peer = HazelcastClient.newHazelcastClient(open(settings, links));
            try {
                IMap<Object, Object> map = peer.getMap(StatusMap.NAME);
                map.set("lhr", new Gadget());
                map.set("iad", "text");
                map.set("fra", "{\"node\":\"fra\"}".getBytes(StandardCharsets.UTF_8));
                map.set(42, new byte[] {1});
                map.set(new Gadget(), new byte[] {1});
                map.set("x".repeat(100), new byte[] {1});
                map.set("eu-west-1", new Gadget());
                HazelcastInstance inside = Hazelcast.getHazelcastInstanceByName("runnel-eu-west-1");
                assertThrows(
                        HazelcastSerializationException.class,
                        () -> inside.getMap(StatusMap.NAME).get("lhr"));
                member.publish(status(MEMBER, 1));
                try (PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
                    ams.publish(status(AMS, 1));
                    Await.view(member, "ams", v -> v.status(AMS).isPresent());
                    Await.view(ams, "the member", v -> v.status(MEMBER).isPresent());
                    assertEquals(Set.of(AMS, MEMBER), ams.view().statuses().keySet());
                }
                Set<NodeName> alone = Set.of(MEMBER);
                Await.view(member, "itself only", v -> v.statuses().keySet().equals(alone));
                assertEquals(0, Gadget.made, "a foreign class was made here");
            } finally {
                peer.shutdown();
                links.close();
            }
        }
    }

    private static ClientConfig open(ClientSettings settings, SecuredLinks links) {
        String secret = ClusterSecret.of(settings.token(), Nodes.REGION);
        ClientConfig config = Tuning.client(settings, secret, links);
        config.getSerializationConfig()
                .setJavaSerializationFilterConfig(new JavaSerializationFilterConfig());
        config.getConnectionStrategyConfig().setAsyncStart(false);
        return config;
    }

    /** Would do harm when it is read. */
    private static final class Gadget implements Serializable {
        @Serial private static final long serialVersionUID = 1L;

        private static int made;

        @Serial
        private Object readResolve() {
            made++;
            return this;
        }
    }
}
