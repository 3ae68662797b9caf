package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.exec.task.AccountId;
import io.runnel.exec.task.Qualifier;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/** What an account agrees to, so that it may call what others grant on that condition. */
@Command(
        name = "agreements",
        mixinStandardHelpOptions = true,
        description = {
            "Lists what this account has agreed to, so that it may call tasks of others; agrees,"
                    + " and takes that back.",
            "'runnel grants' shows what is asked for."
        })
final class AgreementsCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    AgreementsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        print(api(data).get("/v1/agreements"), json);
        return 0;
    }

    @Command(
            name = "of",
            mixinStandardHelpOptions = true,
            description = "Lists who has agreed to what one of the account's own tasks asks for.")
    Integer of(
            @Parameters(paramLabel = "NAME", description = "the task") String name,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin DataOption where) {
        String path = "/v1/tasks/%s/agreements".formatted(CalledTask.name(name));
        print(api(where).get(path), asJson);
        return 0;
    }

    private void print(JsonNode answer, boolean asJson) {
        JsonNode all = answer.path("agreements");
        if (asJson) {
            shell.print(Json.pretty(Json.object().set("agreements", all)));
            return;
        }
        Table table = new Table("ACCOUNT", "TASK", "AGREED TO");
        for (JsonNode one : all) {
            var unused =
                    table.row(
                            one.path("account").asText(),
                            one.path("task").asText(),
                            one.path("agreement").asText());
        }
        shell.print(table.toString());
    }

    @Command(
            name = "accept",
            mixinStandardHelpOptions = true,
            description = "Agrees to what the owner of a task asks for.")
    Integer accept(
            @Parameters(paramLabel = "OWNER/TASK", description = "as acme/charge") String task,
            @Parameters(paramLabel = "TEXT", description = "what is asked for, word for word")
                    String text,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change = api.change("PUT", path(task), Json.object().put("agreement", text));
        int end = patience.await(shell, api, change);
        JsonNode said = change.answer();
        shell.print(
                "%s agrees for %s: %s"
                        .formatted(
                                said.path("account").asText(),
                                said.path("task").asText(),
                                said.path("agreement").asText()));
        return end;
    }

    @Command(
            name = "withdraw",
            mixinStandardHelpOptions = true,
            description = "Takes an agreement back: grants that ask for it hold no more.")
    Integer withdraw(
            @Parameters(paramLabel = "OWNER/TASK", description = "as acme/charge") String task,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        Api api = api(where);
        Api.Change change = api.change("DELETE", path(task), Json.object());
        int end = patience.await(shell, api, change);
        shell.print("taken back for " + task);
        return end;
    }

    private static String path(String task) {
        CalledTask called = CalledTask.parse(task, new AccountId(Account.DEFAULT));
        if (!task.contains("/") || !called.named().equals(Qualifier.NONE)) {
            throw CliException.usage("a task of another account is named as acme/charge: " + task);
        }
        return "/v1/agreements/%s/%s".formatted(called.owner(), called.task());
    }

    private Api api(DataOption where) {
        return Account.of(shell, where.in(shell)).api();
    }
}
