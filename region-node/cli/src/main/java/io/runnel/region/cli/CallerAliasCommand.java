package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.AccountId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/** Names of one's own for calls of what may be others' tasks. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Makes a name of your account by which it calls a task, also another account's, with"
                    + " parameters set; or has it mean something else.",
            "Parameters are set in the query of a request, or as fields of an invocation's payload,"
                    + " whatever the call says itself. Nobody else can call by the name."
        })
final class CallerAliasCommand implements Callable<Integer> {
    private static final String SECRET = "secret:";

    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "the name, as no task of yours has it")
    private String name = "";

    @Option(
            names = "--of",
            required = true,
            paramLabel = "TASK",
            description =
                    "what it stands for: acme/charge, acme/charge@3, acme/charge@stable, or a task"
                            + " or an alias of your own")
    private String of = "";

    @Option(
            names = "--param",
            paramLabel = "NAME=VALUE",
            description =
                    "a parameter of the call; may be repeated. secret:VARIABLE or secret:@FILE as a"
                            + " value: what that holds here, which nobody is shown")
    private Map<String, String> parameters = new LinkedHashMap<>();

    @Mixin private ChangeOptions how;

    CallerAliasCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        String path = path(name);
        var unused = CalledTask.parse(of, new AccountId(Account.DEFAULT));
        ObjectNode body = Json.object();
        body.put("of", of);
        ObjectNode set = body.putObject("parameters");
        ObjectNode hidden = Json.object();
        SecretValues secrets = new SecretValues(shell);
        parameters.forEach(
                (one, value) -> {
                    if (value.startsWith(SECRET)) {
                        String source = value.substring(SECRET.length());
                        hidden.put(one, secrets.parameter(one, source));
                    } else {
                        set.put(one, value);
                    }
                });
        if (!hidden.isEmpty()) {
            body.set("secrets", hidden);
        }
        return how.change(shell, "PUT", path, body, this::sentence);
    }

    private String sentence(JsonNode alias) {
        return "%s calls %s%s"
                .formatted(
                        alias.path("path").asText(),
                        alias.path("of").asText(),
                        parameters.isEmpty() ? "" : " with " + shown(alias));
    }

    /** The control API's path of such a name. */
    static String path(String name) {
        return "/v1/aliases/" + CalledTask.name(name);
    }

    /** All of an account. */
    static JsonNode all(Api api) {
        return Json.object().set("aliases", api.list("/v1/aliases", "aliases"));
    }

    /** The same for people. */
    static String table(JsonNode all) {
        Table table = new Table("NAME", "CALLS", "WITH");
        for (JsonNode alias : all.path("aliases")) {
            var unused =
                    table.row(alias.path("name").asText(), alias.path("of").asText(), shown(alias));
        }
        return table.toString();
    }

    private static String shown(JsonNode alias) {
        Map<String, String> all = new TreeMap<>();
        alias.path("parameters")
                .properties()
                .forEach(one -> all.put(one.getKey(), one.getValue().asText()));
        alias.path("secrets").forEach(one -> all.put(one.asText(), "(secret)"));
        return all.entrySet().stream()
                .map(one -> one.getKey() + "=" + one.getValue())
                .collect(Collectors.joining(" "));
    }
}
