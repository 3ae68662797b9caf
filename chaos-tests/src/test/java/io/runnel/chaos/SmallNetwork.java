package io.runnel.chaos;

/** Topologies of the smallest networks that real processes are tried in, on free ports. */
final class SmallNetwork {
    private static final String HOME =
            """
            network: %s
            regions:
              - name: home
                registry: true
                location: {lat: 53.35, lon: -6.26}
                nodes:
                  - {name: home-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
            """;
    private static final String AWAY =
            """
              - name: away
                location: {lat: 39.04, lon: -77.49}
                nodes:
                  - {name: away-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 4, memory: 256MiB}
            """;
    private static final String EDGE =
            """
            pops:
              - name: edge
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:0
                admin: 127.0.0.1:0
                region: home
                slots: 4
                memory: 512MiB
            """;

    private SmallNetwork() {}

    /** The region {@code home} with one node, {@code home-1}, and the POP {@code edge} of it. */
    static String ofOneRegion(String network) {
        return HOME.formatted(network) + EDGE;
    }

    /** The same, and the region {@code away} with one node, {@code away-1}. */
    static String ofTwoRegions(String network) {
        return HOME.formatted(network) + AWAY + EDGE;
    }
}
