package io.runnel.region.cli;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.exec.task.DeviceName;
import io.runnel.exec.task.NodeName;
import io.runnel.exec.task.RegionId;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.LocalAddresses;
import io.runnel.region.cli.supervisor.LocalNode;
import io.runnel.region.cli.supervisor.NodeReport;
import io.runnel.region.cli.supervisor.PortCheck;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.Pop;
import io.runnel.topology.Topology;
import io.runnel.topology.TopologyChange;
import io.runnel.topology.TopologyChange.Holdings;
import io.runnel.topology.TopologyChange.Needs;
import io.runnel.topology.TopologyWriter;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a running network as a {@link TopologyChange} says. What is new starts first, then what
 * stays is restarted, one node after the other, and what goes is drained and stopped last, when
 * nobody counts on it any more. Not thread-safe.
 */
final class TopologyApply {
    private final DataFolder data;
    private final SupervisorClient supervisor;
    private final Progress progress;
    private final Duration patience;

    /**
     * Of this network.
     *
     * @param patience how long to wait for what runs on a node that is drained
     */
    TopologyApply(
            DataFolder data, SupervisorClient supervisor, Progress progress, Duration patience) {
        this.data = data;
        this.supervisor = supervisor;
        this.progress = progress;
        this.patience = patience;
    }

    /** What the network keeps that has a place, as its regions say. */
    Holdings holdings(Topology running) {
        Api admin = admin(running);
        Map<RegionId, Integer> homes = new HashMap<>();
        Map<String, Needs> placed = new HashMap<>();
        for (JsonNode account : admin.list("/v1/accounts", "accounts")) {
            homes.merge(new RegionId(account.path("home").asText()), 1, Integer::sum);
            String name = account.path("name").asText();
            for (JsonNode task : tasks(admin, name)) {
                needs(admin, name, task)
                        .ifPresent(
                                needs ->
                                        placed.put(name + "/" + task.path("name").asText(), needs));
            }
        }
        return new Holdings(homes, placed);
    }

