package io.runnel.chaos;

/** The network that the chaos tests injure. */
final class ChaosTopology {
    private ChaosTopology() {}

    /**
     * Two regions, two POPs, every port a free one; between {@code ams} and its region stands the
     * fault proxy, which listens at these addresses.
     */
    static String text(String viaInternal, String viaCluster) {
        return """
        network: chaos
        regions:
          - name: eu-west
            registry: true
            location: {lat: 53.35, lon: -6.26}
            store: sqlite
            nodes:
              - {name: eu-west-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 8, memory: 1GiB}
          - name: us-east
            location: {lat: 39.04, lon: -77.49}
            store: sqlite
            nodes:
              - {name: us-east-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 8, memory: 1GiB}
        pops:
          - name: ams
            location: {lat: 52.37, lon: 4.90}
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            region: eu-west
            failover: [us-east]
            slots: 4
            memory: 1GiB
            restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
          - name: iad
            location: {lat: 38.95, lon: -77.45}
            listen: 127.0.0.1:0
            admin: 127.0.0.1:0
            region: us-east
            failover: [eu-west]
            slots: 4
            memory: 1GiB
            restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
        links:
          - {from: ams, to: eu-west, rtt: 12ms, via: {internal: %s, cluster: %s}}
        """
                .formatted(viaInternal, viaCluster);
    }
}
