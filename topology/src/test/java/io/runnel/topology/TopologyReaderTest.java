package io.runnel.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.TaskRef;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

final class TopologyReaderTest {
    private int ports;

    /** Ten mistakes, each of another kind. */
    private static final String TEN_MISTAKES =
            """
            network: ten
            regions:
              - name: eu-west
                location: {lat: 153.35, lon: -6.26}
                store: mysql
                nodes:
                  - {name: eu-west-1, zone: a, lisen: 127.0.0.1:9081, internal: 127.0.0.1:9181, cluster: 127.0.0.1:9281, admin: 127.0.0.1:70000, slots: -3, memory: 1GB}
            pops:
              - name: ams
                location: {lat: 52.37, lon: 4.90}
                listen: 127.0.0.1:9281
                admin: 127.0.0.1:8181
                region: eu-wets
                failover: [eu-west]
                slots: 4
                memory: 1GiB
            links:
              - {from: ams, to: eu-west, rtt: 12 sec}
            """;

    @Test
    void namesTenMistakesAtOnceWithTheirPlaces() {
        List<String> found = Expect.problems(TEN_MISTAKES).stream().map(Problem::toString).toList();
        assertEquals(
                """
                3:3: one region must have 'registry: true': none has (regions)
                4:21: lat must be -90 to 90: 153.35 (regions[0].location.lat)
                5:12: store must be sqlite or postgresql://USER@HOST:PORT/DATABASE: 'mysql' (regions[0].store)
                7:36: unknown key 'lisen': did you mean 'listen'? (regions[0].nodes[0])
                7:117: port must be 0 to 65535: 70000 (regions[0].nodes[0].admin)
                7:141: slots must be 1 to 4096: -3 (regions[0].nodes[0].slots)
                7:153: size must be a whole number with B, KiB, MiB, GiB or TiB: '1GB' (regions[0].nodes[0].memory)
                11:13: address must be unique: '127.0.0.1:9281' is taken by regions[0].nodes[0].cluster at 7:94 (pops[0].listen)
                13:13: there is no region 'eu-wets': did you mean 'eu-west'? (pops[0].region)
                18:35: duration must be a number with ms, s, m or h: '12 sec' (links[0].rtt)
                """,
                String.join("\n", found) + "\n");
        List<String> lines = TEN_MISTAKES.lines().toList();
        assertEquals(36, lines.get(6).indexOf("lisen") + 1);
        assertEquals(141, lines.get(6).indexOf("-3") + 1);
    }

    @Test
    void readsWhatIsLeftOutAsItsDefault() {
        Topology topology = Samples.small();
        RegionNode node = topology.registry().nodes().getFirst();
        Pop pop = topology.pops().getFirst();
        assertEquals("a", node.zone());
        assertEquals(StoreSetting.DEFAULT, topology.registry().store());
        assertEquals(Restrictions.NONE, pop.restrictions());
        assertEquals(Devices.NONE, pop.devices());
        assertEquals(Devices.NONE, topology.registry().devices());
        assertTrue(pop.failover().isEmpty());
        assertEquals(Duration.ofNanos(500_000), topology.links().getFirst().rtt());
    }

    @Test
    void certificatesOfAPopAreItsFiles() {
        Pop pop =
                TopologyReader.parse(
                                Expect.changed(
                                        "memory: 64MiB\n",
                                        """
                                        memory: 64MiB
                                            tls:
                                              - {certificate: /etc/a.pem, key: /etc/a.key}
                                              - {certificate: /etc/b.pem, key: /etc/b.key}
                                        """))
                        .pops()
                        .getFirst();
        assertEquals(
                List.of(
                        new HostCertificate("/etc/a.pem", "/etc/a.key"),
                        new HostCertificate("/etc/b.pem", "/etc/b.key")),
                pop.tls());
        assertTrue(pop.isSecured());
    }

