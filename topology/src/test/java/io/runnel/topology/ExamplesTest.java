package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.PopId;
import io.runnel.exec.task.RegionId;
import io.runnel.exec.task.RuntimeKind;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

final class ExamplesTest {
    @Test
    void allAreReadAndSurviveARoundTrip() throws IOException {
        List<Path> examples;
        try (Stream<Path> files = Files.list(Samples.EXAMPLES)) {
            examples = files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList();
        }
        assertTrue(examples.size() >= 2, examples::toString);
        for (Path example : examples) {
            Topology topology = TopologyReader.read(example);
            String written = TopologyWriter.write(topology);
            assertEquals(topology, TopologyReader.parse(written), written);
        }
    }

    @Test
    void theDefaultIsAsItIsDocumented() {
        Topology topology = Samples.twoRegions();
        assertEquals("eu-west", topology.registry().name().value());
        assertEquals("[eu-west-1, us-east-1, ams, lhr, iad]", topology.nodes().toString());
        assertEquals("127.0.0.1:9081", topology.registry().nodes().getFirst().listen().toString());
        Pop ams = topology.pop(new PopId("ams")).orElseThrow();
        Pop iad = topology.pop(new PopId("iad")).orElseThrow();
        assertEquals("127.0.0.1:8081", ams.listen().toString());
        assertTrue(ams.restrictions().runtimes().contains(RuntimeKind.LINUX));
        assertFalse(iad.restrictions().runtimes().contains(RuntimeKind.LINUX));
        assertEquals(List.of(new RegionId("eu-west")), iad.failover());
        assertEquals(Duration.ofMillis(12), topology.rtt("ams", new RegionId("eu-west")));
    }
}
