package io.runnel.cluster.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.runnel.attestation.NetworkToken;
import io.runnel.exec.task.RegionId;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

final class ClusterSecretTest {
    @Test
    void isTheTokensAndTheRegionsAndTellsNeither(@TempDir Path folder) {
        NetworkToken token = Nodes.token(folder, "token");
        String secret = ClusterSecret.of(token, Nodes.REGION);
        assertEquals(43, secret.length(), "256 bits");
        assertEquals(secret, ClusterSecret.of(Nodes.token(folder, "token"), Nodes.REGION));
        assertNotEquals(secret, ClusterSecret.of(Nodes.token(folder, "other"), Nodes.REGION));
        assertNotEquals(secret, ClusterSecret.of(token, new RegionId("us-east")));
        assertFalse(secret.contains(token.text()));
    }
}
