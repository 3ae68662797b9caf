package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.TaskName;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.Optional;
import java.util.concurrent.Callable;

/** Who may call an account's tasks, and what it may call of others. */
@Command(
        name = "grants",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what other accounts let this one call; grants calls of its own tasks to others,"
                    + " and takes grants back.",
            "Who calls pays. Nobody but its owner ever gets a task's code, variables or logs."
        })
final class GrantsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    GrantsCommand(Shell shell) {
        this.shell = shell;
    }

    /** What others let this account call. */
    @Override
    public Integer call() {
        JsonNode grants = api(data).get("/v1/grants").path("grants");
        if (json) {
            shell.print(Json.pretty(Json.object().set("grants", grants)));
            return 0;
        }
        Table table = new Table("TASK", "FOR", "GRANT", "");
        for (JsonNode grant : grants) {
            var unused =
                    table.row(
                            grant.path("path").asText().replaceFirst("^/(fn|api)/", ""),
                            grantee(grant),
                            grant.path("id").asText(),
                            GrantOptions.told(grant));
        }
        shell.print(table.toString());
        return 0;
    }

    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Lists the grants of one of the account's tasks or APIs.")
    Integer list(
            @Parameters(paramLabel = "NAME", description = "the task or API") String name,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin DataOption where) {
        JsonNode grants =
                api(where).list("/v1/tasks/%s/grants".formatted(CalledTask.name(name)), "grants");
        if (asJson) {
            shell.print(Json.pretty(Json.object().set("grants", grants)));
            return 0;
        }
        Table table = new Table("FOR", "GRANT", "VERSION", "PLACEMENT", "");
        for (JsonNode grant : grants) {
            var unused =
                    table.row(
                            grantee(grant),
                            grant.path("id").asText(),
                            grant.path("version").asText(grant.path("alias").asText("any")),
                            grant.path("placement").asText(),
                            GrantOptions.told(grant));
        }
        shell.print(table.toString());
        return 0;
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description = "Lets another account, or all, call a task or an API; or denies it.")
    Integer create(
            @Parameters(
                            paramLabel = "NAME[@VERSION|@ALIAS|@STAGE]",
                            description =
                                    "the task or API; or calls that name this version, alias or"
                                            + " stage only")
                    String name,
            @ArgGroup(multiplicity = "1") Whom whom,
            @ArgGroup(validate = false, heading = "Terms:%n") GrantOptions terms,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        CalledTask called = own(name);
        GrantOptions asked = terms == null ? new GrantOptions() : terms;
        Api api = api(where);
        Api.Change change =
                api.change(
                        "PUT", path(called.task(), whom, asked.id()), asked.body(called.named()));
        int end = patience.await(shell, api, change);
        JsonNode said = change.answer();
        if (asJson) {
            shell.print(Json.pretty(said));
            return end;
        }
        boolean denies = said.path("effect").asText().equals("deny");
        shell.print(
                "%s %s %s%s"
                        .formatted(
                                grantee(said),
                                denies ? "may not call" : "may call",
                                said.path("path").asText(),
                                denies ? "" : ", and pays for its calls"));
        return end;
    }

    @Command(
            name = "revoke",
            mixinStandardHelpOptions = true,
            description = {
                "Takes a grant back: calls that run end, the next are refused.",
                "Its holder is told so. Revoked once more, it is forgotten: its former holder is"
                        + " then told that there is no such task."
            })
    Integer revoke(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @ArgGroup(multiplicity = "1") Whom whom,
            @Option(
                            names = "--id",
                            paramLabel = "ID",
                            defaultValue = GrantOptions.DEFAULT_ID,
                            description = "the grant's name; 'default' unless given")
                    String id,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change =
                api.change("DELETE", path(CalledTask.name(name), whom, id), Json.object());
        int end = patience.await(shell, api, change);
        shell.print(
                "%s may not call %s by this grant any more".formatted(whom, CalledTask.name(name)));
        return end;
    }

    private static String path(TaskName name, Whom whom, String id) {
        if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
            throw CliException.usage("--id must be 1 to 64 of A-Z, a-z, 0-9, - and _");
        }
        return "/v1/tasks/%s/grants/%s/%s".formatted(name, whom.grantee(), id);
    }

    /** Whom a grant is for. */
    static final class Whom {
        @Option(names = "--to", required = true, paramLabel = "ACCOUNT", description = "for whom")
        private Optional<String> account = Optional.empty();

        @Option(names = "--to-all", required = true, description = "for every account")
        private boolean all;

        String grantee() {
            if (all) {
                return "*";
            }
            try {
                return new AccountId(account.orElseThrow()).value();
            } catch (IllegalArgumentException e) {
                throw CliException.usage("--to: " + e.getMessage());
            }
        }

        @Override
        public String toString() {
            return account.orElse("every account");
        }
    }

    private static String grantee(JsonNode grant) {
        String grantee = grant.path("grantee").asText();
        return grantee.equals("*") ? "every account" : grantee;
    }

    private Api api(DataOption where) {
        return Account.of(shell, where.in(shell)).api();
    }

    private static CalledTask own(String name) {
        if (name.contains("/")) {
            throw CliException.usage("a task of another account is not yours to grant: " + name);
        }
        return CalledTask.parse(name, new AccountId(Account.DEFAULT));
    }
}
