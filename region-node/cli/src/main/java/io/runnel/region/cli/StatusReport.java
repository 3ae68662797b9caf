package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.ByteSize;
import io.runnel.exec.task.NodeName;
import io.runnel.region.cli.supervisor.NodePhase;
import io.runnel.region.cli.supervisor.NodeReport;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.NetworkMap;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * What is known of the nodes: from the supervisor, and from a region.
 *
 * @param load what a region says of nodes, an array
 */
record StatusReport(SupervisorClient.Status status, JsonNode load) {
    private static final String UNKNOWN = "-";

    boolean allReady() {
        return status.nodes().stream().allMatch(n -> n.phase() == NodePhase.READY);
    }

    String table() {
        Table table =
                new Table(
                        "node",
                        "role",
                        "state",
                        "pid",
                        "up",
                        "restarts",
                        "slots",
                        "memory",
                        "warm",
                        "calls",
                        "here",
                        "address");
        for (NodeReport node : status.nodes()) {
            JsonNode said = said(node);
            table.row(
                    node.node(),
                    node.role().name().toLowerCase(Locale.ROOT),
                    state(node, said),
                    node.pid().isPresent() ? node.pid().getAsLong() : UNKNOWN,
                    time(node.uptime()),
                    node.restarts(),
                    share(said, "freeSlots", "slots", Long::parseLong, Long::toString),
                    share(
                            said,
                            "freeMemory",
                            "memory",
                            text -> ByteSize.parse(text).bytes(),
                            bytes -> new ByteSize(bytes).toString()),
                    said.has("warmCount") ? said.path("warmCount").asText() : UNKNOWN,
                    said.has("calls") ? said.path("calls").asText() : UNKNOWN,
                    hitRate(said),
                    Urls.of(node));
        }
        return table + ends();
    }

    /** How those died that are not up. */
    private String ends() {
        return status.nodes().stream()
                .filter(node -> node.phase() == NodePhase.DEAD || node.phase() == NodePhase.WAITING)
                .flatMap(node -> node.lastEnd().map(end -> node.node() + " " + end).stream())
                .map(line -> "\n" + line)
                .collect(Collectors.joining());
    }

    ObjectNode json() {
        ObjectNode json = Json.object().put("supervisor", status.pid());
        ArrayNode nodes = json.putArray("nodes");
        for (NodeReport node : status.nodes()) {
            ObjectNode one =
                    nodes.addObject()
                            .put("node", node.node().value())
                            .put("role", node.role().name().toLowerCase(Locale.ROOT))
                            .put("state", state(node, said(node)))
                            .put("restarts", node.restarts())
                            .put("uptimeMs", node.uptime().toMillis())
                            .put("url", Urls.of(node).toString());
            node.pid().ifPresent(pid -> one.put("pid", pid));
            node.lastEnd().ifPresent(end -> one.put("lastEnd", end));
            if (!said(node).isMissingNode()) {
                one.set("load", said(node));
            }
        }
        return json;
    }

    /** What a map shows of each node. */
    Map<NodeName, NetworkMap.NodeSaid> onMap() {
        Map<NodeName, NetworkMap.NodeSaid> nodes = new HashMap<>();
        for (NodeReport node : status.nodes()) {
            JsonNode said = said(node);
            int slots = said.path("slots").asInt();
            int used = Math.max(0, slots - said.path("freeSlots").asInt());
            nodes.put(
                    node.node(),
                    new NetworkMap.NodeSaid(
                            state(node, said), slots == 0 ? 0 : 100 * used / slots));
        }
        return nodes;
    }

    private JsonNode said(NodeReport node) {
        for (JsonNode one : load) {
            boolean isIt = one.path("name").asText().equals(node.node().value());
            if (isIt && one.has("slots") && node.phase() == NodePhase.READY) {
                return one;
            }
        }
        return Json.object().path("nothing");
    }

    /** The process's state, unless the node says something of itself that is worth more. */
    private static String state(NodeReport node, JsonNode said) {
        String own = said.path("state").asText("ready").toLowerCase(Locale.ROOT);
        boolean drained =
                own.equals("draining")
                        && said.path("freeSlots").asInt() == said.path("slots").asInt();
        return node.phase() == NodePhase.READY ? drained ? "drained" : own : node.phase().label();
    }

    /** {@code 1/4}: taken of all. */
    private static String share(
            JsonNode said,
            String free,
            String all,
            ToLongFunction<String> read,
            LongFunction<String> written) {
        if (!said.has(free) || !said.has(all)) {
            return UNKNOWN;
        }
        long most = read.applyAsLong(said.path(all).asText());
        long taken = Math.max(0, most - read.applyAsLong(said.path(free).asText()));
        return written.apply(taken) + "/" + written.apply(most);
    }

    /** The share of a POP's calls that needed no region. */
    private static String hitRate(JsonNode said) {
        long calls = said.path("calls").asLong();
        return calls == 0
                ? UNKNOWN
                : "%d %%".formatted(Math.round(100.0 * said.path("callsHere").asLong() / calls));
    }

    /** {@code 12 s}, {@code 3 min}, {@code 5 h}, {@code 2 d}. */
    static String time(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 1) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 1 ? time.toHours() + " h" : time.toDays() + " d";
    }
}
