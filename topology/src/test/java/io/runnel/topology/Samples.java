package io.runnel.topology;

import java.nio.file.Path;

/** Topologies that several tests read. */
final class Samples {
    static final Path EXAMPLES = Path.of("examples");

    static final String SMALL =
            """
            network: small
            regions:
              - name: north
                registry: true
                location: {lat: 60, lon: 10.5}
                nodes:
                  - {name: north-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 2, memory: 512MiB}
            pops:
              - name: edge
                location: {lat: -33.9, lon: 151.2}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: north
                slots: 1
                memory: 64MiB
            links:
              - {from: edge, to: north, rtt: 0.5ms, via: {internal: 127.0.0.1:0, cluster: 127.0.0.1:0}}
            """;

    private Samples() {}

    static Topology small() {
        return TopologyReader.parse(SMALL);
    }

    static Topology twoRegions() {
        return TopologyReader.read(EXAMPLES.resolve("two-regions.yaml"));
    }
}
