package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.exec.task.Qualifier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** APIs: routes that lead to tasks. */
@Command(
        name = "apis",
        mixinStandardHelpOptions = true,
        description = {
            "Lists your account's APIs: names under which several tasks are called, each by routes"
                    + " of its own, as an OpenAPI document says.",
            "Each document is a revision. Stages say which revision is called: /api/ACCOUNT/NAME"
                    + " is the stage live, /api/ACCOUNT/NAME@STAGE another one."
        })
final class ApisCommand implements Callable<Integer> {
    static final String LIVE = "live";

    /** Where a revision goes first. */
    static final String FIRST = "dev";

    private final Shell shell;

    @Mixin private ReadOptions reading;

    ApisCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        return list(reading);
    }

    @Command(name = "list", mixinStandardHelpOptions = true, description = "Lists them.")
    Integer list(@Mixin ReadOptions how) {
        how.tell(shell, how.api(shell).get("/v1/apis"), ApisCommand::table);
        return 0;
    }

    private static String table(JsonNode all) {
        Table table = new Table("NAME", "NEWEST", "STAGES");
        for (JsonNode api : all.path("apis")) {
            var unused =
                    table.row(api.path("name").asText(), api.path("newest").asText(), stages(api));
        }
        return table.toString();
    }

    private static String stages(JsonNode api) {
        List<String> stages = new ArrayList<>();
        api.path("stages")
                .properties()
                .forEach(one -> stages.add(one.getKey() + "=" + one.getValue().path("revision")));
        return String.join(" ", stages);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Shows one: its stages with their routes, and its revisions.")
    Integer show(
            @Parameters(paramLabel = "NAME", description = "the API") String name,
            @Mixin ReadOptions how) {
        String path = path(name);
        how.tell(shell, how.api(shell).get(path), ApisCommand::told);
        return 0;
    }

    private static String told(JsonNode api) {
        Table routes = new Table("STAGE", "ROUTE", "TASK", "FOR");
        api.path("stages")
                .properties()
                .forEach(
                        stage ->
                                stage.getValue()
                                        .path("routes")
                                        .forEach(route -> put(routes, stage.getKey(), route)));
        Table revisions = new Table("REVISION", "MADE", "STAGES");
        for (JsonNode one : api.path("revisions")) {
            var unused =
                    revisions.row(
                            one.path("revision").asText(),
                            one.path("created").asText(),
                            stagesOf(api, one.path("revision").asInt()));
        }
        return api.path("path").asText() + "\n\n" + routes + "\n\n" + revisions;
    }

    private static void put(Table table, String stage, JsonNode route) {
        var unused =
                table.row(
                        stage,
                        route.path("key").asText(),
                        route.path("task").asText(),
                        route.path("open").asBoolean() ? "everybody" : "callers with a key");
    }

    private static String stagesOf(JsonNode api, int revision) {
        List<String> stages = new ArrayList<>();
        api.path("stages")
                .properties()
                .forEach(
                        one -> {
                            if (one.getValue().path("revision").asInt() == revision) {
                                stages.add(one.getKey());
                            } else if (one.getValue().path("before").asInt() == revision) {
                                stages.add("(%s before)".formatted(one.getKey()));
                            }
                        });
        return String.join(" ", stages);
    }

    @Command(
            name = "deploy",
            mixinStandardHelpOptions = true,
            description = "Has a stage call another revision: the one of dev unless given.")
    Integer deploy(
            @Parameters(paramLabel = "NAME", description = "the API") String name,
            @Option(
                            names = "--stage",
                            paramLabel = "STAGE",
                            defaultValue = LIVE,
                            description = "which one; live unless given")
                    String stage,
            @Option(names = "--revision", paramLabel = "N", description = "which revision")
                    Optional<Integer> revision,
            @Option(
                            names = "--from",
                            paramLabel = "STAGE",
                            description = "the revision of this stage; of dev unless given")
                    Optional<String> from,
            @Mixin ChangeOptions how) {
        if (revision.isPresent() && from.isPresent()) {
            throw CliException.usage("--revision goes with no --from");
        }
        ObjectNode body = Json.object().put("stage", requireStage(stage));
        revision.ifPresentOrElse(
                number -> body.put("revision", number),
                () -> body.put("from", requireStage(from.orElse(FIRST))));
        return how.change(shell, "POST", path(name) + "/deploy", body, api -> line(api, stage));
    }

    @Command(
            name = "rollback",
            mixinStandardHelpOptions = true,
            description =
                    "Has a stage call the revision that it called before; once more undoes it.")
    Integer rollback(
            @Parameters(paramLabel = "NAME", description = "the API") String name,
            @Option(
                            names = "--stage",
                            paramLabel = "STAGE",
                            defaultValue = LIVE,
                            description = "which one; live unless given")
                    String stage,
            @Mixin ChangeOptions how) {
        ObjectNode body = Json.object().put("stage", requireStage(stage));
        return how.change(shell, "POST", path(name) + "/rollback", body, api -> line(api, stage));
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = {
                "Deletes an API with its revisions and the grants on its name, or one stage.",
                "Tasks that it leads to stay."
            })
    Integer delete(
            @Parameters(paramLabel = "NAME", description = "the API") String name,
            @Option(names = "--stage", paramLabel = "STAGE", description = "this stage alone")
                    Optional<String> stage,
            @Mixin DeleteOptions how) {
        String path = path(name);
        return stage.isPresent()
                ? how.delete(
                        shell,
                        path + "/stages/" + requireStage(stage.get()),
                        "%s@%s is deleted".formatted(name, stage.get()))
                : how.delete(shell, path, Map.of("If-Match", "*"), "%s is deleted".formatted(name));
    }

    /** {@code /api/demo/shop@dev is revision 3}. */
    static String line(JsonNode api, String stage) {
        JsonNode said = api.path("stages").path(stage);
        return "%s is revision %d%s"
                .formatted(
                        said.path("path").asText(),
                        said.path("revision").asInt(),
                        said.has("before")
                                ? ", before it was %d".formatted(said.path("before").asInt())
                                : "");
    }

    /** The control API's path of one. */
    static String path(String name) {
        return "/v1/apis/" + CalledTask.name(name);
    }

    static String requireStage(String name) {
        if (!Qualifier.isAlias(name)) {
            throw CliException.usage(
                    "a stage must be 1 to 63 of A-Z, a-z, 0-9, - and _, and no number: '%s'"
                            .formatted(name));
        }
        return name;
    }
}
