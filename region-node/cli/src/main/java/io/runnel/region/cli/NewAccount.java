package io.runnel.region.cli;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.attestation.BearerToken;
import io.runnel.attestation.CredentialsFile;
import io.runnel.attestation.Profile;
import io.runnel.region.cli.supervisor.DataFolder;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code runnel accounts create}: an account, and its first key in the credentials file. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Makes an account and its first key, which is kept in the credentials file.",
            "RUNNEL_ACCOUNT=NAME makes later commands speak for it."
        })
final class NewAccount implements Callable<Integer> {
    private final Shell shell;

    @Parameters(paramLabel = "ACCOUNT", description = "its name")
    private String name = "";

    @Option(
            names = "--home",
            paramLabel = "REGION",
            description = "where its records are written; the registry region unless given")
    private Optional<String> home = Optional.empty();

    @Option(names = "--admin", description = "its keys may manage accounts and nodes")
    private boolean admin;

    @Option(names = "--json", description = "print JSON")
    private boolean json;

    @Mixin private WaitOption patience;

    @Mixin private DataOption data;

    NewAccount(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        DataFolder folder = data.in(shell);
        CredentialsFile credentials = new CredentialsFile(folder.credentials());
        if (credentials.profile(name).isPresent()) {
            throw CliException.failed(
                    "%s has a key for '%s' already".formatted(folder.credentials(), name));
        }
        Api api = Account.admin(shell, folder);
        var body = Json.object().put("name", name).put("admin", admin);
        home.ifPresent(region -> body.put("home", region));
        Api.Change made = api.change("POST", "/v1/accounts", body);
        JsonNode account = made.answer();
        Api.Change change =
                api.change("POST", "/v1/accounts/%s/keys".formatted(name), Json.object());
        credentials.put(profile(name, change.answer(), api.first()));
        // They may stand in the logs of two regions.
        int end = Math.max(patience.await(shell, api, made), patience.await(shell, api, change));
        if (json) {
            shell.print(Json.pretty(account));
        } else {
            shell.print(
                    "account %s made, at home in %s; its key is in %s"
                            .formatted(name, account.path("home").asText(), folder.credentials()));
        }
        return end;
    }

    /**
     * A key that a region has just made, as it is kept.
     *
     * @throws CliException if the region's answer holds none
     */
    static Profile profile(String name, JsonNode key, URI region) {
        String text = key.path("id").asText() + "." + key.path("secret").asText();
        BearerToken token =
                BearerToken.parse(text)
                        .orElseThrow(
                                () ->
                                        CliException.failed(
                                                "the region answered with no key of an account"));
        return new Profile(name, token, Optional.of(region));
    }
}
