package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Names of versions, and versions that are tried. */
@Command(
        name = "aliases",
        mixinStandardHelpOptions = true,
        description = {
            "Lists a task's aliases: names of versions, by which it can be called (NAME@ALIAS);"
                    + " without a task, your account's own names for calls (see create).",
            "The alias 'live' is what calls get that name none. Of an alias's calls some may go to"
                    + " another version, which is rolled back if it fails more often."
        })
final class AliasesCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "the task; your own names for calls, unless given")
    private Optional<String> name = Optional.empty();

    @Mixin private ReadOptions reading;

    AliasesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (name.isEmpty()) {
            JsonNode own = CallerAliasCommand.all(reading.api(shell));
            reading.tell(shell, own, CallerAliasCommand::table);
            return 0;
        }
        String path = "/v1/tasks/%s/aliases".formatted(CalledTask.name(name.get()));
        ArrayNode aliases = reading.api(shell).list(path, "aliases");
        reading.tell(shell, Json.object().set("aliases", aliases), AliasesCommand::table);
        return 0;
    }

    private static String table(JsonNode all) {
        Table table = new Table("ALIAS", "VERSION", "TRIED", "");
        for (JsonNode alias : all.path("aliases")) {
            var unused =
                    table.row(
                            alias.path("name").asText(),
                            alias.path("version").asText(),
                            tried(alias.path("canary")),
                            figures(alias));
        }
        return table.toString();
    }

    private static String tried(JsonNode canary) {
        return canary.isMissingNode()
                ? ""
                : "%d with %s of calls"
                        .formatted(
                                canary.path("version").asInt(),
                                CanaryShare.shown(canary.path("permille").asInt()));
    }

    private static String figures(JsonNode alias) {
        JsonNode canary = alias.path("canary");
        JsonNode back = alias.path("rolledBack");
        if (canary.has("calls")) {
            return "%d of %d calls failed, and %d of %d of the others: evidence %s of %d"
                    .formatted(
                            canary.path("failed").asLong(),
                            canary.path("calls").asLong(),
                            canary.path("othersFailed").asLong(),
                            canary.path("othersCalls").asLong(),
                            String.format(Locale.ROOT, "%.3g", canary.path("evidence").asDouble()),
                            canary.path("evidenceEnough").asInt());
        }
        return back.isMissingNode()
                ? ""
                : "version %d was rolled back at %s: %s"
                        .formatted(
                                back.path("version").asInt(),
                                back.path("at").asText(),
                                back.path("why").asText());
    }

    @Command(
            name = "set",
            mixinStandardHelpOptions = true,
            description = "Makes an alias, or has it mean something else.")
    Integer set(
            @Parameters(paramLabel = "NAME", description = "the task") String task,
            @Parameters(paramLabel = "ALIAS", description = "the alias; live for all calls")
                    String alias,
            @Parameters(
                            paramLabel = "VERSION",
                            arity = "0..1",
                            description = "which version; not for live, which is what is live")
                    Optional<Integer> version,
            @Option(
                            names = "--canary",
                            paramLabel = "VERSION=PERCENT",
                            description = "another version that gets some of the calls, as 8=5%%")
                    Optional<String> canary,
            @Option(
                            names = "--sticky",
                            paramLabel = "HEADER",
                            description =
                                    "calls with the same value of this header go to the same"
                                            + " version; each call by itself unless given")
                    Optional<String> sticky,
            @Mixin ChangeOptions how) {
        ObjectNode body = Json.object();
        version.ifPresent(number -> body.put("version", number));
        canary.ifPresent(text -> putCanary(body, text, sticky));
        if (canary.isEmpty() && sticky.isPresent()) {
            throw CliException.usage("--sticky goes with --canary");
        }
        return how.change(shell, "PUT", path(task, alias), body, AliasesCommand::sentence);
    }

    private static String sentence(JsonNode alias) {
        JsonNode tried = alias.path("canary");
        return "%s is version %d%s"
                .formatted(
                        alias.path("path").asText(),
                        alias.path("version").asInt(),
                        tried.isMissingNode() ? "" : ", and " + tried(tried));
    }

    private static void putCanary(ObjectNode body, String text, Optional<String> sticky) {
        int equals = text.indexOf('=');
        if (equals < 1 || !text.substring(0, equals).matches("[1-9][0-9]{0,8}")) {
            throw CliException.usage("--canary must be as 8=5%%: '%s'".formatted(text));
        }
        ObjectNode json = body.putObject("canary");
        json.put("version", Integer.parseInt(text.substring(0, equals)));
        CanaryShare.parse(text.substring(equals + 1), sticky).put(json);
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = {
                "Deletes an alias: no call names it any more, no version is tried by it.",
                "Without ALIAS: a name of your own for calls."
            })
    Integer delete(
            @Parameters(paramLabel = "NAME", description = "the task, or your own name")
                    String task,
            @Parameters(paramLabel = "ALIAS", arity = "0..1", description = "the task's alias")
                    Optional<String> alias,
            @Mixin DeleteOptions how) {
        String path = alias.map(one -> path(task, one)).orElse(CallerAliasCommand.path(task));
        String name = task + alias.map(one -> "@" + one).orElse("");
        return how.delete(shell, path, "%s is deleted".formatted(name));
    }

    private static String path(String task, String alias) {
        if (!Qualifier.isAlias(alias)) {
            throw CliException.usage(
                    "ALIAS must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number");
        }
        return "/v1/tasks/%s/aliases/%s".formatted(CalledTask.name(task), alias);
    }
}
