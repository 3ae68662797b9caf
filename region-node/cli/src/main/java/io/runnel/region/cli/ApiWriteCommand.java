package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Makes an API, or a revision of one, from a document. */
final class ApiWriteCommand {
    private static final String STAGE =
            "which stage gets it; dev unless given: 'runnel apis deploy' makes it live";

    private ApiWriteCommand() {}

    /** The first revision. */
    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = {
                "Makes an API: from an OpenAPI 3.1 document in YAML or JSON, each operation of"
                        + " which says by x-runnel-task which task it calls; or of routes that are"
                        + " named here.",
                "It is called at the stage dev first: see 'runnel apis deploy'."
            })
    static final class Create implements Callable<Integer> {
        private final Shell shell;

        @Parameters(paramLabel = "NAME", description = "its name, as no task of yours has it")
        private String name = "";

        @ArgGroup(multiplicity = "1")
        private Source source;

        @Option(names = "--open", description = "with --route: for everybody, without a key")
        private boolean open;

        @Option(names = "--title", paramLabel = "TEXT", description = "with --route: its title")
        private Optional<String> title = Optional.empty();

        @Option(names = "--stage", paramLabel = "STAGE", description = STAGE)
        private String stage = ApisCommand.FIRST;

        @Mixin private ChangeOptions how;

        Create(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            String path = ApisCommand.path(name);
            JsonNode document = document();
            try {
                return put(shell, how, path, document, stage, Map.of("If-None-Match", "*"));
            } catch (ApiException e) {
                throw e.status() == 412
                        ? CliException.failed(
                                "there is an API %s already: 'runnel apis update %s' makes its next revision"
                                        .formatted(name, name))
                        : e;
            }
        }

        private JsonNode document() {
            boolean isOfRoutes = source.file.isEmpty();
            if (!isOfRoutes && (open || title.isPresent())) {
                throw CliException.usage("--open and --title go with --route: a document says so");
            }
            return isOfRoutes
                    ? RouteDocument.of(title.orElse(name), source.routes, open)
                    : ApiFile.read(source.file.get());
        }
    }

    /** What it is made of. */
    static final class Source {
        @Option(
                names = "--from",
                required = true,
                paramLabel = "FILE",
                description = "the document")
        private Optional<Path> file = Optional.empty();

        @Option(
                names = "--route",
                required = true,
                paramLabel = "ROUTE=TASK",
                description =
                        "a route and the task that it calls, as \"GET /hello/{name}=hello\"; may be"
                                + " repeated")
        private List<String> routes = List.of();
    }

    /** The next revision. */
    @Command(
            name = "update",
            mixinStandardHelpOptions = true,
            description = "Makes the next revision of an API, from its document in YAML or JSON.")
    static final class Update implements Callable<Integer> {
        private final Shell shell;

        @Parameters(paramLabel = "NAME", description = "the API")
        private String name = "";

        @Option(
                names = "--from",
                required = true,
                paramLabel = "FILE",
                description = "the document")
        private Path file;

        @Option(names = "--stage", paramLabel = "STAGE", description = STAGE)
        private String stage = ApisCommand.FIRST;

        @Mixin private ChangeOptions how;

        Update(Shell shell) {
            this.shell = shell;
        }

        @Override
        public Integer call() {
            String path = ApisCommand.path(name);
            JsonNode document = ApiFile.read(file);
            try {
                return put(shell, how, path, document, stage, Map.of("If-Match", "*"));
            } catch (ApiException e) {
                throw e.status() == 412
                        ? CliException.failed(
                                "there is no API %s: 'runnel apis create %s' makes it"
                                        .formatted(name, name))
                        : e;
            }
        }
    }

    private static int put(
            Shell shell,
            ChangeOptions how,
            String path,
            JsonNode document,
            String stage,
            Map<String, String> condition) {
        ObjectNode body = Json.object();
        body.set("document", document);
        body.put("stage", ApisCommand.requireStage(stage));
        return how.change(shell, "PUT", path, body, condition, api -> ApisCommand.line(api, stage));
    }
}
