package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.List;

final class RelationsTest {
    private static final String SECOND_REGION =
            """
              - name: south
                registry: %s
                location: {lat: -60, lon: 10.5}
                nodes:
                  - {name: south-1, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin: 127.0.0.1:0, slots: 2, memory: 512MiB}
            pops:
            """;

    @Test
    void exactlyOneRegionIsTheRegistry() {
        Expect.problemsOfSmall(
                "registry: true",
                "registry: false",
                "- - one region must have 'registry: true': none has (regions)");
        Expect.problemsOfSmall(
                "pops:\n",
                SECOND_REGION.formatted("true"),
                "true - only one region may have 'registry: true': the first is at 4:15"
                        + " (regions[1].registry)");
        Expect.problemsOfSmall(
                "registry: true",
                "registry: yes",
                "yes - registry must be true or false: 'yes' (regions[0].registry)");
    }

    @Test
    void namesAreUniqueAmongRegionsNodesAndPops() {
        Expect.problemsOfSmall(
                "name: edge",
                "name: north-1",
                "north-1 - name must be unique: 'north-1' is the node at 7:16 (pops[0].name)",
                "edge - there is no POP or region 'edge' (links[0].from)");
        Expect.problemsOfSmall(
                "name: north\n",
                "name: North\n",
                "North - region name must be 1 to 63 of a-z, 0-9 and inner '-': 'North'"
                        + " (regions[0].name)");
    }

    @Test
    void aPopRefersToRegionsThatAreThere() {
        Expect.problemsOfSmall(
                "region: north",
                "region: nroth",
                "nroth - there is no region 'nroth': did you mean 'north'? (pops[0].region)");
        Expect.problemsOfSmall(
                "slots: 1\n",
                "slots: 1\n    failover: [north, edge]\n",
                "north - failover must be other regions than its own: 'north'"
                        + " (pops[0].failover[0])",
                "edge - there is no region 'edge' (pops[0].failover[1])");
        Expect.problems(
                Expect.changed("pops:\n", SECOND_REGION.formatted("false"))
                        .replace("slots: 1\n", "slots: 1\n    failover: [south, south]\n"),
                "south - failover must be given once: 'south' is at 20:16 (pops[0].failover[1])");
    }

    @Test
    void aLinkLeadsFromAPopOrRegionToAnotherRegion() {
        Expect.problemsOfSmall(
                "from: edge",
                "from: north",
                "north - a link must not lead to itself: 'north' (links[0].to)");
        Expect.problemsOfSmall(
                "to: north",
                "to: edge",
                "edge - a link must not lead to itself: 'edge' (links[0].to)");
        Expect.problemsOfSmall(
                "from: edge, to: north",
                "from: north, to: edge",
                "edge - a link must lead to a region: 'edge' is a POP (links[0].to)");
        Expect.problemsOfSmall(
                "from: edge, to: north",
                "from: egde, to: north-1",
                "egde - there is no POP or region 'egde': did you mean 'edge'? (links[0].from)",
                "north-1 - a link must end at a POP or region: 'north-1' is a node (links[0].to)");
        Expect.problems(
                Samples.SMALL + "  - {from: edge, to: north, rtt: 1ms}\n",
                "north - a link must be given once: 'edge' to 'north' is at 17:22 (links[1].to)");
    }

    @Test
    void addressesAreTakenOnce() {
        Expect.problemsOfSmall(
                "listen: 127.0.0.1:0\n    admin: 127.0.0.1:0",
                "listen: 0.0.0.0:8081\n    admin: localhost:8081",
                "localhost:8081 - address must be unique: 'localhost:8081' is taken by"
                        + " pops[0].listen at 11:13 (pops[0].admin)");
        Expect.problemsOfSmall(
                "via: {internal: 127.0.0.1:0, cluster: 127.0.0.1:0}",
                "via: {internal: 127.0.0.1:7001, cluster: 127.0.0.1:7001}",
                "127.0.0.1:7001 - address must be unique: '127.0.0.1:7001' is taken by"
                        + " links[0].via.internal at 17:57 (links[0].via.cluster)");
        Expect.problemsOfSmall(
                "via: {internal: 127.0.0.1:0, cluster: 127.0.0.1:0}",
                "via: {}",
                "{ - via must give internal or cluster (links[0].via)");
        Expect.problemsOfSmall(
                "internal: 127.0.0.1:0, cluster: 127.0.0.1:0, admin",
                "internal: 0.0.0.0:1, cluster: 127.0.0.1:0, admin",
                "0.0.0.0:1 - address must be one that other nodes can dial: '0.0.0.0:1'"
                        + " (regions[0].nodes[0].internal)");
    }

