package io.runnel.region.cli.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.topology.Address;
import io.runnel.topology.NodeStatus.Role;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

class NodeCommandTest {
    private static final DataFolder DATA = new DataFolder(Path.of("/data"));

    @Test
    void startsThePopsJarWithFolderAndName() {
        List<String> line = command(Optional.empty(), false).of(node(Role.POP, 1024));
        assertEquals("/jdk/bin/java", line.getFirst());
        assertEquals(
                List.of(
                        "-jar",
                        "/dist/lib/runnel-pop-node.jar",
                        "--data",
                        "/data",
                        "--node",
                        "ams"),
                line.subList(line.size() - 6, line.size()));
        assertFalse(line.stream().anyMatch(w -> w.contains("AOT")), line.toString());
    }

    @Test
    void aRegionHasAJarOfItsOwn() {
        assertTrue(
                command(Optional.empty(), false)
                        .of(node(Role.REGION, 64))
                        .contains("/dist/lib/runnel-region-server.jar"));
    }

    @Test
    void theHeapHoldsWhatIsPromisedToGuestsAndACopyOfAQuarter() {
        assertTrue(command(Optional.empty(), false).of(node(Role.POP, 1024)).contains("-Xmx1504m"));
        assertTrue(command(Optional.empty(), false).of(node(Role.POP, 64)).contains("-Xmx304m"));
    }

    @Test
    void clientsMayNotAskForHandshakeAfterHandshake() {
        for (Role role : Role.values()) {
            assertTrue(
                    command(Optional.empty(), false)
                            .of(node(role, 64))
                            .contains("-Djdk.tls.rejectClientInitiatedRenegotiation=true"));
        }
    }

    @Test
    void whatIsInMemoryAloneEndsOnNoDisk() {
        for (Role role : Role.values()) {
            assertTrue(
                    command(Optional.empty(), false)
                            .of(node(role, 64))
                            .contains("-XX:-CreateCoredumpOnCrash"));
        }
    }

    @Test
    void cachesAreUsedOrWritten() {
        Optional<Path> caches = Optional.of(Path.of("/aot"));
        assertTrue(
                command(caches, false)
                        .of(node(Role.REGION, 64))
                        .contains("-XX:AOTCache=/aot/region.aot"));
        List<String> trained = command(caches, true).of(node(Role.POP, 64));
        assertTrue(trained.contains("-XX:AOTCacheOutput=/aot/pop.aot"));
        assertTrue(trained.contains("-XX:-AOTRecordTraining"));
    }

    private static NodeCommand command(Optional<Path> caches, boolean training) {
        return new NodeCommand(Path.of("/jdk/bin/java"), Path.of("/dist"), caches, training, DATA);
    }

    private static LocalNode node(Role role, long mebibytes) {
        return new LocalNode(
                new NodeName("ams"),
                role,
                "pops ams",
                List.of(new LocalNode.Listener("listen", new Address("127.0.0.1", 8081))),
                false,
                4,
                ByteSize.ofMiB(mebibytes));
    }
}
