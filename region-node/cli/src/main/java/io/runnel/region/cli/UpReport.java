package io.runnel.region.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.HandlerKind;
import io.runnel.exec.task.TaskName;
import io.runnel.region.cli.supervisor.DataFolder;
import io.runnel.region.cli.supervisor.NodePhase;
import io.runnel.region.cli.supervisor.NodeReport;
import io.runnel.region.cli.supervisor.SupervisorClient;
import io.runnel.topology.Topology;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What a person reads when a network is ready: where it is, and what to do next. */
record UpReport(
        Shell shell,
        DataFolder data,
        Topology topology,
        SupervisorClient.Status status,
        List<Sample> samples) {
    private static final AccountId DEMO = new AccountId(Account.DEFAULT);
    private static final TaskName HELLO = new TaskName("hello");

    String text() {
        List<String> parts = new ArrayList<>();
        parts.add(nodes().toString());
        pop().filter(p -> !samples.isEmpty()).ifPresent(p -> parts.add(tasks(p).toString()));
        parts.add("Try next:\n" + String.join("\n", next()));
        return String.join("\n\n", parts) + "\n";
    }

    /** What is to be done for each node that is not ready: one was stopped, or is dead. */
    List<String> notReady() {
        return status.nodes().stream()
                .filter(n -> n.phase() != NodePhase.READY)
                .map(
                        n ->
                                "%s is %s; %s"
                                        .formatted(
                                                n.node(),
                                                n.phase().label(),
                                                shell.command(data, "start " + n.node())))
                .toList();
    }

    private Table nodes() {
        Table table = new Table("node", "role", "state", "address");
        for (NodeReport node : status.nodes()) {
            table.row(
                    node.node(),
                    node.role().name().toLowerCase(Locale.ROOT),
                    node.phase().label(),
                    Urls.of(node));
        }
        return table;
    }

    /** The samples, each with what a person can paste. */
    private Table tasks(URI pop) {
        Table table = new Table("task", "handler", "at the first POP");
        for (Sample sample : samples) {
            Release release = sample.release();
            table.row(
                    release.task(),
                    release.handler().label(),
                    release.handler() == HandlerKind.HTTP
                            ? Urls.task(pop, DEMO, release.task()) + sample.tryPath().orElse("")
                            : shell.command(data, "invoke " + release.task() + " -d '{}'"));
        }
        return table;
    }

    private List<String> next() {
        return pop().filter(p -> !samples.isEmpty())
                .map(this::nextWithSamples)
                .orElseGet(this::nextWithout);
    }

    private List<String> nextWithSamples(URI pop) {
        String url = Urls.task(pop, DEMO, HELLO);
        return List.of(
                "  curl -i " + url,
                "  for i in $(seq 30); do curl -si %s | grep -i '^runnel-ran-at'; done"
                                .formatted(url)
                        + "   # now popular: it runs at the POP",
                "  " + shell.command(data, "status"));
    }

    private List<String> nextWithout() {
        return List.of(
                "  "
                        + shell.command(
                                data,
                                "deploy hello exec-runtime/samples/hello/hello.wasm --public"),
                "  " + shell.command(data, "invoke hello -v"),
                "  " + shell.command(data, "status"));
    }

    private Optional<URI> pop() {
        return topology.pops().stream().findFirst().map(Urls::ofPop);
    }

    ObjectNode json() {
        ObjectNode json =
                Json.object()
                        .put("network", topology.network())
                        .put("data", data.root().toString())
                        .put("supervisor", status.pid());
        ArrayNode nodes = json.putArray("nodes");
        for (NodeReport node : status.nodes()) {
            nodes.addObject()
                    .put("node", node.node().value())
                    .put("role", node.role().name().toLowerCase(Locale.ROOT))
                    .put("state", node.phase().label())
                    .put("url", Urls.of(node).toString());
        }
        ArrayNode tasks = json.putArray("tasks");
        samples.forEach(s -> tasks.add(s.release().task().value()));
        return json;
    }
}
