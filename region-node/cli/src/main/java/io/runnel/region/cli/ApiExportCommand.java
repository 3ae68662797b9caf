package io.runnel.region.cli;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;

/** Writes what an API's users are given. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes an API's document to standard output as its users are given it: OpenAPI in"
                    + " JSON, without what it says of tasks; or as a page to read and to try.",
            "With --document: as you wrote it."
        })
final class ApiExportCommand implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "NAME", description = "the API")
    private String name = "";

    @Option(
            names = "--stage",
            paramLabel = "STAGE",
            description = "which revision: of this stage; of live unless given")
    private String stage = ApisCommand.LIVE;

    @ArgGroup(multiplicity = "0..1")
    private Form form = new Form();

    @Option(
            names = "--server",
            paramLabel = "URL",
            description = "where it is to be called, as it is to stand there; may be repeated")
    private List<String> servers = List.of();

    @Mixin private DataOption data;

    ApiExportCommand(Shell shell) {
        this.shell = shell;
    }

    /** As what. */
    static final class Form {
        @Option(names = "--document", required = true, description = "as you wrote it")
        private boolean document;

        @Option(names = "--html", required = true, description = "as a page")
        private boolean html;
    }

    @Override
    public Integer call() {
        if (form.document && !servers.isEmpty()) {
            throw CliException.usage("--server goes with no --document");
        }
        StringBuilder path = new StringBuilder(ApisCommand.path(name));
        path.append(form.document ? "/document" : form.html ? "/page" : "/openapi");
        path.append("?stage=").append(ApisCommand.requireStage(stage));
        for (String server : servers) {
            String address = Urls.given("--server", server).toString();
            path.append("&server=").append(URLEncoder.encode(address, StandardCharsets.UTF_8));
        }
        String text = Account.of(shell, data.in(shell)).api().text(path.toString());
        shell.print(form.html ? text : Json.pretty(Json.exact(text)));
        return 0;
    }
}
