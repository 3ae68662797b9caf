package io.runnel.routing.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.RegionId;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyReader;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.List;

class EligibleRegionsTest {
    private static final Topology TOPOLOGY =
            TopologyReader.parse(
                    """
                    network: test
                    regions:
                      - name: west
                        registry: true
                        location: {lat: 1, lon: 1}
                        nodes:
                          - {name: west-1, listen: 127.0.0.1:1, internal: 127.0.0.1:2, cluster: 127.0.0.1:3, admin: 127.0.0.1:4, slots: 1, memory: 64MiB}
                      - name: east
                        location: {lat: 1, lon: 1}
                        devices: {sensor: /dev/ttyS0}
                        nodes:
                          - {name: east-1, listen: 127.0.0.1:5, internal: 127.0.0.1:6, cluster: 127.0.0.1:7, admin: 127.0.0.1:8, slots: 1, memory: 64MiB}
                      - name: south
                        location: {lat: 1, lon: 1}
                        devices: {sensor: /dev/ttyS0, camera: /dev/video0}
                        nodes:
                          - {name: south-1, listen: 127.0.0.1:9, internal: 127.0.0.1:10, cluster: 127.0.0.1:11, admin: 127.0.0.1:12, slots: 1, memory: 64MiB}
                    """);

    private static List<RegionId> regions(String... names) {
        return Arrays.stream(names).map(RegionId::new).toList();
    }

    private static EligibleRegions of(List<RegionId> bound, String... devices) {
        return EligibleRegions.of(
                bound, Arrays.stream(devices).map(DeviceName::new).toList(), TOPOLOGY);
    }

    @Test
    void whatIsBoundToNothingAndUsesNothingMayRunEverywhere() {
        EligibleRegions all = of(regions());
        assertTrue(all.everywhere());
        assertTrue(all.include(new RegionId("of-another-topology")));
        EligibleRegions bound = of(regions("east", "west"));
        assertEquals(EligibleRegions.only(regions("east", "west")), bound);
        assertTrue(bound.include(new RegionId("west")));
        assertFalse(bound.include(new RegionId("south")));
    }

    @Test
    void whatUsesDevicesRunsWhereAllOfThemAre() {
        assertEquals(EligibleRegions.only(regions("east", "south")), of(regions(), "sensor"));
        assertEquals(EligibleRegions.only(regions("south")), of(regions(), "sensor", "camera"));
        assertEquals(EligibleRegions.only(regions("east")), of(regions("west", "east"), "sensor"));
        EligibleRegions none = of(regions("west"), "sensor");
        assertFalse(none.everywhere());
        assertEquals(List.of(), none.named());
        assertFalse(none.include(new RegionId("west")));
    }

    @Test
    void ofTwoThatAreAskedForBothCount() {
        RegionId a = new RegionId("a");
        RegionId b = new RegionId("b");
        EligibleRegions both = EligibleRegions.only(List.of(a, b));
        EligibleRegions second = EligibleRegions.only(List.of(b));
        assertEquals(second, both.among(second));
        assertEquals(second, second.among(both));
        assertEquals(both, both.among(EligibleRegions.EVERYWHERE));
        assertEquals(both, EligibleRegions.EVERYWHERE.among(both));
        assertEquals(
                EligibleRegions.EVERYWHERE,
                EligibleRegions.EVERYWHERE.among(EligibleRegions.EVERYWHERE));
        assertEquals(
                EligibleRegions.only(List.of()), second.among(EligibleRegions.only(List.of(a))));
    }
}
