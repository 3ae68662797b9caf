package io.runnel.cluster.hazelcast;

import static io.runnel.cluster.hazelcast.Nodes.AMS;
import static io.runnel.cluster.hazelcast.Nodes.LHR;
import static io.runnel.cluster.hazelcast.Nodes.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.attestation.NetworkToken;
import io.runnel.topology.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** However closely somebody looks, the log does not tell the secret of a cluster. */
final class SecretIT {
    private static final Logger HAZELCAST = Logger.getLogger("com.hazelcast");

    @TempDir Path folder;

    @Test
    void isNeverLogged() throws Exception {
        NetworkToken token = Nodes.token(folder, "token");
        NetworkToken wrong = Nodes.token(folder, "wrong");
        Recorder recorder = new Recorder();
        HAZELCAST.setLevel(Level.ALL);
        HAZELCAST.setUseParentHandlers(false);
        HAZELCAST.addHandler(recorder);
        try {
            meet(token, wrong);
        } finally {
            HAZELCAST.removeHandler(recorder);
            HAZELCAST.setUseParentHandlers(true);
            HAZELCAST.setLevel(null);
        }
        assertTrue(recorder.lines.size() > 100, "too little was logged to tell");
        assertEquals(List.of(), recorder.linesWith(ClusterSecret.of(token, Nodes.REGION)));
        assertEquals(List.of(), recorder.linesWith(ClusterSecret.of(wrong, Nodes.REGION)));
        assertEquals(List.of(), recorder.linesWith(token.text()));
    }

    private static void meet(NetworkToken token, NetworkToken wrong) throws Exception {
        Address address = Nodes.freeAddress();
        try (RegionCluster member = RegionCluster.start(Nodes.member(address, token));
                Relay relay = new Relay(address);
                PopCluster lhr = PopCluster.start(Nodes.client(LHR, relay.address(), wrong));
                PopCluster ams = PopCluster.start(Nodes.client(AMS, address, token))) {
            ams.publish(status(AMS, 1));
            lhr.publish(status(LHR, 1));
            Await.view(member, "ams", v -> v.status(AMS).isPresent());
            assertTrue(relay.arrivals.tryAcquire(2, Await.DEADLINE.toSeconds(), TimeUnit.SECONDS));
        }
    }

    private static final class Recorder extends Handler {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        @Override
        public void publish(LogRecord entry) {
            lines.add(entry.getMessage() + " " + entry.getThrown());
        }

        List<String> linesWith(String text) {
            return lines.stream().filter(line -> line.contains(text)).toList();
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }
}
