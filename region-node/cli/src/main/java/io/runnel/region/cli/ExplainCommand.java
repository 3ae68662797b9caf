package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Shows what POPs would do with a call now. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description =
                "Shows what each POP would do with a call of a task now, or by an alias of your"
                        + " own, and why.")
final class ExplainCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "the task, or an alias of your account")
    private String name;

    @Mixin private DataOption data;

    @Option(names = "--pop", paramLabel = "POP", description = "only this POP")
    private Optional<String> pop = Optional.empty();

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    ExplainCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (!TaskName.isValid(name)) {
            throw CliException.usage("no name of a task or an alias: " + name);
        }
        List<NodeAdmin.Answer> answers =
                NodeAdmin.mustBe(data.in(shell)).explain(account(), new TaskName(name)).stream()
                        .filter(a -> pop.isEmpty() || a.node().value().equals(pop.get()))
                        .toList();
        if (answers.isEmpty()) {
            throw CliException.usage("there is no POP " + pop.orElse(""));
        }
        if (json) {
            shell.print(Json.pretty(json(answers)));
        } else {
            lines(answers).forEach(shell::print);
        }
        return answers.stream().allMatch(NodeAdmin.Answer.Known.class::isInstance) ? 0 : 1;
    }

    private AccountId account() {
        Api api = Account.of(shell, data.in(shell)).api();
        try {
            return new AccountId(api.get("/v1/tasks/" + name).path("account").asText());
        } catch (ApiException noTask) {
            if (!noTask.problem().equals(Optional.of("task-not-found"))) {
                throw noTask;
            }
            return accountOfAlias(api, noTask);
        }
    }

    /** Whose alias it is: of a path as {@code /fn/demo/pay}. */
    private AccountId accountOfAlias(Api api, ApiException noTask) {
        try {
            String path = api.get("/v1/aliases/" + name).path("path").asText();
            return new AccountId(path.split("/", -1)[2]);
        } catch (ApiException e) {
            throw e.problem().equals(Optional.of("alias-not-found")) ? noTask : e;
        }
    }

    private ObjectNode json(List<NodeAdmin.Answer> answers) {
        ObjectNode all = Json.object().put("task", name);
        ArrayNode pops = all.putArray("pops");
        for (NodeAdmin.Answer answer : answers) {
            ObjectNode one = pops.addObject().put("pop", answer.node().value());
            switch (answer) {
                case NodeAdmin.Answer.Known known -> one.setAll((ObjectNode) known.report());
                case NodeAdmin.Answer.Unknown _ -> one.putNull("would");
                case NodeAdmin.Answer.Silent silent -> one.put("silent", silent.why());
            }
        }
        return all;
    }

    private static List<String> lines(List<NodeAdmin.Answer> answers) {
        List<String> lines = new ArrayList<>();
        for (NodeAdmin.Answer answer : answers) {
            switch (answer) {
                case NodeAdmin.Answer.Known(var node, var report) when report.has("lost") ->
                        lines.add(
                                "%s: %s leads to no task: %s"
                                        .formatted(
                                                node,
                                                report.path("alias").asText(),
                                                report.path("lost").asText()));
                case NodeAdmin.Answer.Known known ->
                        lines.addAll(block(known.node().value(), known.report()));
                case NodeAdmin.Answer.Unknown unknown ->
                        lines.add("%s: it does not know the task (yet)".formatted(unknown.node()));
                case NodeAdmin.Answer.Silent silent ->
                        lines.add("%s: %s".formatted(silent.node(), silent.why()));
            }
        }
        return lines;
    }

    private static String alias(JsonNode alias) {
        StringBuilder line =
                new StringBuilder(
                        "@%s is version %d"
                                .formatted(
                                        alias.path("name").asText(),
                                        alias.path("version").asInt()));
        if (alias.has("canary")) {
            line.append(
                    ", and %d with %s of calls"
                            .formatted(
                                    alias.path("canary").asInt(),
                                    CanaryShare.shown(alias.path("permille").asInt())));
        }
        if (alias.has("calls")) {
            line.append(
                    "; here %d of %d of these failed, and %d of %d of the others"
                            .formatted(
                                    alias.path("canaryFailed").asLong(),
                                    alias.path("canaryCalls").asLong(),
                                    alias.path("failed").asLong(),
                                    alias.path("calls").asLong()));
        }
        if (alias.has("rolledBack")) {
            line.append(
                    "; version %d was rolled back: %s"
                            .formatted(
                                    alias.path("rolledBack").asInt(), alias.path("why").asText()));
        }
        return line.toString();
    }

    private static List<String> block(String node, JsonNode report) {
        List<String> lines = new ArrayList<>();
        List<String> regions = new ArrayList<>();
        report.path("regions").forEach(region -> regions.add(region.asText()));
        String does =
                switch (report.path("would").asText()) {
                    case "run-here" -> "would run version %d here";
                    case "forward" ->
                            "would forward version %d to " + String.join(", then ", regions);
                    default -> "would refuse version %d";
                };
        lines.add(
                "%s: %s (%s)"
                        .formatted(
                                node,
                                does.formatted(report.path("version").asInt()),
                                report.path("reason").asText()));
        if (report.has("alias")) {
            lines.add(
                    "  %s, by %s, is %s"
                            .formatted(
                                    report.path("alias").asText(),
                                    report.path("by").asText(),
                                    report.path("to").asText()));
        }
        report.path("aliases").forEach(alias -> lines.add("  " + alias(alias)));
        for (JsonNode fact : report.path("callers")) {
            lines.add("  callers must show %s".formatted(fact.asText()));
        }
        for (JsonNode score : report.path("scores")) {
            lines.add(
                    "  %-16s %s %s"
                            .formatted(
                                    score.path("name").asText(),
                                    score.path("value").asText(),
                                    score.path("unit").asText())
                            .stripTrailing());
        }
        return lines;
    }
}
