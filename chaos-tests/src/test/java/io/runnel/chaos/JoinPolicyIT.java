package io.runnel.chaos;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A real POP is kept out by a policy that it does not meet, and let in by one that it does. */
final class JoinPolicyIT {
    private static final String TOPOLOGY = SmallNetwork.ofOneRegion("choosy");
    private static final String POLICY =
            "policies: [{action: join, require: [{fact: software.digest, in: [\"%s\"]}]}]%n";

    @TempDir Path folder;

    @Test
    void whoRunsOtherSoftwareThanThePolicyNamesDoesNotJoin() throws Exception {
        Path file = Files.writeString(folder.resolve("network.yaml"), TOPOLOGY);
        try (RealNetwork network =
                RealNetwork.start(folder.resolve("data"), file, topology -> {})) {
            network.await("the POP is certified", () -> proves(network));
            String digest = digest(network);
            apply(network, "sha256:00");
            network.runnel("attest", "revoke", "edge").mustWork();
            network.await("it knows", () -> !proves(network));
            network.runnel("attest", "readmit", "edge").mustWork();
            String why =
                    "the policy 'join': a fact is not as it must be: software.digest is " + digest;
            network.await("it is refused", () -> audit(network).contains(why));
            network.await("it says so", () -> said().contains(why));
            assertFalse(proves(network));
            apply(network, digest);
            network.await("it joins", () -> proves(network));
        }
    }

    private static boolean proves(RealNetwork network) {
        return network.runnel("attest", "document", "--node", "edge").exit() == 0;
    }

    private static String audit(RealNetwork network) {
        return network.runnel("attest", "audit").mustWork().out();
    }

    private String said() {
        try {
            return Files.readString(folder.resolve("data/nodes/edge/node.log"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String digest(RealNetwork network) throws IOException {
        Path out = folder.resolve("facts");
        network.runnel("attest", "document", "--node", "edge", "--out", out.toString()).mustWork();
        String digest =
                new ObjectMapper()
                        .readTree(Files.readString(Path.of(out + ".json")))
                        .at("/subject/software/digest")
                        .asText();
        assertTrue(digest.matches("sha256:[0-9a-f]{64}"), digest);
        return digest;
    }

    /** From now on only POPs with this software are certified. */
    private void apply(RealNetwork network, String digest) throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("choosy.yaml"), POLICY.formatted(digest) + TOPOLOGY);
        network.runnel("topology", "apply", file.toString(), "--yes").mustWork();
    }
}