    private Api admin(Topology running) {
        BearerToken key =
                new CredentialsFile(data.credentials())
                        .profile(NetworkStart.ADMIN)
                        .map(Profile::token)
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "no [admin] key in %s"
                                                        .formatted(data.credentials())));
        return new Api(Account.regions(running), key, NetworkRoot.of(data), Optional::empty);
    }

    private static List<JsonNode> tasks(Api admin, String account) {
        List<JsonNode> all = new ArrayList<>();
        String after = "";
        do {
            JsonNode page = admin.get("/v1/tasks?account=%s&after=%s".formatted(account, after));
            page.path("tasks").forEach(all::add);
            after = page.path("next").asText("");
        } while (!after.isEmpty());
        return all;
    }

    /** Of its live version, if it does not run everywhere. */
    private static Optional<Needs> needs(Api admin, String account, JsonNode task) {
        if (!task.path("live").isInt() || task.path("live").asInt() == 0) {
            return Optional.empty();
        }
        JsonNode version =
                admin.get(
                        "/v1/tasks/%s/versions/%d?account=%s"
                                .formatted(
                                        task.path("name").asText(),
                                        task.path("live").asInt(),
                                        account));
        List<RegionId> regions = new ArrayList<>();
        version.path("regions").forEach(region -> regions.add(new RegionId(region.asText())));
        List<DeviceName> devices = new ArrayList<>();
        version.path("devices").forEach(device -> devices.add(new DeviceName(device.asText())));
        return regions.isEmpty() && devices.isEmpty()
                ? Optional.empty()
                : Optional.of(new Needs(regions, devices));
    }

    /** Why it cannot be done on this machine now. */
    List<String> obstacles(TopologyChange change) {
        List<LocalNode> nodes = LocalNode.of(change.after(), LocalAddresses::contain);
        Set<NodeName> fresh = Set.copyOf(change.starts());
        List<LocalNode> starting =
                nodes.stream().filter(node -> fresh.contains(node.name())).toList();
        List<String> found = new ArrayList<>(PortCheck.problems(starting));
        Set<NodeName> here = nodes.stream().map(LocalNode::name).collect(Collectors.toSet());
        change.after().nodes().stream()
                .filter(node -> !here.contains(node))
                .map("%s is not on this machine: apply it there as well, by hand"::formatted)
                .forEach(found::add);
        supervisor.status().nodes().stream()
                .filter(report -> change.restarts().containsKey(report.node()))
                .filter(report -> !report.phase().label().equals("ready"))
                .map(
                        report ->
                                "%s is %s: start it first"
                                        .formatted(report.node(), report.phase().label()))
                .forEach(found::add);
        return found;
    }

    /**
     * Does it. What fails leaves the rest undone; the same again goes on from there. Regions' nodes
     * hear only whom their topology names: POPs that go are gone before these read it anew, and
     * POPs that come begin after that.
     */
    void apply(TopologyChange change) {
        new Authorities(data, new SecureRandom(), InstantSource.system()).ensure(change.after());
        write(change.after());
        supervisor.reload();
        Set<NodeName> pops =
                Stream.of(change.before(), change.after())
                        .flatMap(topology -> topology.pops().stream())
                        .map(Pop::node)
                        .collect(Collectors.toSet());
        List<NodeName> restarts = List.copyOf(change.restarts().keySet());
        start(without(pops, change.starts()));
        leave(change, only(pops, change.stops()));
        restart(without(pops, restarts));
        start(only(pops, change.starts()));
        restart(only(pops, restarts));
        leave(change, without(pops, change.stops()));
        supervisor.reload();
    }

    private static List<NodeName> only(Set<NodeName> some, List<NodeName> all) {
        return all.stream().filter(some::contains).toList();
    }

    private static List<NodeName> without(Set<NodeName> some, List<NodeName> all) {
        return all.stream().filter(node -> !some.contains(node)).toList();
    }

    private void start(List<NodeName> nodes) {
        for (NodeName node : nodes) {
            Duration unused = supervisor.start(node, progress::tell);
        }
    }

    private void restart(List<NodeName> nodes) {
        Set<NodeName> here =
                supervisor.status().nodes().stream()
                        .map(NodeReport::node)
                        .collect(Collectors.toSet());
        List<NodeName> turns = only(here, nodes);
        if (!turns.isEmpty()) {
            int unused =
                    new RollingRestart(supervisor, NodeAdmin.mustBe(data), progress, patience)
                            .run(turns);
        }
    }

    /** They are in the topology of before only. */
    private void leave(TopologyChange change, List<NodeName> nodes) {
        Drain drain = new Drain(NodeAdmin.of(change.before(), data), progress);
        for (NodeName node : nodes) {
            if (drain.state(node).isPresent()) {
                Drain.State begun = drain.begin(node);
                progress.tell("%-12s draining, calls left: %d".formatted(node, begun.left()));
                Drain.State unused = drain.await(node, patience);
            }
            if (supervisor.status().nodes().stream().anyMatch(r -> r.node().equals(node))) {
                Duration unused = supervisor.stop(node, progress::tell);
            }
        }
    }

    private void write(Topology topology) {
        Path made = data.root().resolve("topology.yaml.new");
        try {
            Files.writeString(made, TopologyWriter.write(topology));
            Files.move(made, data.topology(), ATOMIC_MOVE, REPLACE_EXISTING);
        } catch (IOException e) {
            throw CliException.failed("%s cannot be written: %s".formatted(made, Reason.of(e)));
        }
    }

    /** The plan for people. */
    static List<String> lines(TopologyChange change) {
        List<String> lines = new ArrayList<>();
        for (TopologyChange.Difference difference : change.differences()) {
            String how = difference.how().isEmpty() ? "" : ": " + difference.how();
            String sign =
                    switch (difference.kind()) {
                        case ADDED -> "+";
                        case CHANGED -> "~";
                        case REMOVED -> "-";
                    };
            lines.add("%s %s%s".formatted(sign, difference.what(), how));
        }
        change.starts().forEach(node -> lines.add("start   " + node));
        change.stops().forEach(node -> lines.add("stop    %s, drained first".formatted(node)));
        change.restarts()
                .forEach((node, why) -> lines.add("restart %s, for %s".formatted(node, why)));
        return lines;
    }

    /** The plan for programs. */
    static ObjectNode json(TopologyChange change, List<String> refusals) {
        ObjectNode json = Json.object();
        var differences = json.putArray("differences");
        for (TopologyChange.Difference difference : change.differences()) {
            differences
                    .addObject()
                    .put("kind", difference.kind().name().toLowerCase(Locale.ROOT))
                    .put("what", difference.what())
                    .put("how", difference.how());
        }
        var starts = json.putArray("starts");
        change.starts().forEach(node -> starts.add(node.value()));
        var stops = json.putArray("stops");
        change.stops().forEach(node -> stops.add(node.value()));
        ObjectNode restarts = json.putObject("restarts");
        change.restarts().forEach((node, why) -> restarts.put(node.value(), why));
        var refused = json.putArray("refusals");
        refusals.forEach(refused::add);
        return json;
    }
}
