package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

/** Shows the calls that run in machines. */
@Command(
        name = "executions",
        mixinStandardHelpOptions = true,
        description = {
            "Shows the calls of Linux programs that run now, and at which node.",
            "Those that are movable may go on elsewhere: runnel migrate CALL --to NODE."
        })
final class ExecutionsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ExecutionsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        List<NodeAdmin.Answer> answers = NodeAdmin.mustBe(data.in(shell)).executions();
        shell.print(
                json ? Json.pretty(NodeAdmin.Answer.json(answers, "executions")) : table(answers));
        return answers.stream().allMatch(NodeAdmin.Answer.Known.class::isInstance) ? 0 : 1;
    }

    private static String table(List<NodeAdmin.Answer> answers) {
        Table table = new Table("node", "call", "task", "version", "runs for", "memory", "movable");
        int rows = 0;
        for (NodeAdmin.Answer answer : answers) {
            String node = answer.node().value();
            switch (answer) {
                case NodeAdmin.Answer.Known known -> {
                    for (JsonNode one : known.report().path("executions")) {
                        table.row(cells(node, one));
                        rows++;
                    }
                }
                case NodeAdmin.Answer.Unknown _ -> {
                    table.row(node, "it does not tell", "", "", "", "", "");
                    rows++;
                }
                case NodeAdmin.Answer.Silent silent -> {
                    table.row(node, silent.why(), "", "", "", "", "");
                    rows++;
                }
            }
        }
        return rows == 0 ? "no call of a Linux program runs" : table.toString();
    }

    private static Object[] cells(String node, JsonNode one) {
        Duration ran = Duration.ofMillis(one.path("ranMillis").asLong());
        return new Object[] {
            node,
            one.path("call").asText(),
            one.path("account").asText() + "/" + one.path("task").asText(),
            one.path("version").asText(),
            "%d.%d s".formatted(ran.toSeconds(), ran.toMillisPart() / 100),
            "%d MiB".formatted(one.path("memoryBytes").asLong() >> 20),
            one.path("movable").asBoolean() ? "yes" : "no"
        };
    }
}
