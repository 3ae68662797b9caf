package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.CodeDigest;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

final class NodeStatusJsonTest {
    private static final CodeDigest DIGEST = CodeDigest.of(new byte[] {1});
    private static final CanaryCount COUNT =
            new CanaryCount(TaskRef.of("acme", "charge"), "live", 41, 1000, 3, 50, 2);

    private static NodeStatus status(List<CodeDigest> warm, String positions) {
        return status(warm, positions, List.of());
    }

    private static NodeStatus status(
            List<CodeDigest> warm, String positions, List<CanaryCount> canaries) {
        return new NodeStatus(
                new NodeName("ams"),
                NodeStatus.Role.POP,
                Optional.of(new RegionId("eu-west")),
                NodeStatus.State.READY,
                4,
                3,
                ByteSize.ofMiB(1024),
                new ByteSize(Long.MAX_VALUE),
                warm,
                Long.MAX_VALUE,
                12,
                positions,
                canaries,
                Instant.parse("2026-11-23T15:00:00.123456789Z"));
    }

    @Test
    void aRoundTripIsEqual() {
        NodeStatus one = status(List.of(DIGEST), "eu-west/ab:41,us-east/cd:7", List.of(COUNT));
        assertEquals(one, NodeStatusJson.decode(NodeStatusJson.encode(one)));
    }

    @Test
    void aCountOfACanaryIsOneText() {
        assertEquals("acme/charge@live:41:1000:3:50:2", COUNT.toString());
        assertEquals(COUNT, CanaryCount.parse(COUNT.toString()));
        CanaryCount most =
                new CanaryCount(COUNT.task(), "live", 41, CanaryCount.MOST, 3, CanaryCount.MOST, 2);
        assertEquals(
                new CanaryCount(COUNT.task(), "live", 41, CanaryCount.MOST, 6, CanaryCount.MOST, 4),
                most.plus(most),
                "what nodes say never overflows");
        for (String wrong :
                List.of(
                        "",
                        "acme/charge@live:41:1000000000000001:3:50:2",
                        "acme/charge@live:41:1000:3:9223372036854775807:2",
                        "acme/charge@live:41:1000:3:50",
                        "acme/charge@live:41:1000:3:50:2:1",
                        "acme/charge@live:41:1000:1001:50:2",
                        "acme/charge@live:41:1000:3:50:51",
                        "acme/charge@live:41:1000:-3:50:2",
                        "acme/charge@live:-41:1000:3:50:2",
                        "acme/charge@live:x:1000:3:50:2",
                        "acme/charge@7:41:1000:3:50:2",
                        "acme@charge/live:41:1000:3:50:2",
                        "acme/charge:41:1000:3:50:2")) {
            assertThrows(IllegalArgumentException.class, () -> CanaryCount.parse(wrong), wrong);
        }
    }

    @Test
    void theLargestStatusFits() {
        List<CodeDigest> warm = Collections.nCopies(NodeStatus.MOST_WARM, DIGEST);
        String label = "a".repeat(63);
        CanaryCount large =
                new CanaryCount(
                        TaskRef.of(label, label),
                        label,
                        Long.MAX_VALUE,
                        CanaryCount.MOST,
                        CanaryCount.MOST,
                        CanaryCount.MOST,
                        CanaryCount.MOST);
        NodeStatus full =
                status(
                        warm,
                        "\u0001".repeat(NodeStatus.MOST_POSITION_CHARACTERS),
                        Collections.nCopies(NodeStatus.MOST_CANARIES, large));
        byte[] json = NodeStatusJson.encode(full);
        assertEquals(full, NodeStatusJson.decode(json));
        assertThrows(IllegalArgumentException.class, () -> status(List.of(), "x".repeat(4097)));
        assertThrows(
                IllegalArgumentException.class, () -> status(Collections.nCopies(65, DIGEST), ""));
        assertThrows(
                IllegalArgumentException.class,
                () -> status(List.of(), "", Collections.nCopies(33, COUNT)));
    }

    @Test
    void aNewerNodeMaySayMore() {
        String json = text().replaceFirst("\\{", "{\"load\":{\"cpu\":[0.5,null]},\"mood\":true,");
        assertEquals(status(List.of(DIGEST), ""), NodeStatusJson.decode(json.getBytes(UTF_8)));
    }

    @Test
    void whatIsNoStatusIsRefused() {
        String[] wrong = {
            "",
            "[]",
            "null",
            "{}",
            text() + "{}",
            text().replace("READY", "HAPPY"),
            text().replace("\"slots\":4", "\"slots\":-4"),
            text().replace("\"slots\":4", "\"slots\":99999999999"),
            text().replace("\"slots\":4", "\"slots\":99999999999999999999999"),
            text().replace("\"slots\":4", "\"slots\":\"4\""),
            text().replace("\"slots\":4", "\"slots\":4,\"slots\":5"),
            text().replace("\"ams\"", "\"../ams\""),
            text().replace(DIGEST.value(), "x"),
            text().replace("2026-", "yesterday-"),
            text().replaceFirst("\\{", "{\"x\":" + "[".repeat(5000)),
            text() + " ".repeat(NodeStatusJson.MOST_BYTES),
        };
        for (String json : wrong) {
            TopologyException e =
                    assertThrows(
                            TopologyException.class,
                            () -> NodeStatusJson.decode(json.getBytes(UTF_8)),
                            json);
            assertEquals(TopologyException.Code.BAD_STATUS, e.code());
        }
    }

    @Test
    void anyDamageIsReadOrRefused() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 5000; i++) {
            byte[] json = text().getBytes(UTF_8);
            json[random.nextInt(json.length)] = (byte) random.nextInt();
            try {
                NodeStatusJson.decode(json);
            } catch (TopologyException e) {
                assertEquals(TopologyException.Code.BAD_STATUS, e.code());
            } catch (RuntimeException e) {
                throw new AssertionError("seed %d, round %d".formatted(seed, i), e);
            }
        }
    }

    @Test
    void aViewFindsTheReadyNodesOfARegion() {
        NodeStatus pop = status(List.of(), "");
        NetworkView view = new NetworkView(Map.of(pop.node(), pop));
        assertEquals(Optional.of(pop), view.status(new NodeName("ams")));
        assertTrue(view.readyIn(new RegionId("eu-west")).isEmpty(), "a POP is no region's node");
        assertTrue(NetworkView.EMPTY.all().isEmpty());
    }

    private static String text() {
        return new String(NodeStatusJson.encode(status(List.of(DIGEST), "")), UTF_8);
    }
}
