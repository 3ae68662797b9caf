package io.runnel.topology;

import io.runnel.exec.task.RuntimeKind;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes topologies as YAML that {@link TopologyReader} reads back to an equal value: one line for
 * what is one thing. Safe for any thread.
 */
public final class TopologyWriter {
    /** Names that YAML 1.1 takes for something else than text; other tools read these files too. */
    private static final Set<String> TAKEN_WORDS =
            Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null");

    private TopologyWriter() {}

    /** The text of a topology file. */
    public static String write(Topology topology) {
        StringBuilder out = new StringBuilder();
        out.append("network: ").append(name(topology.network())).append('\n');
        if (topology.chaosAllowed()) {
            out.append("chaos: allowed\n");
        }
        list(out, "supervisors", topology.supervisors().stream().map(TopologyWriter::item));
        list(out, "policies", topology.policies().stream().map(TopologyWriter::policy));
        list(out, "hosts", topology.apiHosts().stream().map(TopologyWriter::host));
        list(out, "regions", topology.regions().stream().map(TopologyWriter::region));
        list(out, "pops", topology.pops().stream().map(TopologyWriter::pop));
        list(out, "links", topology.links().stream().map(TopologyWriter::link));
        return out.toString();
    }

    private static void list(StringBuilder out, String key, Stream<String> items) {
        List<String> written = items.toList();
        if (!written.isEmpty()) {
            out.append(key).append(":\n");
            written.forEach(out::append);
        }
    }

    private static String item(Address address) {
        return "  - %s\n".formatted(address(address));
    }

    private static String host(ApiHost host) {
        return "  - {name: %s, api: %s}\n".formatted(name(host.name()), name(host.api()));
    }

    private static String policy(Policy policy) {
        StringBuilder out = new StringBuilder();
        out.append("  - action: %s\n".formatted(policy.action().label()));
        policy.account()
                .ifPresent(
                        account ->
                                out.append("    account: %s\n".formatted(name(account.value()))));
        policy.task()
                .ifPresent(task -> out.append("    task: %s\n".formatted(name(task.toString()))));
        out.append("    require:");
        if (policy.requirements().areNone()) {
            return out.append(" []\n").toString();
        }
        out.append('\n');
        policy.requirements()
                .facts()
                .forEach(
                        (fact, values) ->
                                out.append(
                                        "      - {fact: %s, in: [%s]}\n"
                                                .formatted(name(fact), quoted(values))));
        return out.toString();
    }

    private static String quoted(List<String> values) {
        return values.stream().map(value -> "\"" + value + "\"").collect(Collectors.joining(", "));
    }

    private static String region(Region region) {
        String nodes =
                region.nodes().stream().map(TopologyWriter::node).collect(Collectors.joining());
        return """
          - name: %s
            registry: %s
            location: %s
            store: %s
        %s    nodes:
        """
                        .formatted(
                                name(region.name()),
                                region.registry(),
                                location(region.location()),
                                store(region.store()),
                                devices(region.devices()))
                + nodes;
    }

    private static String node(RegionNode node) {
        return "      - {name: %s, zone: %s, listen: %s, internal: %s, cluster: %s, admin: %s, slots: %s, memory: %s}\n"
                .formatted(
                        name(node.name()),
                        name(node.zone()),
                        address(node.listen()),
                        address(node.internal()),
                        address(node.cluster()),
                        address(node.admin()),
                        node.slots(),
                        node.memory());
    }

    private static String pop(Pop pop) {
        String limits = restrictions(pop.restrictions()).collect(Collectors.joining(", "));
        return """
          - name: %s
            location: %s
            listen: %s
        %s    admin: %s
            region: %s
            failover: %s
            slots: %s
            memory: %s
        """
                        .formatted(
                                name(pop.name()),
                                location(pop.location()),
                                address(pop.listen()),
                                pop.isSecured()
                                        ? "    tls: %s\n".formatted(certificates(pop.tls()))
                                        : "",
                                address(pop.admin()),
                                name(pop.region()),
                                flow(pop.failover().stream().map(TopologyWriter::name)),
                                pop.slots(),
                                pop.memory())
                + (limits.isEmpty() ? "" : "    restrictions: {%s}\n".formatted(limits))
                + devices(pop.devices());
    }

    private static String certificates(List<HostCertificate> tls) {
        return flow(
                tls.stream()
                        .map(
                                one ->
                                        "{certificate: \"%s\", key: \"%s\"}"
                                                .formatted(one.certificate(), one.key())));
    }

    private static String devices(Devices devices) {
        if (devices.files().isEmpty()) {
            return "";
        }
        return devices.files().entrySet().stream()
                .map(device -> "%s: \"%s\"".formatted(name(device.getKey()), device.getValue()))
                .collect(Collectors.joining(", ", "    devices: {", "}\n"));
    }

    private static String link(Link link) {
        return "  - {from: %s, to: %s, rtt: %s%s}\n"
                .formatted(
                        name(link.from()),
                        name(link.to()),
                        DurationText.format(link.rtt()),
                        link.via().map(TopologyWriter::via).orElse(""));
    }

    private static String via(Via via) {
        Stream<String> parts =
                Stream.concat(
                        via.internal().map(a -> "internal: " + address(a)).stream(),
                        via.cluster().map(a -> "cluster: " + address(a)).stream());
        return ", via: {%s}".formatted(parts.collect(Collectors.joining(", ")));
    }

    /** What does not restrict is left out: the reader would take it for a slip at a small POP. */
    private static Stream<String> restrictions(Restrictions restrictions) {
        List<String> parts = new ArrayList<>();
        if (!restrictions.maxMemory().equals(Restrictions.NONE.maxMemory())) {
            parts.add("maxMemory: " + restrictions.maxMemory());
        }
        if (!restrictions.maxDuration().equals(Restrictions.NONE.maxDuration())) {
            parts.add("maxDuration: " + DurationText.format(restrictions.maxDuration()));
        }
        if (!restrictions.runtimes().equals(Restrictions.NONE.runtimes())) {
            parts.add(
                    "runtimes: "
                            + flow(
                                    restrictions.runtimes().stream()
                                            .sorted()
                                            .map(RuntimeKind::label)));
        }
        if (!restrictions.outbound()) {
            parts.add("outbound: false");
        }
        return parts.stream();
    }

    private static String location(Location location) {
        return "{lat: %s, lon: %s}"
                .formatted(degrees(location.latitude()), degrees(location.longitude()));
    }

    private static String degrees(double value) {
        return BigDecimal.valueOf(value).toPlainString();
    }

    private static String store(StoreSetting store) {
        return switch (store) {
            case StoreSetting.Sqlite _ -> "sqlite";
            case StoreSetting.Postgresql shared -> '"' + shared.url() + '"';
        };
    }

    /** Brackets would begin a list, and {@code 9:80} is a number to base sixty in YAML 1.1. */
    private static String address(Address address) {
        String host = address.host();
        boolean plain = host.indexOf(':') < 0 && !host.chars().allMatch(Character::isDigit);
        return plain ? address.toString() : '"' + address.toString() + '"';
    }

    private static String flow(Stream<String> items) {
        return items.collect(Collectors.joining(", ", "[", "]"));
    }

    private static String name(Object name) {
        String text = name.toString();
        boolean plain = Character.isLetter(text.charAt(0)) && !TAKEN_WORDS.contains(text);
        return plain ? text : '"' + text + '"';
    }
}
