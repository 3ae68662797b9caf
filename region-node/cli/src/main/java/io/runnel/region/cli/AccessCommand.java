package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** Shows who was denied what. */
@Command(
        name = "access",
        mixinStandardHelpOptions = true,
        description = {
            "Shows which calls nodes denied lately, and why; and one of 32 that they allowed.",
            "Calls of a second that are alike are one line. Each node keeps more in the folder"
                    + " nodes/NODE/access of its data folder."
        })
final class AccessCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--task", paramLabel = "TASK", description = "of this task, as acme/charge")
    private Optional<String> task = Optional.empty();

    @Option(names = "--account", paramLabel = "ACCOUNT", description = "by this account")
    private Optional<String> account = Optional.empty();

    @Option(names = "--denied", description = "only what was denied")
    private boolean denied;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    AccessCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<NodeAdmin.Answer> answers = NodeAdmin.mustBe(data.in(shell)).access();
        List<ObjectNode> lines =
                answers.stream()
                        .flatMap(AccessCommand::lines)
                        .filter(this::isAskedFor)
                        .sorted(Comparator.comparing(line -> line.path("at").asText()))
                        .toList();
        shell.print(json ? json(lines) : table(lines));
        boolean isWhole = true;
        for (NodeAdmin.Answer answer : answers) {
            if (answer instanceof NodeAdmin.Answer.Silent(var node, String why)) {
                shell.say("%s: %s".formatted(node, why));
                isWhole = false;
            }
        }
        return isWhole ? 0 : 1;
    }

    private static Stream<ObjectNode> lines(NodeAdmin.Answer answer) {
        return answer instanceof NodeAdmin.Answer.Known known
                ? known.report()
                        .path("access")
                        .valueStream()
                        .map(
                                line ->
                                        Json.object()
                                                .put("node", known.node().value())
                                                .setAll((ObjectNode) line))
                : Stream.empty();
    }

    private boolean isAskedFor(JsonNode line) {
        return task.filter(name -> !line.path("task").asText().equals(name)).isEmpty()
                && account.filter(name -> !line.path("account").asText().equals(name)).isEmpty()
                && !(denied && line.path("decision").asText().equals("allowed"));
    }

    private static String json(List<ObjectNode> lines) {
        ObjectNode all = Json.object();
        ArrayNode array = all.putArray("access");
        lines.forEach(array::add);
        return Json.pretty(all);
    }

    private static String table(List<ObjectNode> lines) {
        Table table = new Table("AT", "NODE", "DECISION", "REASON", "TASK", "BY", "FROM", "CALLS");
        for (JsonNode line : lines) {
            table.row(
                    line.path("at").asText(),
                    line.path("node").asText(),
                    line.path("decision").asText(),
                    line.path("reason").asText(),
                    line.path("task").asText(),
                    line.path("key").asText(line.path("account").asText("-")),
                    line.path("source").asText(),
                    line.path("calls").asText());
        }
        return table.toString();
    }
}
