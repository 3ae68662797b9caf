package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** An account's access keys. */
@Command(
        name = "keys",
        mixinStandardHelpOptions = true,
        description = {
            "Lists the account's keys; makes one, for all that the account may or for less; deletes"
                    + " one.",
            "To change a key without downtime: make the next, use it everywhere, delete the first."
        })
final class KeysCommand implements Callable<Integer> {
    private final Shell shell;

    @Mixin private DataOption data;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    KeysCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        Account account = Account.of(shell, data.in(shell));
        JsonNode keys = account.api().get(path(account)).path("keys");
        if (json) {
            shell.print(Json.pretty(Json.object().set("keys", keys)));
            return 0;
        }
        Table table = new Table("KEY", "FOR", "TASKS", "EXPIRES", "LAST USED", "");
        for (JsonNode key : keys) {
            var unused =
                    table.row(
                            key.path("id").asText(),
                            Json.texts(key.path("scopes"), "everything"),
                            Json.texts(key.path("tasks"), "all"),
                            key.path("expires").asText("never"),
                            key.path("lastUsed").asText("never"),
                            key.has("trust") ? "by a token: " + key.path("trust").asText() : "");
        }
        shell.print(table.toString());
        return 0;
    }

    private static String path(Account account) {
        return "/v1/accounts/%s/keys".formatted(account.id());
    }

    @Command(
            name = "create",
            mixinStandardHelpOptions = true,
            description =
                    "Makes a key and prints it, as ID.SECRET: its secret is told only now. With"
                            + " --save-as it is kept in the credentials file instead.")
    Integer create(
            @Option(
                            names = "--scope",
                            split = ",",
                            paramLabel = "SCOPE",
                            description =
                                    "invoke, deploy, admin, with commas between; all unless given")
                    List<String> scopes,
            @Option(
                            names = "--task",
                            split = ",",
                            paramLabel = "ACCOUNT/TASK",
                            description =
                                    "for these tasks only; acme/pay-* for those that begin so")
                    List<String> tasks,
            @Option(
                            names = "--expires",
                            paramLabel = "TIME",
                            description =
                                    "after 12h, 30d, or at 2027-01-31T12:00:00Z; never unless"
                                            + " given")
                    Optional<String> expires,
            @Option(
                            names = "--save-as",
                            paramLabel = "PROFILE",
                            description = "keep it under this name in the credentials file")
                    Optional<String> saveAs,
            @Option(names = "--json", description = "print JSON") boolean asJson,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        DataFolder folder = where.in(shell);
        Account account = Account.of(shell, folder);
        ObjectNode body = Json.object();
        Optional.ofNullable(scopes).ifPresent(all -> all.forEach(body.withArray("scopes")::add));
        Optional.ofNullable(tasks).ifPresent(all -> all.forEach(body.withArray("tasks")::add));
        expires.ifPresent(text -> body.put("expires", end(text, Instant.now()).toString()));
        Api.Change change = account.api().change("POST", path(account), body);
        JsonNode key = change.answer();
        if (saveAs.isPresent()) {
            Profile profile = NewAccount.profile(saveAs.get(), key, account.regions().getFirst());
            new CredentialsFile(folder.credentials()).put(profile);
            shell.print("%s is in %s".formatted(key.path("id").asText(), folder.credentials()));
        } else {
            shell.print(asJson ? Json.pretty(key) : key.path("token").asText());
        }
        return patience.await(shell, account.api(), change);
    }

    /** A time, or how long from now. */
    static Instant end(String text, Instant now) {
        try {
            return text.contains("T") ? Instant.parse(text) : now.plus(Durations.parse(text));
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            throw CliException.usage(
                    "--expires must be as 30d or 2027-01-31T12:00:00Z: '%s'".formatted(text));
        }
    }

    @Command(
            name = "delete",
            mixinStandardHelpOptions = true,
            description = "Deletes a key: nothing is proved by it any more.")
    Integer delete(
            @Parameters(paramLabel = "KEY", description = "its id") String id,
            @Mixin WaitOption patience,
            @Mixin DataOption where) {
        if (!id.matches("RNL[A-Z2-7]{17}")) {
            throw CliException.usage("KEY must be RNL and 17 of A-Z and 2-7");
        }
        Account account = Account.of(shell, where.in(shell));
        Api.Change change = account.api().change("DELETE", path(account) + "/" + id, Json.object());
        int end = patience.await(shell, account.api(), change);
        shell.print("%s is deleted".formatted(id));
        return end;
    }
}