    @Test
    void mistakesInCertificatesAreTold() {
        String rule = "must be an absolute path of letters, digits and _.:@+,=-/: ";
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                """
                memory: 64MiB
                    tls: [{certificate: a.pem, key: /etc/../a}, {certificate: /a}, /b]
                """,
                "a.pem - a certificate's file " + rule + "'a.pem' (pops[0].tls[0].certificate)",
                "/etc/../a - a key's file " + rule + "'/etc/../a' (pops[0].tls[0].key)",
                "{certificate: - key is missing (pops[0].tls[1])",
                "/b - a mapping with certificate, key is expected: it is a single value"
                        + " (pops[0].tls[2])");
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 64MiB\n    tls: []\n",
                "[ - tls must have a certificate; without it, leave it out (pops[0].tls)");
    }

    @Test
    void devicesHaveANameAndAFile() {
        Pop pop =
                TopologyReader.parse(
                                Expect.changed(
                                        "memory: 64MiB\n",
                                        "memory: 64MiB\n"
                                                + "    devices: {sensor: /dev/ttyUSB0, gps:"
                                                + " \"/dev/serial/by-id/usb-u_blox:1.0\"}\n"))
                        .pops()
                        .getFirst();
        assertEquals(
                Map.of(
                        new DeviceName("sensor"), "/dev/ttyUSB0",
                        new DeviceName("gps"), "/dev/serial/by-id/usb-u_blox:1.0"),
                pop.devices().files());
        assertTrue(pop.devices().have(List.of(new DeviceName("gps"))));
        assertFalse(pop.devices().have(List.of(new DeviceName("gps"), new DeviceName("x"))));
    }

    @Test
    void mistakesInDevicesAreTold() {
        String rule = "a device's file must be an absolute path of letters, digits and _.:@+,=-/: ";
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                """
                memory: 64MiB
                    devices: {a: dev/x, B: /dev/x, c: /dev/../etc, d: [], e: /dev/a b}
                """,
                "dev/x - " + rule + "'dev/x' (pops[0].devices.a)",
                "B: - device name must be 1 to 63 of a-z, 0-9 and inner '-': 'B'"
                        + " (pops[0].devices.B)",
                "/dev/../etc - " + rule + "'/dev/../etc' (pops[0].devices.c)",
                "[ - devices must be a single value: it is a list (pops[0].devices.d)",
                "/dev/a - " + rule + "'/dev/a b' (pops[0].devices.e)");
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 64MiB\n    devices: {a: /dev/x, a: /dev/y}\n",
                "a: - pops[0].devices.a is given twice (pops[0].devices.a)");
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 64MiB\n    devices: [a]\n",
                "[a - devices must be a mapping of names: it is a list (pops[0].devices)");
        String many =
                IntStream.range(0, DeviceName.MOST + 1)
                        .mapToObj(i -> "d" + i + ": /dev/x")
                        .collect(Collectors.joining(", "));
        Expect.problemsOfSmall(
                "memory: 64MiB\n",
                "memory: 64MiB\n    devices: {" + many + "}\n",
                "{d0: - devices must be at most 16: 17 (pops[0].devices)");
    }

    @Test
    void onlyWhoSaysSoMayBeHurtByTests() {
        assertFalse(Samples.small().chaosAllowed());
        String allowed = Expect.changed("network: small\n", "network: small\nchaos: allowed\n");
        Topology topology = TopologyReader.parse(allowed);
        assertTrue(topology.chaosAllowed());
        assertTrue(topology.withFreePorts(host -> 9_000 + ports++).chaosAllowed());
        Expect.problemsOfSmall(
                "network: small\n",
                "network: small\nchaos: yes\n",
                "yes - chaos must be allowed or refused: 'yes' (chaos)");
    }

    @Test
    void hostsAreNamesOfApis() {
        Topology topology =
                TopologyReader.parse(
                        Expect.changed(
                                "network: small\n",
                                """
                                network: small
                                hosts:
                                  - {name: shop.example.com, api: demo/shop}
                                """));
        TaskRef shop = TaskRef.of("demo", "shop");
        assertEquals(List.of(new ApiHost("shop.example.com", shop)), topology.apiHosts());
        assertEquals(Optional.of(shop), topology.apiOf("Shop.Example.com"));
        assertEquals(Optional.empty(), topology.apiOf("example.com"));
        Expect.problemsOfSmall(
                "network: small\n",
                """
                network: small
                hosts:
                  - {name: Shop.example.com, api: demo/shop}
                  - {name: localhost, api: demo}
                  - {name: a.example.com, api: demo/shop}
                  - {name: a.example.com, api: demo/other}
                """,
                "Shop.example.com - a host must be a name with a domain, in small letters, as"
                        + " shop.example.com: 'Shop.example.com' (hosts[0].name)",
                "localhost - a host must be a name with a domain, in small letters, as"
                        + " shop.example.com: 'localhost' (hosts[1].name)",
                "demo - an API must be ACCOUNT/NAME: 'demo' (hosts[1].api)",
                "a.example.com - a host must be given once: 'a.example.com' is at 5:12"
                        + " (hosts[3].name)");
    }

    @Test
    void hostsHaveLimits() {
        String longest = "a.".repeat(126) + "b";
        assertEquals(253, longest.length());
        TaskRef shop = TaskRef.of("demo", "shop");
        assertEquals(longest, new ApiHost(longest, shop).name());
        for (String bad : List.of("a." + longest, "a".repeat(64) + ".b", "a..b", "a.b.", "a-.b")) {
            assertThrows(IllegalArgumentException.class, () -> new ApiHost(bad, shop), bad);
        }
        StringBuilder hosts = new StringBuilder("network: small\nhosts:\n");
        for (int i = 0; i <= ApiHost.MOST; i++) {
            hosts.append("  - {name: h%d.example.com, api: demo/shop}\n".formatted(i));
        }
        List<Problem> problems =
                Expect.problems(Expect.changed("network: small\n", hosts.toString()));
        assertTrue(problems.getFirst().message().contains("1000"), problems::toString);
    }

    @Test
    void supervisorsListenWhereTestsMayHurt() {
        String listening = "supervisors: [10.0.0.1:7700, \"[::1]:7700\"]\n";
        Topology topology =
                TopologyReader.parse(
                        Expect.changed(
                                "network: small\n",
                                "network: small\nchaos: allowed\n" + listening));
        assertEquals(
                List.of(new Address("10.0.0.1", 7700), new Address("::1", 7700)),
                topology.supervisors());
        assertTrue(topology.hosts().contains("10.0.0.1"));
        Expect.problemsOfSmall(
                "network: small\n",
                "network: small\n" + listening,
                "[10.0.0.1:7700 - supervisors listen only where 'chaos: allowed' stands"
                        + " (supervisors)");
        Expect.problemsOfSmall(
                "network: small\n",
                "network: small\nchaos: allowed\nsupervisors: [0.0.0.0:7700]\n",
                "0.0.0.0:7700 - address must be one that other nodes can dial: '0.0.0.0:7700'"
                        + " (supervisors[0])");
    }

    @Test
    void listsWhatIsMissing() {
        Expect.problems(
                "network: x\nregions:\n  - registry: true\npops: [{}]\n",
                "registry: - name is missing (regions[0])",
                "registry: - location is missing (regions[0])",
                "registry: - nodes is missing (regions[0])",
                "{ - name is missing (pops[0])",
                "{ - location is missing (pops[0])",
                "{ - listen is missing (pops[0])",
                "{ - admin is missing (pops[0])",
                "{ - region is missing (pops[0])",
                "{ - slots is missing (pops[0])",
                "{ - memory is missing (pops[0])");
        Expect.problems("pops: []", "pops: - network is missing", "pops: - regions is missing");
        Expect.problems("network: x\nregions: []", "[ - regions must have at least one (regions)");
    }

    @Test
    void tellsWhatKindOfValueIsExpected() {
        Expect.problemsOfSmall(
                "slots: 1\n",
                "slots: [1]\n",
                "[1 - slots must be a single value: it is a list (pops[0].slots)");
        Expect.problemsOfSmall(
                "slots: 1\n",
                "slots:\n",
                " - slots must be a single value: it is nothing (pops[0].slots)");
        Expect.problemsOfSmall(
                "slots: 1\n",
                "slots: many\n",
                "many - slots must be a whole number: 'many' (pops[0].slots)");
        Expect.problems(
                "[]", "[ - a topology is a mapping with network, regions, pops: it is a list");
        Expect.problems(
                "network: x\nregions: 3\n",
                "3 - regions must be a list: it is a single value (regions)");
        Expect.problemsOfSmall(
                "{lat: 60, lon: 10.5}",
                "Oslo",
                "Oslo - a mapping with lat, lon is expected: it is a single value"
                        + " (regions[0].location)");
    }

    @Test
    void refusesKeysGivenTwice() {
        Expect.problemsOfSmall(
                "slots: 1\n",
                "slots: 1\n    slots: 2\n",
                "slots: - slots is given twice: first at 14:12 (pops[0].slots)");
    }

    @Test
    void tellsWhatFileCannotBeRead(@TempDir Path folder) throws IOException {
        Path absent = folder.resolve("absent.yaml");
        TopologyException e =
                assertThrows(TopologyException.class, () -> TopologyReader.read(absent));
        assertEquals(TopologyException.Code.UNREADABLE, e.code());
        assertTrue(e.getMessage().contains(absent + ": there is no such file"), e.getMessage());

        Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xc3, 0x28});
        e = assertThrows(TopologyException.class, () -> TopologyReader.read(binary));
        assertTrue(e.getMessage().contains("not UTF-8"), e.getMessage());

        Path huge = Files.write(folder.resolve("huge"), new byte[TopologyReader.MOST_BYTES + 1]);
        e = assertThrows(TopologyException.class, () -> TopologyReader.read(huge));
        assertTrue(e.getMessage().contains("larger than 1 MiB"), e.getMessage());
    }
}
