package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.List;
import java.util.concurrent.Callable;

/** Shows what limits nodes keep. */
@Command(
        name = "limits",
        mixinStandardHelpOptions = true,
        description = "Shows the limits that each node keeps now, and where they are set.")
final class LimitsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    LimitsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<NodeAdmin.Answer> answers = NodeAdmin.mustBe(data.in(shell)).limits();
        shell.print(json ? Json.pretty(NodeAdmin.Answer.json(answers, "limits")) : table(answers));
        return answers.stream().allMatch(NodeAdmin.Answer.Known.class::isInstance) ? 0 : 1;
    }

    private static String table(List<NodeAdmin.Answer> answers) {
        Table table = new Table("node", "limit", "value", "raised by");
        for (NodeAdmin.Answer answer : answers) {
            String node = answer.node().value();
            switch (answer) {
                case NodeAdmin.Answer.Known known -> {
                    for (JsonNode limit : known.report().path("limits")) {
                        table.row(
                                node,
                                limit.path("name").asText(),
                                "%s %s"
                                        .formatted(
                                                limit.path("value").asText(),
                                                limit.path("unit").asText()),
                                limit.path("raisedBy").asText());
                    }
                }
                case NodeAdmin.Answer.Unknown _ -> table.row(node, "-", "it does not tell", "");
                case NodeAdmin.Answer.Silent silent -> table.row(node, "-", silent.why(), "");
            }
        }
        return table.toString();
    }
}