    @Test
    void aRegionOfSeveralNodesNeedsASharedStore() {
        String second =
                "      - {name: north-2, listen: 127.0.0.1:0, internal: 127.0.0.1:0, cluster:"
                        + " 127.0.0.1:0, admin: 127.0.0.1:0, slots: 2, memory: 512MiB}\n"
                        + "pops:\n";
        Expect.problemsOfSmall(
                "pops:\n",
                second,
                "{name: - a region of several nodes needs 'store: postgresql://...': it has 2"
                        + " (regions[0].nodes[1])");
        String shared =
                Expect.changed("pops:\n", second)
                        .replaceFirst(
                                "    nodes:\n", "    store: postgresql://me@host/db\n    nodes:\n");
        assertEquals(2, TopologyReader.parse(shared).registry().nodes().size());
    }

    @Test
    void aStoreIsNamedWithoutItsPassword() {
        String secret =
                "store must hold no password: PGPASSFILE or ?passwordFile=/FILE leads to it";
        assertEquals(secret, storeProblem("postgresql://me:secret@host/db"));
        assertEquals(secret, storeProblem("postgresql://me@host/db?password=secret"));
        String form = "store must be sqlite or postgresql://USER@HOST:PORT/DATABASE";
        for (String wrong :
                List.of(
                        "postgresql://host/secret",
                        "postgres://me@host/db",
                        "postgresql://me@host",
                        "postgresql://me@host/db/secret",
                        "postgresql://me@/db")) {
            assertEquals(form, storeProblem(wrong), wrong);
        }
        assertEquals(
                "store must be sqlite or ?passwordFile=/FILE or ?rootCertificate=/FILE behind the"
                        + " database",
                storeProblem("postgresql://me@host/db?sslmode=secret"));
        assertEquals(
                "port must be 0 to 65535: 70000", storeProblem("postgresql://me@host:70000/db"));
    }

    private static String storeProblem(String store) {
        var problems =
                Expect.problems(
                        Expect.changed("    nodes:\n", "    store: " + store + "\n    nodes:\n"));
        assertEquals(1, problems.size(), problems::toString);
        return problems.getFirst().message();
    }

    @Test
    void aStoreIsReadAsItStands() {
        var store =
                StoreUrl.parse(
                        "postgresql://me@[::1]:5433/db-1?passwordFile=/etc/p&rootCertificate=/r.pem");
        assertEquals("::1", store.server().host());
        assertEquals(5433, store.server().port());
        assertEquals(store, StoreUrl.parse(store.url()));
        assertEquals(
                "postgresql://me@db.example:5432/x",
                StoreUrl.parse("postgresql://me@db.example/x").url());
    }

    @Test
    void restrictionsFitThePop() {
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 64MiB\n"
                    + "    restrictions: {maxMemory: 128MiB, maxDuration: 0s, runtimes: [wams, js,"
                    + " js]}\n",
                "128MiB - maxMemory must be at most the POP's memory, 64MiB: 128MiB"
                        + " (pops[0].restrictions.maxMemory)",
                "0s - duration must be positive: '0s' (pops[0].restrictions.maxDuration)",
                "wams - runtime must be one of wasm, js, linux: 'wams': did you mean 'wasm'?"
                        + " (pops[0].restrictions.runtimes[0])",
                "js - runtimes must be given once: 'js' is at 16:73"
                        + " (pops[0].restrictions.runtimes[2])");
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 0MiB\n",
                "0MiB - memory must be positive: 0B (pops[0].memory)");
    }
}
