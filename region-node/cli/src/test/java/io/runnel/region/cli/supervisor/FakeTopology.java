package io.runnel.region.cli.supervisor;

/** A topology file of one region and one POP on free ports. */
public final class FakeTopology {
    /** Its text. */
    public static final String TEXT =
            """
            network: test
            regions:
              - name: eu-west
                registry: true
                location: {lat: 53.35, lon: -6.26}
                store: sqlite
                nodes:
                  - {name: eu-west-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 2, memory: 64MiB}
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: eu-west
                slots: 2
                memory: 64MiB
                restrictions: {maxMemory: 64MiB, maxDuration: 30s, runtimes: [wasm]}
            links: []
            """;

    private FakeTopology() {}
}
