package io.runnel.chaos;

/** The ports of the network that the chaos tests injure, and its topology file. */
record Ports(
        int ams,
        int iad,
        int westInternal,
        int westCluster,
        int eastInternal,
        int viaWestInternal,
        int viaWestCluster) {

    static Ports free() {
        return new Ports(
                RealNetwork.freePort(),
                RealNetwork.freePort(),
                RealNetwork.freePort(),
                RealNetwork.freePort(),
                RealNetwork.freePort(),
                RealNetwork.freePort(),
                RealNetwork.freePort());
    }

    /** Two regions, two POPs; between {@code ams} and its region stands the fault proxy. */
    String topology() {
        return """
        network: chaos
        regions:
          - name: eu-west
            registry: true
            location: {lat: 53.35, lon: -6.26}
            store: sqlite
            nodes:
              - {name: eu-west-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:%d, cluster: 127.0.0.1:%d, admin: 127.0.0.1:0, slots: 8, memory: 1GiB}
          - name: us-east
            location: {lat: 39.04, lon: -77.49}
            store: sqlite
            nodes:
              - {name: us-east-1, zone: a, listen: 127.0.0.1:0, internal: 127.0.0.1:%d, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 8, memory: 1GiB}
        pops:
          - name: ams
            location: {lat: 52.37, lon: 4.90}
            listen: 127.0.0.1:%d
            admin: 127.0.0.1:0
            region: eu-west
            failover: [us-east]
            slots: 4
            memory: 1GiB
            restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
          - name: iad
            location: {lat: 38.95, lon: -77.45}
            listen: 127.0.0.1:%d
            admin: 127.0.0.1:0
            region: us-east
            failover: [eu-west]
            slots: 4
            memory: 1GiB
            restrictions: {maxMemory: 256MiB, maxDuration: 30s, runtimes: [wasm]}
        links:
          - {from: ams, to: eu-west, rtt: 12ms, via: {internal: 127.0.0.1:%d, cluster: 127.0.0.1:%d}}
        """
                .formatted(
                        westInternal,
                        westCluster,
                        eastInternal,
                        ams,
                        iad,
                        viaWestInternal,
                        viaWestCluster);
    }
}
